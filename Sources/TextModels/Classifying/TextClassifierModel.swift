import Foundation
import Training

/// One way of telling classes apart, and how much it counts.
public struct TextJudge: Codable, Sendable {
  /// What judges.
  public enum Kind: Codable, Sendable {
    /// Recurrent networks.
    case reader(FittedReader)
    /// A sum over what comes in the text.
    case bag(BagModel)
  }

  /// What judges.
  public let kind: Kind
  /// Of how many of the texts left out it was right about the class.
  public let right: Int
  /// What its scores are multiplied by; 0: it is not asked.
  public internal(set) var weight = 0.0
  /// Its part in the judgment, of 1.
  public internal(set) var share = 0.0

  init(_ kind: Kind, _ scores: [[Double]], _ truth: [Int]) {
    self.kind = kind
    right = rightCount(scores, truth)
  }

  /// What it is called in tables, such as "naive Bayes over words and pairs".
  public var name: String {
    switch kind {
    case .reader(let reader): "recurrent networks over \(reader.form.rawValue)"
    case .bag(let bag):
      (bag.method == .naiveBayes ? "naive Bayes over " : "support vectors over ")
        + bag.features.words
    }
  }

  /// Whether recurrent networks judge.
  public var isNetwork: Bool { if case .reader = kind { true } else { false } }

  /// Whether naive Bayes judges.
  public var isNaiveBayes: Bool {
    if case .bag(let bag) = kind { bag.method == .naiveBayes } else { false }
  }
}

extension BagFeatures {
  /// As a table has it.
  var words: String {
    switch self {
    case .characters: "characters"
    case .words: "words"
    case .characterNGrams: "runs of characters"
    case .wordPairs: "words and pairs"
    }
  }
}

/// What `TextClassifier` learned; a file of its own with `write(to:)` and `init(contentsOf:)`.
public struct TextClassifierModel: SavedModel {
  public static let kind = "unroll.text-classifier", version = 1

  /// The classes' names; predictions have their order.
  public let classes: [String]
  /// How many texts of each it learned from.
  public let counts: [Int]
  /// The ways of telling classes apart that were tried, those of weight 0 among them.
  public let judges: [TextJudge]
  /// How many texts were left out in turn, and of how many what was chosen was right.
  public let validated: Int, right: Int

  /// The commonest class: what one says who does not read.
  public var majority: Int { counts.indices.reduce(0) { counts[$1] > counts[$0] ? $1 : $0 } }

  /// The probability of each class, for each text: `[text][class]`.
  public func predictProbabilities(_ texts: [String]) -> [[Double]] {
    TextPredictor(self).probabilities(texts)
  }

  /// The likeliest class of each text.
  public func predict(_ texts: [String]) -> [String] {
    predictProbabilities(texts).map { classes[$0.largestPlace] }
  }

  public func check() throws {
    func refuse() -> SavedModelError {
      SavedModelError(file: "", problem: "is damaged: numbers that cannot be")
    }
    guard classes.count > 1, counts.count == classes.count,
      counts.allSatisfy({ $0 > 0 && $0 < 1 << 40 }), !judges.isEmpty,
      validated > 0, (0...validated).contains(right),
      judges.contains(where: { $0.weight > 0 }),
      judges.allSatisfy({
        $0.weight >= 0 && $0.weight < 1e9 && (0...1).contains($0.share)
          && (0...validated).contains($0.right)
      })
    else { throw refuse() }
    for judge in judges {
      switch judge.kind {
      case .reader(let reader):
        guard reader.classes == classes.count else { throw refuse() }
        try reader.check()
      case .bag(let bag): try bag.check(classes: classes.count)
      }
    }
  }
}

/// A model ready to judge many texts, one after the other.
public final class TextPredictor {
  /// The model that judges.
  public let model: TextClassifierModel
  private let scorers: [([String]) -> [[Double]]]

  /// Gets networks and tables ready, which takes longer than judging a text.
  public init(_ model: TextClassifierModel) {
    self.model = model
    scorers = model.judges.map { judge in
      switch judge.kind {
      case .reader(let reader):
        // They are its own, or were checked when they were read.
        let readers = try! reader.readers()
        return { reader.scores($0, readers) }
      case .bag(let bag):
        let scorer = BagScorer(bag)
        return { $0.map(scorer.scores) }
      }
    }
  }

  /// The probability of each class: `[text][class]`.
  public func probabilities(_ texts: [String]) -> [[Double]] {
    if texts.isEmpty { return [] }
    let used = model.judges.indices.filter { model.judges[$0].weight > 0 }
    return pooled(used.map { scorers[$0](texts) }, used.map { model.judges[$0].weight })
      .map(softmax)
  }

  /// The class that each judge alone would say, used or not: `[judge][text]`.
  public func predictions(ofEach texts: [String]) -> [[Int]] {
    scorers.map { $0(texts).map(\.largestPlace) }
  }

  private func softmax(_ scores: [Double]) -> [Double] {
    let highest = scores.max() ?? 0
    let powers = scores.map { exp($0 - highest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
