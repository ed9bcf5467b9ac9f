import Applications
import Foundation
import Testing
import Unroll

// Chapter 6, captions: scenes, the nearest picture, the network, and the part run as a reader does.

@Suite struct CaptionsTests {
  @Test func everyCaptionOnce() {
    // 18 shapes. Of one size 9 · 9 pairs in 2 relations, twice; large and small in 4.
    #expect(DrawnShape.all.count == 18 && Scene.all.count == 2 * 81 * 2 + 81 * 4)
    #expect(Set(Scene.all.map(\.caption)).count == 648)
    #expect(Scene.all.contains { $0.caption == "a large white square below a small black circle" })
    #expect(!Scene.all.contains { $0.caption.hasPrefix("a small gray circle above a large") })
    let known = Set(Captioner.words.tokens)
    #expect(Scene.all.allSatisfy { $0.words.allSatisfy(known.contains) })
  }

  @Test func unseenCaptionsAreNotLearned() {
    let split = SceneSplit(seed: 11)
    #expect(split.unseen.count == 129 && split.learned.count == 519)
    #expect(Set(split.unseen).isDisjoint(with: split.learned))
    let words = Set(split.learned.flatMap(\.words))
    #expect(words == Set(Scene.all.flatMap(\.words)), "every word is learned")
  }

  /// The middle of what is black against the middle of what is gray.
  @Test(arguments: 0..<4) func whatIsNamedFirstLiesWhereItIsSaidTo(relation: Int) {
    let square = DrawnShape(size: 1, shade: 2, form: 1),
      circle = DrawnShape(size: 0, shade: 1, form: 0)
    let scene = Scene(first: square, second: circle, relation: relation)
    #expect(Scene.all.contains(scene))
    for seed in 0..<20 {
      let picture = scene.picture(generator: Generator(seed: UInt64(seed)))
      #expect(picture.count == 28 * 28 && picture.allSatisfy { (0...1).contains($0) })
      func middle(_ range: ClosedRange<Double>) -> (x: Double, y: Double) {
        let pixels = picture.indices.filter { range.contains(picture[$0]) }
        let count = Double(pixels.count)
        return (
          pixels.reduce(0) { $0 + Double($1 % 28) } / count,
          pixels.reduce(0) { $0 + Double($1 / 28) } / count
        )
      }
      let black = middle(0.7...1), gray = middle(0.35...0.55)
      let distances = [
        "above": gray.y - black.y, "below": black.y - gray.y,
        "left of": gray.x - black.x, "right of": black.x - gray.x,
      ]
      #expect(distances[Scene.relations[relation]]! > 4, "seed \(seed)")
    }
  }

  @Test func shadesAndSizes() throws {
    func ink(_ size: Int, _ shade: Int) throws -> Double {
      let shape = DrawnShape(size: size, shade: shade, form: 0)
      let scene = try #require(Scene.all.first { $0.first == shape && $0.second == shape })
      let means = (0..<10).map { seed in
        scene.picture(generator: Generator(seed: seed)).filter { $0 > 0.2 }.reduce(0, +)
      }
      return means.reduce(0, +) / 10
    }
    // Two black discs of radius 5.6 and 3.6: 2πr².
    #expect(try abs(ink(1, 2) / (2 * .pi * 5.6 * 5.6) - 1) < 0.1)
    #expect(try abs(ink(0, 2) / (2 * .pi * 3.6 * 3.6) - 1) < 0.15)
    #expect(try abs(ink(1, 1) / ink(1, 2) - 0.45) < 0.06)
    #expect(try ink(1, 0) < ink(1, 2) / 2)
  }

  @Test func theNearestPicture() {
    let known = DrawnScenes(200, of: SceneSplit(seed: 11).learned, generator: Generator(seed: 1))
    let nearest = NearestPicture(known)
    let places = [0, 50, 199]
    let paler = places.map { known.pictures[$0].map { $0 * 0.95 + 0.01 } }
    #expect(nearest.captions(paler) == places.map { known.scenes[$0].words })
  }

  @Test func networkShapesAndLearning() {
    Generator.default.seed(2)
    let model = Captioner(hiddenSize: 12)
    let few = Array(SceneSplit(seed: 11).learned.prefix(2))
    let drawn = DrawnScenes(6, of: few, generator: Generator(seed: 3))
    let captions = model.captions(drawn.pictures)
    #expect(captions.count == 6 && captions.allSatisfy { $0.count <= 11 })
    #expect(model.captions([drawn.pictures[4]]) == [captions[4]])
    let before = model.loss(drawn).item
    #expect(abs(before - Foundation.log(16)) < 0.5, "it begins by guessing among 16 words")
    train(model, on: few, steps: 60) { _, _ in }
    #expect(model.loss(drawn).item < before / 3)
  }

  @Test func quickPartTellsItsResults() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("unroll-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let options = ["--part", "captions", "--quick", "--quiet", "--output", folder.path]
    let (status, errors) = try run("applications", options)
    #expect(status == 0 && errors == "", "\(errors)")
    let pages = folder.appendingPathComponent("applications")
    let first = try results(in: pages)
    #expect(try #require(first["captions.exact"]) <= 1)
    #expect(try #require(first["captions.nearest.word_errors"]) > 0.1)
    let names = try FileManager.default.contentsOfDirectory(atPath: pages.path)
    #expect(names.contains { $0.contains("pictures-and-what") && $0.hasSuffix(".png") })
    #expect(names.contains("captions-quick.safetensors"))
    let again = try run("applications", options + ["--load", "--language", "zh"])
    #expect(again.status == 0 && again.errors == "", "\(again.errors)")
  }
}
