import Applications
import Foundation
import Testing
import Unroll

@Suite struct SpeechTests {
  private let man = Voice(tract: 1, pitch: 110, speed: 1, breath: 0)

  private func power(_ samples: ArraySlice<Double>) -> Double {
    samples.reduce(0) { $0 + $1 * $1 } / Double(samples.count)
  }

  /// The share of a stretch's power between two frequencies.
  private func share(_ samples: [Double], _ low: Double, _ high: Double) -> Double {
    let powers = Spectrogram(sampleRate: 8_000, windowSize: 512, hop: 128).power(samples)
      .mean(axis: 0).doubles
    let all = powers.reduce(0, +)
    return powers.enumerated().reduce(0) { sum, one in
      let hertz = Double(one.offset) * 8_000 / 512
      return sum + (hertz >= low && hertz < high ? one.element : 0)
    } / all
  }

  @Test func anUtteranceHasItsDigitsInOrder() {
    let said = Synthesizer().speak([3, 1, 4], man, generator: Generator(seed: 1))
    #expect(said.digits == [3, 1, 4] && said.places.count == 3)
    var last = 0
    for place in said.places {
      #expect(place.lowerBound >= last && place.upperBound <= said.samples.count)
      #expect(power(said.samples[place]) > 1e-3)
      last = place.upperBound
    }
    #expect(abs(power(said.samples[...]).squareRoot() - 0.1) < 1e-9)
    let again = Synthesizer().speak([3, 1, 4], man, generator: Generator(seed: 1))
    #expect(again.samples == said.samples)
  }

  /// Source and filter: hiss lies high and voices low; the pitch is that of the voice.
  @Test func soundsAreWhatTheyAreCalled() {
    let six = Synthesizer().speak([6], man, generator: Generator(seed: 2))
    let place = six.places[0]
    let start = Array(six.samples[place.lowerBound + 80..<place.lowerBound + 640])
    #expect(share(start, 2_500, 4_000) > 0.8)
    let nine = Synthesizer().speak([9], man, generator: Generator(seed: 2))
    let middle = (nine.places[0].lowerBound + nine.places[0].upperBound) / 2
    let vowel = Array(nine.samples[middle - 600..<middle + 600])
    #expect(share(vowel, 0, 1_500) > 0.6)
    // The lag at which the vowel is most like itself is the period: 8000 / 110 ≈ 73 samples.
    let lags = 40...160
    let best = lags.max { a, b in
      func alike(_ lag: Int) -> Double {
        (0..<900).reduce(0) { $0 + vowel[$1] * vowel[$1 + lag] }
      }
      return alike(a) < alike(b)
    }!
    #expect((66...82).contains(best), "\(best)")
  }

  @Test func noiseIsAsLoudAsAsked() {
    let said = Synthesizer().speak([0, 7], man, generator: Generator(seed: 3))
    let loud = noisy(said.samples, decibels: 6, generator: Generator(seed: 4))
    let noise = zip(loud, said.samples).map(-)
    let decibels = 10 * log10(power(said.samples[...]) / power(noise[...]))
    #expect(abs(decibels - 6) < 0.3)
  }

  @Test func warping() {
    #expect(warpedDistance([[0], [1], [2]], [[0], [0], [1], [1], [2]]) == 0)
    // 0–0, 3–1, 3–5 cost 0, 2 and 2, over five steps in both.
    #expect(abs(warpedDistance([[0], [3]], [[0], [1], [5]]) - 3.0 / 5) < 1e-12)
  }

  @Test func whatIsLoud() {
    let quiet = [Double](repeating: 0, count: 1_600)
    let loud = (0..<2_400).map { sin(Double($0)) }
    let places = loudPlaces(quiet + loud + quiet + loud + quiet, pause: 4)
    #expect(places == [1_600..<4_000, 5_600..<8_000])
    #expect(loudPlaces(quiet + loud + quiet + loud + quiet, pause: 30).count == 1)
    #expect(loudPlaces([], pause: 4).isEmpty)
  }

  @Test func recognizerAndSets() {
    let set = SpeechSet(voices: 2, utterancesEach: 3, seed: 9)
    #expect(set.utterances.count == 6 && set.digits.allSatisfy { (2...5).contains($0.count) })
    #expect(
      SpeechSet(voices: 2, utterancesEach: 3, seed: 9).pictures[5].doubles
        == set.pictures[5].doubles)
    for picture in set.pictures { #expect(abs(picture.mean().item) < 1e-4) }
    let model = Recognizer()
    let (logP, lengths) = model(set.pictures)
    #expect(logP.shape == [lengths.max()!, 6, 11])
    #expect(lengths == set.pictures.map { $0.shape[0] / 2 })
    // Alone or among others, each is heard alike.
    let together = model.heard(in: set.pictures), alone = model.heard(in: [set.pictures[4]])[0]
    #expect(together[4].shape == [lengths[4], 11])
    for (a, b) in zip(together[4].doubles, alone.doubles) { #expect(abs(a - b) < 1e-4) }
  }

  /// The rival's own voices, in silence and told where: no mistake.
  @Test func templatesKnowTheirOwn() {
    let set = SpeechSet(voices: 2, utterancesEach: 8, seed: 3)
    let templates = Templates(from: set, voices: 2)
    let answers = set.utterances.indices.map {
      templates.digits(in: set.pictures[$0], at: set.utterances[$0].places)
    }
    #expect(errorRate(answers, set.digits) < 0.05)
  }
}
