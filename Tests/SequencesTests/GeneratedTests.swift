import Arrays
import Foundation
import Sequences
import Testing

struct GeneratedTests {
  @Test func `the same seed gives the same data, another seed others`() {
    func all(_ seed: UInt64) -> [Double] {
      let generator = Generator(seed: seed)
      return Generated.waves(hours: 50, generator: generator)["value"]
        + Generated.sines(count: 2, steps: 9, noise: 0.1, generator: generator).doubles
        + Generated.sensor(days: 2, generator: generator).reports["temperature"]
        + Generated.digits(count: 10, generator: generator).inputs.doubles
    }
    #expect(all(1) == all(1) && all(1) != all(2))
  }

  @Test func `waves are hourly and repeat by the day`() {
    let series = Generated.waves(hours: 720, noise: 0, drift: 0, generator: Generator(seed: 1))
    #expect(series.count == 720 && series.regularStep == 3600)
    let daily = Differencing(order: 0, season: 168).differences(of: series["value"])
    #expect(daily.allSatisfy { abs($0) < 1e-9 })
  }

  @Test func `the sensor is irregular, has outages, and is near the truth`() {
    let (reports, truth) = Generated.sensor(days: 14, generator: Generator(seed: 5))
    #expect(truth.count == 14 * 24 && reports.regularStep == nil)
    let gaps = zip(reports.times.dropFirst(), reports.times).map { $0 - $1 }
    #expect(gaps.min()! >= 10 && gaps.count { $0 > 3 * 3600 } >= 3)
    #expect(abs(Aggregation.median(gaps) - 20 * 60 * log(2)) < 200)
    let hourly = reports.resampled(every: .hours(1))
    #expect(hourly.missingCount > 10)
    let filled = hourly.filled(.linear)["temperature"]
    let errors = zip(filled, truth["temperature"]).map { abs($0 - $1) }.filter { !$0.isNaN }
    #expect(Aggregation.median(errors) < 0.7)
  }

  @Test func `sentences follow their grammar, and what does not is none`() {
    let sentences = Generated.sentences(2_000, generator: Generator(seed: 4))
    #expect(sentences.count == 2_000 && sentences.allSatisfy { Generated.isSentence($0) })
    #expect(sentences == Generated.sentences(2_000, generator: Generator(seed: 4)))
    #expect(sentences != Generated.sentences(2_000, generator: Generator(seed: 5)))
    let words = Generated.WordClass.allCases.flatMap(\.words)
    #expect(Set(words).count == words.count, "no word is of two kinds")
    #expect(Set(sentences.joined()) == Set(words), "every word is used")
    #expect(Generated.wordClass(of: "fox") == .animal && Generated.wordClass(of: "cow") == nil)
    // The first of a kind comes twice as often as the second.
    let nouns = sentences.joined()
    let (the, this) = (nouns.count { $0 == "the" }, nouns.count { $0 == "this" })
    #expect(abs(Double(the) / Double(this) - 2) < 0.2)
    for (text, isOne) in [
      ("the old sailor often walks to this harbor .", true),
      ("a sailor walks to the hill .", false),
      ("the sailor walks in the hill .", false), ("the sailor chases the dog .", false),
      ("the dog greets the cat .", false), ("the dog chases the old cat .", true),
      ("the dog eats the old bread .", false), ("every woman eats one sweet cake .", true),
      ("the dog sleeps near some house", false), ("the dog sleeps near some house . .", false),
      ("", false), (".", false),
    ] {
      #expect(Generated.isSentence(text.split(separator: " ").map(String.init)) == isOne, "\(text)")
    }
  }

  @Test func `digits are ten kinds of ink on paper, inside the image, each drawn anew`() {
    let digits = Generated.digits(count: 500, generator: Generator(seed: 2))
    #expect(digits.inputs.shape == [500, 28, 28])
    for digit in 0..<10 { #expect(digits.targets.values.count { $0 == digit } == 50) }
    let pixels = digits.inputs.doubles
    #expect(pixels.allSatisfy { (0...1).contains($0) })
    for image in 0..<500 {
      let own = pixels[image * 784..<(image + 1) * 784]
      // As much ink as a digit of MNIST has, more or less, with soft edges, and none at the border.
      #expect((25...230).contains(own.reduce(0, +)))
      #expect(own.contains { $0 > 0.85 } && own.contains { $0 > 0.05 && $0 < 0.8 })
      let first = own.startIndex
      for k in 0..<28 {
        #expect(own[first + k] == 0 && own[first + 27 * 28 + k] == 0)
        #expect(own[first + k * 28] == 0 && own[first + k * 28 + 27] == 0)
      }
    }
    var different: Set<[Double]> = []
    for image in 0..<500 { different.insert(Array(pixels[image * 784..<(image + 1) * 784])) }
    #expect(different.count == 500)
  }

  /// The nearest of 200 other drawings shows the same digit, most often.
  @Test func `digits can be told apart`() {
    let digits = Generated.digits(count: 300, generator: Generator(seed: 3))
    let images = digits.inputs.reshaped([300, 784])
    let known = images[0..<200], unknown = images[200..<300]
    let products = unknown.matmul(known.transposed)
    let squares = (known * known).sum(axis: 1)
    let distances = squares - products * 2
    var right = 0
    for row in 0..<100 {
      let own = distances[row].doubles
      let nearest = own.firstIndex(of: own.min()!)!
      if digits.targets.values[nearest] == digits.targets.values[200 + row] { right += 1 }
    }
    #expect(right >= 80, "\(right) of 100")
  }

  @Test func `the story is long enough and plain`() {
    let story = Generated.story
    #expect(story.count >= 15_000 && story.hasPrefix("The Ferry at Ashwater"))
    let characters = Set(story)
    #expect(characters.allSatisfy { $0.isASCII } && characters.count < 70)
    #expect(lettersOnly(story).count > 14_000)
  }
}
