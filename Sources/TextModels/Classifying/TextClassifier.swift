import Foundation
import NN
import Sequences
import Training

/// Learns to tell classes of texts apart, and which way of telling them does it best: recurrent
/// networks over characters or words, naive Bayes and support vectors over what is counted in them.
///
///     let model = try TextClassifier().fitted(to: letters)
///     model.predict(["Dear Sir,"])                  // the name of its class
///     model.predictProbabilities(["Dear Sir,"])     // one number for each class
///     model.evaluate(heldOut).accuracy
///
/// The texts are dealt into parts. Each in turn is left out, everything is learned from the others,
/// and the part left out tells how well (cross-validation); networks stop where they do best on such
/// parts. From this alone it is chosen whether networks read characters or words, what naive Bayes
/// adds to its counts, and how much each judge counts in the end; where one alone was clearly more
/// often right than all together, it judges alone. What is counted is then counted anew in all texts;
/// of networks those of all parts are kept, and their mean is taken.
///
/// Networks read the first 250 characters or 200 words of a text; counted are its first 20,000
/// characters.
public struct TextClassifier: Sendable {
  /// What networks may read.
  public var forms: [TextForm]
  /// Parts that the texts are dealt into; nil: 3, or 5 where there are fewer than 400 texts.
  public var folds: Int?
  /// How many of them are left out in turn; nil: all.
  public var validatedFolds: Int?
  /// Characters or words that a network reads in training, at most: what it may cost.
  public var budget: Int
  /// Numbers in a token's vector.
  public var embeddingSize = 32
  /// Numbers in the GRU's state, in each direction.
  public var hiddenSize = 64
  /// Where the parts and the networks' beginnings come from: the same seed, the same model.
  public var seed: UInt64
  /// How much may go on at once; it changes nothing else.
  public var threads = Threads.available

  /// - Parameters:
  ///   - forms: what networks may read; with several it is chosen.
  ///   - folds: parts that the texts are dealt into; nil: by how many texts there are.
  ///   - validatedFolds: how many of them are left out in turn; nil: all.
  ///   - budget: characters or words that a network reads in training, at most.
  ///   - seed: where the parts and the networks' beginnings come from.
  public init(
    forms: [TextForm] = TextForm.allCases, folds: Int? = nil, validatedFolds: Int? = nil,
    budget: Int = 3_000_000, seed: UInt64 = 1
  ) {
    (self.forms, self.folds, self.validatedFolds) = (forms, folds, validatedFolds)
    (self.budget, self.seed) = (budget, seed)
  }

  /// Chooses and learns.
  ///
  /// - Parameters:
  ///   - texts: of at least two classes.
  ///   - progress: what is being done, and how far it has come, from 0 to 1.
  /// - Throws: `TextClassifierError` for texts that nothing can be learned from.
  public func fitted(
    to texts: LabeledTexts, progress: (String, Double) -> Void = { _, _ in }
  ) throws -> TextClassifierModel {
    try check(texts)
    let parts = texts.folds(folds ?? (texts.count < 400 ? 5 : 3), seed: seed)
    // Where nearly all texts are copies, some parts have none.
    let folds = parts.filter { !$0.isEmpty }.prefix(validatedFolds ?? parts.count).map { part in
      let left = Set(part)
      return Fold(training: texts.labels.indices.filter { !left.contains($0) }, validation: part)
    }
    let validated = folds.flatMap(\.validation)
    let truth = validated.map { texts.labels[$0] }

    let reading = Reading(self, texts, folds)
    let (reader, readerScores) = reading.fitted { progress("networks", 0.8 * $0) }
    let counting = BagChoice(self, texts, folds)
    let features = BagFeatures.allCases.filter {
      // Single tokens are counted in the form that networks read.
      ($0 != .characters || reader.form == .characters) && ($0 != .words || reader.form == .words)
    }
    var judges = [TextJudge(.reader(reader), readerScores, truth)]
    var scores = [readerScores]
    for (place, some) in features.enumerated() {
      progress("counting", 0.8 + 0.2 * Double(place) / Double(features.count))
      for (bag, bagScores) in counting.fitted(some) {
        judges.append(TextJudge(.bag(bag), bagScores, truth))
        scores.append(bagScores)
      }
    }
    let pool = LogLinearPool(scores, truth: truth)
    var weights = pool.weights, shares = pool.shares
    let together = pooled(scores, weights)
    var right = rightCount(together, truth)
    if let best = judges.indices.max(by: { judges[$0].right < judges[$1].right }),
      isBetter(scores[best], than: together, truth)
    {
      right = judges[best].right
      weights = judges.indices.map { $0 == best ? pool.alone[best] : 0 }
      shares = judges.indices.map { $0 == best ? 1 : 0 }
    }
    for place in judges.indices {
      judges[place].weight = weights[place]
      judges[place].share = shares[place] / shares.reduce(0, +)
    }
    progress("done", 1)
    return TextClassifierModel(
      classes: texts.classes, counts: texts.counts, judges: judges, validated: truth.count,
      right: right)
  }

