import Arrays

/// Texts, each with the class that it belongs to: what a classifier learns from, and is tested on.
///
///     let letters = try LabeledTexts(folder: URL(fileURLWithPath: "letters"))
///     let (training, heldOut) = letters.split(holdingOut: 0.2, seed: 1)
public struct LabeledTexts: Sendable, Equatable {
  /// As they were read.
  public let texts: [String]
  /// The number of each text's class.
  public let labels: [Int]
  /// The classes' names, by number.
  public let classes: [String]
  /// Where each text is from: a file, a line of it.
  public let sources: [String]
  /// What was passed over when they were read, in sentences.
  public let notes: [String]

  /// - Parameters:
  ///   - texts: as many as there are labels.
  ///   - labels: the number of each text's class; another count than the texts', or a number that
  ///     is no class, stops the program.
  ///   - classes: the classes' names, by number.
  ///   - sources: where each text is from; "text 1", … if left out.
  ///   - notes: what was passed over, in sentences.
  public init(
    _ texts: [String], labels: [Int], classes: [String], sources: [String]? = nil,
    notes: [String] = []
  ) {
    guard texts.count == labels.count, texts.count == sources?.count ?? texts.count else {
      wrongUse("LabeledTexts: \(texts.count) texts and \(labels.count) labels")
    }
    if let wrong = labels.first(where: { !classes.indices.contains($0) }) {
      wrongUse("LabeledTexts: label \(wrong) of \(classes.count) classes, from 0")
    }
    (self.texts, self.labels, self.classes, self.notes) = (texts, labels, classes, notes)
    self.sources = sources ?? texts.indices.map { "text \($0 + 1)" }
  }

  /// How many texts there are.
  public var count: Int { texts.count }

  /// How many texts each class has.
  public var counts: [Int] {
    var counts = [Int](repeating: 0, count: classes.count)
    for label in labels { counts[label] += 1 }
    return counts
  }

  /// Those at some places, in that order.
  public func subset(_ places: [Int]) -> LabeledTexts {
    LabeledTexts(
      places.map { texts[$0] }, labels: places.map { labels[$0] }, classes: classes,
      sources: places.map { sources[$0] }, notes: notes)
  }

  /// Two parts, of which the second has this share of every class, drawn by the seed. A class of one
  /// or two texts may have none to give.
  ///
  /// Texts that are the same word for word stay together: the second part has one of them, the first
  /// part all or none.
  public func split(
    holdingOut share: Double, seed: UInt64
  ) -> (training: LabeledTexts, heldOut: LabeledTexts) {
    var kept: [Int] = [], held: [Int] = []
    for texts in places(drawnBy: seed) {
      let count = Int((Double(texts.count) * share).rounded())
      held += texts.prefix(count).map { $0[0] }
      kept += texts.dropFirst(count).joined()
    }
    return (subset(kept.sorted()), subset(held.sorted()))
  }

  /// The places of each of `count` parts, in which the classes have equal shares as far as they can.
  /// Of texts that are the same word for word all are in one part.
  package func folds(_ count: Int, seed: UInt64) -> [[Int]] {
    var folds = Array(repeating: [Int](), count: count)
    for (place, copies) in places(drawnBy: seed).joined().enumerated() {
      folds[place % count] += copies
    }
    return folds.map { $0.sorted() }
  }

  /// The places of each class's texts in random order, those of one text together:
  /// `[class][text][copy]`.
  private func places(drawnBy seed: UInt64) -> [[[Int]]] {
    var generator = Generator(seed: seed)
    var places = classes.map { _ in [[Int]]() }
    var numbers = classes.map { _ in [String: Int]() }
    for (place, label) in labels.enumerated() {
      if let number = numbers[label][texts[place]] {
        places[label][number].append(place)
      } else {
        numbers[label][texts[place]] = places[label].count
        places[label].append([place])
      }
    }
    return places.map { $0.shuffled(using: &generator) }
  }

  /// Without those that `others` has too, the same text in a class of the same name.
  public func removing(_ others: LabeledTexts) -> LabeledTexts {
    let known = Dictionary(grouping: others.labels.indices) { others.classes[others.labels[$0]] }
      .mapValues { Set($0.map { others.texts[$0] }) }
    return subset(
      texts.indices.filter { known[classes[labels[$0]]]?.contains(texts[$0]) != true })
  }

  /// The same texts with their classes numbered as in `names`, which has them all.
  public func renumbered(_ names: [String]) throws -> LabeledTexts {
    let numbers = try classes.map { name in
      guard let number = names.firstIndex(of: name) else {
        throw TextError(
          file: name,
          problem: "is no class that was learned; those are "
            + names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", …" : ""))
      }
      return number
    }
    return LabeledTexts(
      texts, labels: labels.map { numbers[$0] }, classes: names, sources: sources, notes: notes)
  }
}
