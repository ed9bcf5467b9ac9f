import ChapterTools
import Foundation
import Unroll

extension Modules {
  /// What becomes of always taking the likeliest, beside drawing.
  func loops(_ page: Page, _ text: CharacterText, _ learned: LearnedText?, _ braked: CharacterModel)
    throws
  {
    page.prose(
      #"""
      ## Greedy goes in circles

      So far each text was told on with the likeliest character at every step, which is called
      *greedy decoding*. A network has a likeliest way to go on from anywhere, and once it comes back to
      where it was, it goes the same way again, for ever.

      The other way is *sampling*: draw the next character with the probabilities that the network
      gives. A *temperature* $\tau$ lies between: the scores are divided by it before the softmax,
      so that below 1 the likely becomes likelier, and toward 0 it is greedy decoding again.

      Measured on the network with brakes, trained with three seeds: from 24 places of the held-out
      text, 20 characters of it and 600 that the network writes. How many end in a circle, that is
      in a passage that comes three times in a row up to the end; what share of the runs of eight
      characters stood there before; and, since drawing has a price too, what share of the words are
      words of the text.
      """#)
    page.show("CharacterModel.written", in: "Loops.swift")
    let count = page.quick ? 150 : 600
    let places = (0..<24).map { $0 * (text.heldOut.count - 620) / 24 }
    let prefixes = places.map { Array(text.heldOut[$0..<$0 + 20]) }
    let known = Set(text.words(text.all))
    let samplers: [(name: String, temperature: Double)] = [
      ("greedy", 0), ("temperature 0.3", 0.3), ("temperature 0.6", 0.6), ("temperature 0.8", 0.8),
      ("temperature 1", 1), ("temperature 1.3", 1.3),
    ]
    @Sendable func measured(_ model: CharacterModel, _ temperature: Double, _ seed: UInt64)
      -> Repetitions
    {
      Repetitions(
        model.written(
          after: prefixes, count, Sampler(temperature: temperature), Generator(seed: seed))
      ) { text.words($0).map { known.contains($0) } }
    }
    let others = try overSeeds(
      page, "GRU with brakes", first: page.seed &+ 1, count: 2
    ) { seed, progress -> [Repetitions] in
      let epochs = page.quick ? 6 : 80
      let model = CharacterModel(.gru, classes: text.classes, hiddenSize: 128, dropout: 0.5)
      _ = trainWithBrakes(
        model, on: Array(text.ids.prefix(9_000)), validation: Array(text.ids.suffix(1_000)),
        epochs: epochs
      ) { progress($0, epochs) }
      return samplers.map { measured(model, $0.temperature, seed) }
    }
    let runs = [samplers.map { measured(braked, $0.temperature, page.seed) }] + others
    let truth = Repetitions(places.map { Array(text.heldOut[$0 + 20..<$0 + 20 + count]) }) {
      text.words($0).map { known.contains($0) }
    }
    func row(_ name: String, _ measures: [Repetitions]) -> [any CustomStringConvertible] {
      let lengths = measures.flatMap(\.lengths).sorted()
      func percent(_ share: KeyPath<Repetitions, Double>) -> String {
        String(format: "%.0f %%", 100 * measures.map { $0[keyPath: share] }.mean)
      }
      return [
        name, percent(\.circles), lengths.isEmpty ? "–" : "\(lengths[lengths.count / 2])",
        percent(\.repeated), percent(\.spelled),
      ]
    }
    var rows = samplers.indices.map { place in row(samplers[place].name, runs.map { $0[place] }) }
    var recited: Double?
    if let learned {
      let texts = learned.model.written(
        after: prefixes, count, Sampler(temperature: 0), Generator(seed: 1))
      recited = shareOfRuns(of: 8, in: texts, thatStandIn: text.ids)
      rows.append(
        row(
          "greedy, by heart (\(learned.model.network.title))",
          [Repetitions(texts) { text.words($0).map { known.contains($0) } }]))
    }
    rows.append(row("the text itself", [truth]))
    page.table(
      [
        "written", "end in a circle", "its length, median", "runs of 8 seen before",
        "words of the text",
      ],
      rows, alignments: [.left, .right, .right, .right, .right])
    let (greedy, drawn) = (runs.map { $0[0] }, runs.map { $0[4] })
    page.result("loops.greedy.circles", over: greedy.map(\.circles))
    page.result("loops.greedy.repeated", over: greedy.map(\.repeated))
    page.result("loops.sampling.circles", over: drawn.map(\.circles))
    page.result("loops.sampling.repeated", over: drawn.map(\.repeated))
    page.result("loops.text.repeated", truth.repeated)
    page.print(
      "greedy:", text.tokenizer.text(of: text.vocabulary.decode(runs[0][0].first.prefix(160))))
    page.print(
      "drawn: ", text.tokenizer.text(of: text.vocabulary.decode(runs[0][4].first.prefix(160))))

    var figure = Figure(
      "Cold repeats, hot misspells", x: "temperature (0: greedy)",
      y: Axis("share", min: 0, max: 1.05))
    let temperatures = samplers.map(\.temperature)
    func line(_ share: KeyPath<Repetitions, Double>) -> [Double] {
      samplers.indices.map { place in runs.map { $0[place][keyPath: share] }.mean }
    }
    let lines: [(String, KeyPath<Repetitions, Double>, Color)] = [
      ("runs of 8 seen before", \.repeated, .vermilion), ("words of the text", \.spelled, .blue),
    ]
    for (name, share, color) in lines {
      figure.line(
        x: temperatures, y: line(share), label: name, color: color, style: .solid, markers: true)
      figure.line(
        x: [0, temperatures.last!], y: [truth[keyPath: share], truth[keyPath: share]],
        label: share == \.repeated ? "the text itself (dashed)" : nil, color: color, style: .dashed,
        width: 2.5)
    }
    try page.figure(figure)
    page.claim(
      "Greedy decoding repeats itself far more than the text does, and far more than drawing.",
      holds: greedy.map(\.repeated).mean > 2 * truth.repeated
        && greedy.map(\.repeated).mean > 2 * drawn.map(\.repeated).mean, in: .everyRun)
    page.claim(
      "Of the greedy texts most end in a circle, of those drawn none.",
      holds: greedy.map(\.circles).mean > 0.5 && drawn.allSatisfy { $0.circles == 0 }, in: .fullRuns
    )
    if let recited {
      page.claim(
        String(
          format: "The network that knows its text by heart does not recite it from elsewhere: "
            + "%.0f %% of its runs of eight stand in the text that it has learned; of the runs of "
            + "the held-out text %.0f %% do.",
          100 * recited,
          100 * shareOfRuns(of: 8, in: [text.heldOut], thatStandIn: text.ids)),
        holds: recited < 0.5,
        otherwise: String(
          format: "The network that knows its text by heart goes on in it: %.0f %% of its runs of "
            + "eight stand in the text that it has learned.", 100 * recited))
    }
    page.claim(
      "The hotter, the fewer words are words.",
      holds: zip(line(\.spelled).dropFirst(2), line(\.spelled).dropFirst(3)).allSatisfy { $0 > $1 })
  }
}

/// The share of the runs of so many characters that another text has, too.
private func shareOfRuns(of length: Int, in texts: [[Int]], thatStandIn other: [Int]) -> Double {
  func runs(_ text: [Int]) -> [ArraySlice<Int>] {
    text.indices.dropLast(length - 1).map { text[$0..<$0 + length] }
  }
  let known = Set(runs(other)), all = texts.flatMap(runs)
  return Double(all.count { known.contains($0) }) / Double(all.count)
}

/// How much some written texts repeat themselves.
struct Repetitions: Sendable {
  /// The share that ends in a circle, and the circles' lengths.
  var circles: Double, lengths: [Int]
  /// The mean share of runs of eight that stood there before.
  var repeated: Double
  /// The share of words that are right.
  var spelled: Double
  var first: [Int]

  init(_ texts: [[Int]], areWords: ([Int]) -> [Bool]) {
    lengths = texts.compactMap { endingCycle(of: $0)?.length }
    circles = Double(lengths.count) / Double(texts.count)
    repeated = texts.map { repeatedShare(ofRuns: 8, in: $0) }.mean
    let words = texts.flatMap(areWords)
    spelled = Double(words.count { $0 }) / Double(max(1, words.count))
    first = texts[0]
  }
}

extension CharacterText {
  /// The words of a stretch, without those that its ends may have cut.
  func words(_ ids: [Int]) -> [String] {
    let parts = tokenizer.text(of: vocabulary.decode(ids)).split(separator: " ")
    return parts.dropFirst().dropLast().map(String.init)
  }
}

extension CharacterModel {
  /// What is written after beginnings of one length, all at once: `count` characters each.
  func written(
    after prefixes: [[Int]], _ count: Int, _ sampler: Sampler, _ generator: Generator
  ) -> [[Int]] {
    let batch = prefixes.count
    return inEvaluation {
      var texts = [[Int]](repeating: [], count: batch)
      // [time, batch]
      var input = Indices(
        prefixes[0].indices.flatMap { time in prefixes.map { $0[time] } },
        shape: [prefixes[0].count, batch])
      var state: [Tensor]?
      for _ in 0..<count {
        let (scores, next) = self(input, state)
        let last = scores.value[scores.shape[0] - batch..<scores.shape[0]]
        let drawn = sampler.next(last, generator: generator)
        for (row, character) in drawn.enumerated() { texts[row].append(character) }
        (input, state) = (Indices(drawn, shape: [1, batch]), next)
      }
      return texts
    }
  }
}
