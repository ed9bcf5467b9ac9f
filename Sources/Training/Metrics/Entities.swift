/// A named part of a sequence of tags: `B-place I-place` is one entity of two tokens.
public struct Entity: Hashable, Sendable {
  /// What it is, as in `B-place`: `place`.
  public let label: String
  /// Its tokens.
  public let range: Range<Int>

  /// An entity of this label at these tokens, to compare with those found.
  public init(_ label: String, _ range: Range<Int>) { (self.label, self.range) = (label, range) }
}

/// The entities of tags in the scheme BIO: `B-x` begins one, `I-x` continues it, `O` is none. As the
/// CoNLL evaluation has it, an `I-x` after anything but `B-x` or `I-x` begins one too.
public func entities(in tags: [String]) -> [Entity] {
  var found: [Entity] = []
  var open: (label: Substring, start: Int)?
  for (place, tag) in (tags + ["O"]).enumerated() {
    let label = tag.hasPrefix("B-") || tag.hasPrefix("I-") ? tag.dropFirst(2) : nil
    if let current = open, label != current.label || tag.hasPrefix("B-") {
      found.append(Entity(String(current.label), current.start..<place))
      open = nil
    }
    if let label, open == nil { open = (label, place) }
  }
  return found
}

/// Precision, recall and F1 of what a label was given to.
public struct LabelScore: Equatable, Sendable {
  /// The label that the others are of.
  public let label: String
  /// Right of all given, right of all that should be, and their harmonic mean, each a share from 0
  /// to 1; 0 where there is nothing to divide by.
  public let precision, recall, f1: Double
  /// How many there should be.
  public let support: Int

  init(_ label: String, right: Int, predicted: Int, support: Int) {
    func share(_ part: Int, _ whole: Int) -> Double {
      whole == 0 ? 0 : Double(part) / Double(whole)
    }
    self.label = label
    precision = share(right, predicted)
    recall = share(right, support)
    f1 = share(2 * right, predicted + support)
    self.support = support
  }
}

/// Entities found against those that are there: one counts only if its label and both its ends are
/// right.
///
/// - Parameters: tags of each sentence in the scheme BIO.
/// - Returns: the scores over all entities (micro average) and by label, in alphabetical order.
public func entityScores(
  _ predictions: [[String]], _ references: [[String]]
) -> (all: LabelScore, byLabel: [LabelScore]) {
  guard predictions.map(\.count) == references.map(\.count) else {
    wrongUse("entityScores: predictions and references of other numbers of tags")
  }
  let found = predictions.map { Set(entities(in: $0)) }
  let real = references.map { Set(entities(in: $0)) }
  func score(_ name: String, where isMeant: (Entity) -> Bool) -> LabelScore {
    LabelScore(
      name,
      right: zip(found, real).reduce(0) { $0 + $1.0.intersection($1.1).count(where: isMeant) },
      predicted: found.reduce(0) { $0 + $1.count(where: isMeant) },
      support: real.reduce(0) { $0 + $1.count(where: isMeant) })
  }
  let labels = Set((found + real).joined().map(\.label)).sorted()
  return (score("all") { _ in true }, labels.map { label in score(label) { $0.label == label } })
}

extension ConfusionMatrix {
  /// Precision, recall, F1 and support of each class.
  public func scores(labels: [String]? = nil) -> [LabelScore] {
    counts.indices.map { label in
      LabelScore(
        labels?[label] ?? String(label), right: counts[label][label],
        predicted: counts.reduce(0) { $0 + $1[label] }, support: counts[label].reduce(0, +))
    }
  }

  /// The scores as a table, with accuracy, macro and weighted F1 below: scikit-learn's
  /// `classification_report`.
  public func report(labels: [String]? = nil) -> String {
    let scores = scores(labels: labels)
    func mean(_ value: (LabelScore) -> Double, _ weight: (LabelScore) -> Double) -> Double {
      scores.reduce(0) { $0 + value($1) * weight($1) } / scores.reduce(0) { $0 + weight($1) }
    }
    var rows = scores.map {
      [
        $0.label, $0.precision.thousandths, $0.recall.thousandths, $0.f1.thousandths,
        "\($0.support)",
      ]
    }
    rows.append(["accuracy", "", "", accuracy.thousandths, "\(total)"])
    for (name, weight) in [
      ("macro mean", { (_: LabelScore) in 1.0 }), ("weighted mean", { Double($0.support) }),
    ] {
      rows.append([
        name, mean(\.precision, weight).thousandths, mean(\.recall, weight).thousandths,
        mean(\.f1, weight).thousandths, "\(total)",
      ])
    }
    let cells = [["", "precision", "recall", "f1", "support"]] + rows
    let widths = (0..<5).map { column in cells.map { $0[column].count }.max() ?? 0 }
    return cells.map { row in
      zip(row, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }
        .joined(separator: "  ")
    }.joined(separator: "\n")
  }
}

extension Double {
  /// With three decimals.
  fileprivate var thousandths: String {
    if isNaN { return "–" }
    let digits = String(Int((self * 1000).rounded()))
    let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return padded.dropLast(3) + "." + padded.suffix(3)
  }
}