  private func check(_ texts: LabeledTexts) throws {
    if let empty = texts.counts.firstIndex(of: 0) {
      throw TextClassifierError.noText(ofClass: texts.classes[empty])
    }
    guard texts.classes.count > 1 else { throw TextClassifierError.oneClass(texts.classes) }
    guard texts.count >= Self.fewest else {
      throw TextClassifierError.tooFew(texts.count, needed: Self.fewest)
    }
    let wrong = (forms.isEmpty, folds ?? 2, validatedFolds ?? 1, budget)
    guard !wrong.0, wrong.1 > 1, wrong.2 > 0, wrong.3 > 0 else {
      wrongUse(
        "TextClassifier: forms \(forms), folds \(wrong.1), validatedFolds \(wrong.2), budget \(budget)"
      )
    }
  }

  /// How many texts it takes at the least.
  public static let fewest = 10
}

/// Texts to learn from, and those left out.
struct Fold: Sendable {
  let training: [Int], validation: [Int]
}

/// How often the largest number of a row is that of the right class.
func rightCount(_ scores: [[Double]], _ truth: [Int]) -> Int {
  zip(scores, truth).count { $0.largestPlace == $1 }
}

/// Whether one is right so much more often than the other that chance would bring it about in one of
/// six such trials at most: by more than the root of the number of texts that only one of them knows.
func isBetter(_ one: [[Double]], than other: [[Double]], _ truth: [Int]) -> Bool {
  var more = 0, differing = 0
  for (text, truth) in truth.enumerated() {
    let (knows, otherKnows) = (
      one[text].largestPlace == truth, other[text].largestPlace == truth
    )
    if knows != otherKnows { (more, differing) = (more + (knows ? 1 : -1), differing + 1) }
  }
  return more > 0 && more * more > differing
}

extension [Double] {
  /// The first of the largest numbers' places.
  var largestPlace: Int { indices.reduce(0) { self[$1] > self[$0] ? $1 : $0 } }
  /// The first of the least numbers' places.
  var leastPlace: Int { indices.reduce(0) { self[$1] < self[$0] ? $1 : $0 } }
}

/// Σ weight · score of `[judge][text][class]`.
func pooled(_ scores: [[[Double]]], _ weights: [Double]) -> [[Double]] {
  (scores.first ?? []).indices.map { text in
    scores[0][text].indices.map { label in
      zip(scores, weights).reduce(0) { $1.1 == 0 ? $0 : $0 + $1.1 * $1.0[text][label] }
    }
  }
}

/// Why nothing can be learned from some texts.
public enum TextClassifierError: Error, Equatable, CustomStringConvertible {
  /// All texts are of one class; its name, if there is one.
  case oneClass([String])
  /// A class without a text.
  case noText(ofClass: String)
  /// Fewer texts than are needed to learn from.
  case tooFew(Int, needed: Int)

  public var description: String {
    switch self {
    case .oneClass(let names):
      "one class only\(names.first.map { ", \($0)" } ?? ""): there is nothing to tell apart"
    case .noText(let name): "the class \(name) has no text"
    case .tooFew(let count, let needed):
      "\(count) texts are too few to learn from; \(needed) are the least"
    }
  }
}
