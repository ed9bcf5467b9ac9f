import ChapterTools
import Unroll

/// Numbers to be read and written down again: the shortest task that needs all of what was read.
package enum Copying {
  package static func network(attends: Bool) -> Translator {
    Translator(sourceCount: 10, targetCount: 12, attends: attends)
  }

  /// Numbers of so many digits, and what is to be written: digit d is symbol d + 2.
  package static func numbers(
    _ count: Int, digits: Int, generator: Generator = .default
  ) -> (sequences: [[Int]], answers: [[Int]]) {
    let sequences = (0..<count).map { _ in
      (0..<digits).map { _ in Int(generator.uniform() * 10) }
    }
    return (sequences, sequences.map { $0.map { $0 + 2 } })
  }

  /// Learns from numbers of 1 … `longest` digits, all of a batch of one length.
  static func train(
    _ model: Translator, longest: Int, steps: Int, each: (_ done: Int, _ total: Int) -> Void
  ) {
    _ = trainTranslator(model, steps: steps, maxLR: 0.006, every: steps, each: each) {
      numbers(64, digits: 1 + Int(Generator.default.uniform() * Double(longest)))
    }
  }

  /// The share of numbers that are written down without a mistake.
  package static func exactShare(_ model: Translator, digits: Int, count: Int = 200) -> Double {
    let (sequences, answers) = numbers(count, digits: digits, generator: Generator(seed: 5))
    let found = model.answers(sequences, maxLength: digits + 1, batchSize: count)
    return Double(zip(found, answers).count { $0 == $1 }) / Double(count)
  }
}

/// One with attention and one without, to be trained alike.
final class CopyingPair: Module {
  let attending = Copying.network(attends: true)
  let alone = Copying.network(attends: false)

  var networks: [Translator] { [attending, alone] }

  /// `[network][length]`
  func exactShares(_ lengths: [Int]) -> [[Double]] {
    networks.map { network in lengths.map { Copying.exactShare(network, digits: $0) } }
  }
}

extension Applications {
  /// Where the single vector breaks.
  func singleVector(_ page: Page) throws {
    page.prose(
      #"""
      ### Without attention

      An encoder without attention hands over one vector, its last states, and the decoder has to
      find everything in there. (Early networks that translated worked so: Sutskever, Vinyals &
      Le 2014; Cho et al. 2014.) An ISO date has eight digits and always eight. To see how much a
      vector carries, the task is reduced to its bone: read a number, write the same number. Both
      networks learn for equally many steps from numbers of 1 to 16 digits, and are asked for
      numbers of up to 24.
      """#)
    page.show("numbers", in: "Copying.swift")
    let longest = 16
    let lengths = Array(stride(from: 2, through: 24, by: 2))
    let steps = page.quick ? 25 : 800
    let pair = CopyingPair()
    /// `[seed][network][length]`
    var shares: [[[Double]]] = []
    try kept(page, "copying", pair) {
      let runs = try overSeeds(
        page, "with attention and without", first: page.seed, count: page.quick ? 2 : 3
      ) { _, each in
        let pair = CopyingPair()
        for (place, network) in pair.networks.enumerated() {
          Copying.train(network, longest: longest, steps: steps) { done, total in
            each(place * total + done, 2 * total)
          }
        }
        return (shares: pair.exactShares(lengths), state: pair.stateDict())
      }
      shares = runs.map(\.shares)
      try pair.loadStateDict(runs[0].state)
    }
    if shares.isEmpty { shares = [pair.exactShares(lengths)] }
    func mean(_ network: Int, _ place: Int) -> Double {
      shares.reduce(0) { $0 + $1[network][place] } / Double(shares.count)
    }

    // The bands are the least and the most that a seed gave.
    var figure = Figure(
      "Numbers repeated without a mistake", x: Axis("digits", ticks: .every(2)),
      y: Axis("share of numbers", min: 0, max: 1.05))
    for (network, name) in ["with attention", "one vector"].enumerated() {
      let color: Color = network == 0 ? .blue : .vermilion
      let ends = lengths.indices.map { place in
        let values = shares.map { $0[network][place] }
        return (low: values.min() ?? .nan, high: values.max() ?? .nan)
      }
      figure.fillBetween(x: lengths, low: ends.map(\.low), high: ends.map(\.high), color: color)
      figure.line(
        x: lengths, y: lengths.indices.map { mean(network, $0) }, label: name, color: color,
        markers: true)
    }
    figure.line(
      x: [longest, longest], y: [0, 1.05], label: "longest learned from", color: .gray,
      style: .dashed, width: 2)
    try page.figure(
      figure, alt: "Share of numbers repeated exactly against their digits, for both networks")

    page.prose(
      #"""
      The longest numbers of which nineteen in twenty come out right, and the share of some lengths.
      What a single vector lacks is not room, it has 128 numbers: every digit has to be put in among
      all the others and taken out again, and the more digits, the longer it takes to learn that.
      With attention nothing needs to be put anywhere: the states lie where the digits were read,
      and the decoder has to learn to move its eye. Whether it moves on to where it never had to go,
      numbers longer than any learned from tell.
      """#)
    for (network, name) in ["attention", "vector"].enumerated() {
      let right = lengths.indices.prefix { mean(network, $0) >= 0.95 }
      page.result("translation.copy.\(name).digits", right.last.map { lengths[$0] } ?? 0)
      for digits in [8, longest, 24] {
        page.result(
          "translation.copy.\(name).exact\(digits)",
          over: shares.map { $0[network][lengths.firstIndex(of: digits)!] })
      }
    }
    page.print(
      String(
        format: "20 digits, more than any learned from: %.3f with attention, %.3f with one vector",
        mean(0, lengths.firstIndex(of: 20)!), mean(1, lengths.firstIndex(of: 20)!)))
    if mean(0, lengths.firstIndex(of: 20)!) < mean(0, lengths.firstIndex(of: longest)!) - 0.1 {
      page.print("Beyond the longest that it learned from attention loses its place, too.")
    }
  }
}
