import ChapterTools
import Foundation
import Unroll

extension Applications {
  /// Pictures told in a sentence.
  func captions(_ page: Page) throws {
    page.prose(
      #"""
      ## Captions

      One to many: a picture goes in, once, and a sentence comes out, word by word. The pictures are
      drawn here: two shapes, each with a size, a shade and a form, and how they lie to each other.
      There are 648 captions. One in five, drawn at random, is kept back: the network meets every
      word in training, but never such a pair of shapes lying so. It takes about half a minute.
      """#)
    page.show("Scene", in: "Scenes.swift")
    let split = SceneSplit(seed: 11)
    let known = DrawnScenes(
      page.quick ? 100 : 400, of: split.learned, generator: Generator(seed: 12))
    let unseen = DrawnScenes(
      page.quick ? 100 : 1_000, of: split.unseen, generator: Generator(seed: 13))
    page.print(
      "\(Scene.all.count) captions: \(split.learned.count) to learn, \(split.unseen.count) kept back;",
      "\(unseen.scenes.count) pictures of the latter and \(known.scenes.count) new pictures of the",
      "former to be judged by")

    page.prose(
      #"""
      ### The rivals

      The caption of the most similar among 3,000 pictures to learn from, pixel by pixel; and always
      the same caption, the most frequent one among those 3,000. Of captions kept back neither can
      be right as a whole, so the table has the share of wrong words too, and pictures of known
      captions beside them.
      """#)
    page.show("NearestPicture", in: "CaptionScore.swift")
    let memory = DrawnScenes(3_000, of: split.learned, generator: Generator(seed: 14))
    let nearest = NearestPicture(memory)
    let counts = Dictionary(memory.scenes.map { ($0, 1) }, uniquingKeysWith: +)
    let frequent = counts.max { ($0.value, $1.key.caption) < ($1.value, $0.key.caption) }!.key.words
    typealias Scores = (known: CaptionScore, unseen: CaptionScore)
    @Sendable func scores(_ caption: ([[Double]]) -> [[String]]) -> Scores {
      (CaptionScore(caption(known.pictures), known), CaptionScore(caption(unseen.pictures), unseen))
    }
    let byNearest = scores(nearest.captions)
    let byFrequent = scores { $0.map { _ in frequent } }

    page.prose(
      #"""
      ### Encoder and decoder

      A picture is read as a sequence twice, by rows and by columns: which of two shapes lies above
      is plain to who reads rows, which lies to the left to who reads columns. Where along the way a
      shape stands makes little difference to a recurrent network; where across, it has to learn.
      The ends of both are one vector. That is no bottleneck as in the repeating of long numbers:
      seven choices are all a caption holds. In training the decoder is told the right words so far,
      but three in ten of them are hidden, so that it looks at the picture instead of completing
      pairs of shapes that it has met.
      """#)
    page.show("Captioner", in: "Captioner.swift")
    page.show("train", in: "Captioner.swift")
    let model = Captioner()
    page.print(model.parameterCount, "parameters")
    let steps = page.quick ? 60 : 3_200
    var runs: [(scores: Scores, state: StateDict)] = []
    try kept(page, "captions", model) {
      runs = try overSeeds(
        page, "captions", first: page.seed, count: page.quick ? 2 : 3
      ) { _, each in
        let model = Captioner()
        train(model, on: split.learned, steps: steps, each: each)
        return (scores(model.captions), model.stateDict())
      }
      try model.loadStateDict(runs[0].state)
    }
    let reached = runs.isEmpty ? [scores(model.captions)] : runs.map(\.scores)
    page.result("captions.exact", over: reached.map(\.unseen.exact))
    page.result("captions.known.exact", over: reached.map(\.known.exact))
    page.result("captions.nearest.known.exact", byNearest.known.exact)
    page.result("captions.nearest.word_errors", byNearest.unseen.wordErrors)
    page.result("captions.frequent.word_errors", byFrequent.unseen.wordErrors)
    page.result("captions.word_errors", over: reached.map(\.unseen.wordErrors))
    page.table(
      ["", "exact, captions kept back", "words wrong", "exact, captions learned", "words wrong"],
      [
        ("the most frequent caption", [byFrequent]), ("the most similar picture's", [byNearest]),
        ("network, mean of \(reached.count) seeds", reached),
      ].map { name, scores in
        [name]
          + [
            scores.map(\.unseen.exact), scores.map(\.unseen.wordErrors),
            scores.map(\.known.exact), scores.map(\.known.wordErrors),
          ].map { String(format: "%.4f", $0.mean) }
      }, alignments: [.left, .right, .right, .right, .right])

    try shown(page, model, unseen)
    try oddities(page, model)

    page.prose(
      #"""
      ### Exercises

      1. In `Captioner.loss` hide no word. What becomes of captions learned, and of those kept back?
      2. Give the `Captioner` the rows only. Which words does it get wrong then?
      3. Keep back all captions with two triangles instead of one caption in five. What does the
         network say of two triangles?
      4. Draw a third shape now and then and let the caption name it. How long must the vector be?
      """#)
  }

  /// A sheet of pictures with their captions, and the mistakes.
  private func shown(_ page: Page, _ model: Captioner, _ unseen: DrawnScenes) throws {
    page.prose(
      #"""
      ### What it says

      Pictures whose captions it never read.
      """#)
    let told = model.captions(unseen.pictures)
    var sheet = Figure("Pictures and what the network says of them")
    let first = Array(0..<9)
    sheet.pictures(
      first.map { unseen.pictures[$0] }, width: Scene.side,
      captions: first.map { k in
        (told[k] == unseen.scenes[k].words ? "" : "✗ ") + inTwoLines(told[k])
      }, columns: 3)
    try page.figure(
      sheet,
      alt: "Nine pictures of two shapes; the first is told as: "
        + told[0].joined(separator: " "))

    let wrong = told.indices.filter { told[$0] != unseen.scenes[$0].words }
    page.print("wrong: \(wrong.count) of \(told.count)")
    guard !wrong.isEmpty else { return }
    var mistakes: [String: Int] = [:]
    for k in wrong where told[k].count == unseen.scenes[k].words.count {
      for (said, right) in zip(told[k], unseen.scenes[k].words) where said != right {
        mistakes["\(said) for \(right)", default: 0] += 1
      }
    }
    let order = mistakes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    page.table(["said for right", "times"], order.prefix(6).map { [$0.key, $0.value] })
    var figure = Figure("What it says of these is wrong")
    let worst = Array(wrong.prefix(3))
    figure.pictures(
      worst.map { unseen.pictures[$0] }, width: Scene.side,
      captions: worst.map { inTwoLines(told[$0]) }, columns: 3)
    try page.figure(figure)
  }

  /// Pictures of which its sentences cannot be true.
  private func oddities(_ page: Page, _ model: Captioner) throws {
    page.prose(
      #"""
      ### What it can't say

      One shape, three shapes, one inside the other, one both above and beside: it has a sentence for
      each, of the only kind it knows. Nothing in the training says that a picture might have none.
      """#)
    let large = DrawnShape(size: 1, shade: 0, form: 1),
      small = DrawnShape(size: 0, shade: 2, form: 0)
    let gray = DrawnShape(size: 0, shade: 1, form: 2)
    let drawings: [(String, [(DrawnShape, Double, Double)])] = [
      ("one", [(small, 14, 14)]), ("three", [(small, 6, 6), (gray, 14, 21), (small, 22, 6)]),
      ("inside", [(large, 14, 14), (small, 14, 14)]),
      ("diagonal", [(large, 8, 8), (gray, 21, 21)]),
    ]
    let pictures = drawings.map { _, shapes in
      var picture = [Double](repeating: 0, count: Scene.side * Scene.side)
      for (shape, x, y) in shapes {
        shape.draw(into: &picture, x: x, y: y, radius: shape.radius)
      }
      return Scene.noisy(picture, Generator(seed: 15))
    }
    var figure = Figure("Pictures that are like none it learned from")
    figure.pictures(
      pictures, width: Scene.side, captions: model.captions(pictures).map(inTwoLines), columns: 2)
    try page.figure(figure)
  }
}

/// A caption in two lines, the second from its relation on.
private func inTwoLines(_ words: [String]) -> String {
  let cut = words.firstIndex { ["above", "below", "left", "right"].contains($0) } ?? words.count
  return words[..<cut].joined(separator: " ") + "\n" + words[cut...].joined(separator: " ")
}
