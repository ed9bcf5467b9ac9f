import ChapterTools
import Foundation
import Unroll

extension Modules {
  /// Word vectors of a language whose kinds of words are known, by how much of it was read.
  func wordClasses(_ page: Page) throws {
    page.prose(
      #"""
      ## A text in which words have kinds

      So the library makes up a language of its own, in which can be counted what a model has found
      out. Its words are of kinds that are known: people, animals, food, places, verbs of going, of
      resting and so on. A sentence puts kinds in an order, and a word of each is drawn, some often,
      some seldom.
      """#)
    let words = Generated.WordClass.allCases.flatMap(\.words)
    let kinds = words.map { Generated.wordClass(of: $0)! }
    page.print("\(words.count) words of \(Generated.WordClass.allCases.count) kinds, such as")
    for sentence in Generated.sentences(4, generator: Generator(seed: page.seed)) {
      page.print("  " + sentence.joined(separator: " "))
    }

    page.prose(
      #"""
      Nobody tells the model the kinds. It gets the words as numbers and learns the next from the two
      before, the same network as above with 64 hidden units; only its vectors begin a hundred times
      smaller, so that where they end is what they learned and not where chance had put them. If a
      word's nearest neighbor by cosine is of its own kind, the vectors have found something out; how
      often that happens by chance, the sizes of the kinds say.

      A word has two vectors in such a network. The one in the embedding, on its way in, is learned
      from what *follows* the word; the row of the last layer that gives its score, on the way out,
      from what *precedes* it. Side by side, each made as long as 1, they know both.

      Two rivals only count. The first has for each word a row with how often each other word stood
      left of it, and right of it, as *pointwise mutual information*: the logarithm of how many times
      more often the two met than they would by chance, 0 where that is less (Church and Hanks 1990).
      The second keeps the ten directions in which these rows reach farthest (Levy and Goldberg 2014
      showed how near that is to what networks learn).

      And as sentences can be checked, the writing can be judged too: 200 sentences drawn word by word
      from the network, and from counts of three words with Witten–Bell smoothing. How many are
      sentences of the language, and not in the text that was read?
      """#)
    page.show("trainedOnWords", in: "WordClasses.swift")
    page.show("informationRows", in: "WordClasses.swift")
    let sizes = page.quick ? [20, 500] : [20, 100, 500, 2_500, 12_500]
    let steps = page.quick ? 400 : 1_500
    let runs = try overSeeds(page, "word vectors", first: page.seed) { seed, progress in
      var found = WordFindings()
      for (place, size) in sizes.enumerated() {
        found.add(sentences: size, steps: steps, words: words, kinds: kinds, seed: seed)
        progress(place + 1, sizes.count)
      }
      return found
    }
    func mean(_ measure: KeyPath<WordFindings, [Double]>) -> [Double] {
      sizes.indices.map { place in runs.map { $0[keyPath: measure][place] }.mean }
    }
    let (network, both) = (mean(\.network), mean(\.both))
    let (counted, reduced) = (mean(\.counted), mean(\.reduced))
    let untrained = runs.map(\.untrained).mean
    let chance =
      kinds.map { kind in Double(kinds.count { $0 == kind } - 1) / Double(words.count - 1) }.mean
    let (written, writtenByCounts) = (mean(\.written), mean(\.writtenByCounts))
    func percent(_ share: Double) -> String { String(format: "%.0f %%", 100 * share) }
    page.table(
      [
        "read", "network, in", "in and out", "information", "ten directions", "network writes",
        "counts write",
      ],
      sizes.indices.map { place in
        ["\(sizes[place])"]
          + [
            network[place], both[place], counted[place], reduced[place], written[place],
            writtenByCounts[place],
          ].map(percent)
      },
      caption:
        "Sentences read; neighbors of the same kind; sentences that are right and new. Means "
        + "of three seeds", alignments: [Alignment](repeating: .right, count: 7))
    page.print(
      "neighbors of the same kind, untrained:", percent(untrained), " chance:", percent(chance))
    page.result("words.network.same_kind", over: runs.map { $0.network.last! })
    page.result("words.network_both.same_kind", over: runs.map { $0.both.last! })
    page.result("words.information.same_kind", over: runs.map { $0.counted.last! })
    page.result("words.directions.same_kind", over: runs.map { $0.reduced.last! })
    page.result("words.untrained.same_kind", over: runs.map(\.untrained))
    page.result("words.chance.same_kind", chance)
    page.result("words.network.sentences_right", over: runs.map { $0.written.last! })
    page.result("words.counts.sentences_right", over: runs.map { $0.writtenByCounts.last! })

    var neighbors = Figure(
      "neighbors of the same kind", x: .log("sentences read"), y: Axis("share", min: 0, max: 1.05))
    neighbors.line(x: sizes, y: network, label: "network, in", markers: true)
    neighbors.line(x: sizes, y: both, label: "in and out", markers: true)
    neighbors.line(x: sizes, y: counted, label: "information", markers: true)
    neighbors.line(x: sizes, y: reduced, label: "ten directions", markers: true)
    neighbors.line(
      x: [sizes[0], sizes.last!], y: [chance, chance], label: "chance", color: .gray, style: .dotted
    )
    var writing = Figure(
      "sentences that are right and new", x: .log("sentences read"),
      y: Axis("share", min: 0, max: 1.05))
    writing.line(x: sizes, y: written, label: "network", markers: true)
    writing.line(x: sizes, y: writtenByCounts, label: "counts", color: .gray, markers: true)
    try page.figure(
      .grid(
        "What is found out, by how much is read", columns: 2, [neighbors, writing],
        size: .init(width: 1500, height: 800)))
    page.claim(
      "With the most text nearly every word's nearest neighbor is of its own kind.",
      holds: both.last! > 0.9 && untrained < 0.2, in: .fullRuns)
    page.claim(
      "With the least the vectors know little: it is the amount of text that shows them.",
      holds: network[0] < 0.3 && both[0] < 0.4, in: .everyRun)
    page.claim(
      "The vector on the way in alone knows less than both: what stands before a word says something else of it "
        + "than what stands behind, as of *to* and *in*, both of which a place follows.",
      holds: both.last! > network.last!, in: .fullRuns)
    let needed = zip(counted, both).filter { $0 < $1 - 0.02 }
    page.claim(
      "Counting needs no more text than the network to find the kinds: both its neighbors it has from "
        + "the first sentence on.", holds: needed.isEmpty,
      otherwise: "At some of these sizes the network finds more of the kinds than counting does.")
    page.claim(
      String(
        format: "With little text counting is ahead: %.0f %% against %.0f %% with %ld sentences.",
        counted[0] * 100, both[0] * 100, sizes[0]),
      holds: counted[0] > both[0] + 0.05,
      otherwise: "With the least text neither is ahead.")
    page.claim(
      "The counts write the better the more they have read; the network does not beyond "
        + "\(sizes[written.indices.max { written[$0] < written[$1] }!]) sentences.",
      holds: zip(writtenByCounts, writtenByCounts.dropFirst()).allSatisfy { $0 < $1 }
        && written.max()! > written.last!,
      otherwise:
        "Here the network, too, still gains from the last of the text, or the counts do not.")
    func fate(
      _ share: KeyPath<WrittenShares, Double>, _ writer: KeyPath<WordFindings, WrittenShares>
    ) -> Double {
      100 * runs.map { $0[keyPath: writer][keyPath: share] }.mean
    }
    page.claim(
      String(
        format: "Neither writer comes to 100 %%: with the most text %.0f %% of the network's "
          + "sentences are right but were read, %.0f %% are wrong; of the counts' %.0f %% and %.0f "
          + "%%.",
        fate(\.read, \.lastWritten), fate(\.wrong, \.lastWritten), fate(\.read, \.lastByCounts),
        fate(\.wrong, \.lastByCounts)),
      holds: max(written.max()!, writtenByCounts.max()!) < 1, in: .everyRun)
    let unseen = [\WordFindings.lastWritten, \.lastByCounts].map { writer in
      fate(\.wrongFarApart, writer) / max(1e-9, fate(\.wrong, writer))
    }
    page.claim(
      String(
        format: "In %.0f %% of the wrong ones of the network, and in %.0f %% of the counts', every "
          + "three words in a row stand in the text: what is wrong lies farther apart than two "
          + "words reach. That is the Markov assumption's price.",
        100 * unseen[0], 100 * unseen[1]),
      holds: unseen.min()! > 0.5,
      otherwise: String(
        format: "In %.0f %% of the wrong ones of the network, and in %.0f %% of the counts', every "
          + "three words in a row stand in the text, and what is wrong lies farther apart than two "
          + "words reach; in the others it lies nearer.",
        100 * unseen[0], 100 * unseen[1]))
    let ahead = sizes.indices.max {
      written[$0] - writtenByCounts[$0] < written[$1] - writtenByCounts[$1]
    }!
    page.claim(
      "The network is ahead of the counts by most with \(sizes[ahead]) sentences: a word that it has "
        + "seldom met it can use as it uses others of its kind, while counts know nothing of kinds.",
      holds: written[ahead] > writtenByCounts[ahead] + 0.05,
      otherwise: "At no size does the network write clearly better than the counts.")

    page.prose(
      #"""
      Such a price is paid behind "the old": a person stands there if a person was spoken to, an
      animal if one was hunted, and the verb that says which lies more than two words back. A state
      that reads from the beginning need not pay it. Where the words of eight kinds lie, before and
      after:
      """#)
    let shown: [Generated.WordClass] = [
      .person, .animal, .food, .place, .nature, .eating, .going, .position,
    ]
    let panels = [("untrained", runs[0].before), ("after \(sizes.last!) sentences", runs[0].after)]
      .map { title, map in
        var figure = Figure(title, x: "first principal component", y: "second")
        for kind in shown {
          let own = kinds.indices.filter { kinds[$0] == kind }
          figure.points(
            x: own.map { map.x[$0] }, y: own.map { map.y[$0] }, label: kind.rawValue, size: 2)
        }
        return figure
      }
    try page.figure(
      .grid(
        "Word vectors of eight kinds", columns: 2, panels, size: .init(width: 1500, height: 850)))
  }
}

/// What became of 200 written sentences, as shares of them: right and new; right, but read; wrong; and
/// wrong though every three words in a row were read.
struct WrittenShares: Sendable {
  var new = 0.0, read = 0.0, wrong = 0.0, wrongFarApart = 0.0
}

/// What one seed finds out, a number for each size of text.
struct WordFindings: Sendable {
  /// Shares of words whose nearest neighbor is of the same kind.
  var network: [Double] = [], both: [Double] = [], counted: [Double] = [], reduced: [Double] = []
  var untrained = 0.0
  /// Shares of written sentences that are right.
  var written: [Double] = [], writtenByCounts: [Double] = []
  /// What became of the sentences written after the last text.
  var lastWritten = WrittenShares(), lastByCounts = WrittenShares()
  /// The vectors in two dimensions, untrained and after the last text.
  var before: (x: [Double], y: [Double]) = ([], []), after: (x: [Double], y: [Double]) = ([], [])

  mutating func add(
    sentences count: Int, steps: Int, words: [String], kinds: [Generated.WordClass], seed: UInt64
  ) {
    let vocabulary = Vocabulary(tokens: words)
    let text = Generated.sentences(count, generator: Generator(seed: seed)).flatMap { $0 }
    let ids = vocabulary.encode(text)
    let generator = Generator(seed: seed &+ 1_000)
    Generator.default.seed(seed)
    let model = NGramModel(words: words.count, hiddenSize: 64)
    model.embedding.weight.value = model.embedding.weight.value * 0.01
    let start = model.embedding.weight.value
    trainedOnWords(model, ids, steps: steps)
    let end = model.embedding.weight.value
    untrained = sameKind(start, kinds)
    network.append(sameKind(end, kinds))
    both.append(
      sameKind(
        .concatenate([directions(of: end), directions(of: model.output.weight.value)], axis: 1),
        kinds))
    (before, after) = (principalComponents(start), principalComponents(end))
    let rows = informationRows(ids, words: words.count)
    counted.append(sameKind(rows, kinds))
    reduced.append(sameKind(leadingCoordinates(rows, count: 10), kinds))

    // The first word follows a period, as in the text.
    let first = [ids[ids.count - 2], ids[ids.count - 1]]
    let counts = NGramCounts(ids, order: 3, classes: words.count)
    let read = Set(ids.split(separator: ids.last!).map(Array.init))
    func triples(_ ids: [Int]) -> Set<Int> {
      Set(
        ids.indices.dropLast(2).map { place in
          ids[place...place + 2].reduce(0) { $0 * words.count + $1 }
        })
    }
    let known = triples(ids)
    func judged(_ next: ([Int]) -> [Double]) -> WrittenShares {
      var shares = WrittenShares()
      for _ in 0..<200 {
        var told = first
        repeat {
          told.append(drawn(next(told), generator))
        } while told.last != ids.last
          && told.count < 22
        let sentence = Array(told.dropFirst(2))
        if !Generated.isSentence(vocabulary.decode(sentence)) {
          shares.wrong += 1 / 200
          if triples(Array(told.dropFirst())).isSubset(of: known) {
            shares.wrongFarApart += 1 / 200
          }
        } else if read.contains(Array(sentence.dropLast())) {
          shares.read += 1 / 200
        } else {
          shares.new += 1 / 200
        }
      }
      return shares
    }
    lastWritten = noGrad {
      judged { told in
        model(Indices([Array(told.suffix(2))])).softmax(axis: 1).value.doubles
      }
    }
    lastByCounts = judged { counts.probabilities(after: $0) }
    written.append(lastWritten.new)
    writtenByCounts.append(lastByCounts.new)
  }

  private func drawn(_ probabilities: [Double], _ generator: Generator) -> Int {
    var left = generator.uniform()
    return probabilities.firstIndex {
      left -= $0; return left < 0
    } ?? probabilities.count - 1
  }
}

/// Learns the next of `ids` from the two before, 64 places of the text at a time, the same number of
/// steps whatever its length.
package func trainedOnWords(_ model: NGramModel, _ ids: [Int], steps: Int) {
  let optimizer = Adam(model.parameters(), learningRate: 0.005)
  for _ in 0..<steps {
    let places = (0..<64).map { _ in
      Int(Generator.default.uniform() * Double(ids.count - 2))
    }
    optimizer.zeroGrad()
    let scores = model(Indices(places.map { [ids[$0], ids[$0 + 1]] }))
    crossEntropy(scores, Indices(places.map { ids[$0 + 2] })).backward()
    optimizer.step()
  }
}

/// For each word the pointwise mutual information with its left and its right neighbors, where that
/// is above 0: `[words, 2 · words]`.
package func informationRows(_ ids: [Int], words: Int) -> NDArray {
  var met = [Double](repeating: 0, count: words * 2 * words)
  var often = [Double](repeating: 0, count: words)
  for id in ids { often[id] += 1 }
  for (left, right) in zip(ids, ids.dropFirst()) {
    met[right * 2 * words + left] += 1
    met[left * 2 * words + words + right] += 1
  }
  let total = Double(ids.count)
  let rows = met.enumerated().map { place, count in
    let (word, other) = (place / (2 * words), place % words)
    return count > 0 ? max(0, log(count * total / (often[word] * often[other]))) : 0
  }
  return NDArray(rows, shape: [words, 2 * words], dtype: .float64)
}

/// The share of rows whose nearest other row by cosine is of the same kind.
package func sameKind<Kind: Equatable>(_ vectors: NDArray, _ kinds: [Kind]) -> Double {
  let unit = directions(of: vectors.asType(.float64))
  let cosines = unit.matmul(unit.transposed)
  let isSame = kinds.indices.map { row in
    let near = cosines[row].doubles
    let nearest = kinds.indices.filter { $0 != row }.max { near[$0] < near[$1] }!
    return near[nearest] > 0 && kinds[nearest] == kinds[row]
  }
  return Double(isSame.count { $0 }) / Double(kinds.count)
}

/// The rows, each as long as 1. What was never met has no direction, and stays 0.
func directions(of rows: NDArray) -> NDArray {
  rows / ((rows * rows).sum(axis: 1, keepDims: true).sqrt() + 1e-12)
}
