import Arrays
import Foundation
import Training

/// A score for each class as a sum over what comes in a text: naive Bayes, or a linear classifier
/// over weighted counts.
public struct BagModel: Codable, Sendable {
  /// How the scores are learned: by naive Bayes, from how often a class has each feature, or by
  /// support vectors, which keep the classes a margin apart.
  public enum Method: String, Codable, Sendable { case naiveBayes, supportVectors }

  /// How it was learned.
  public let method: Method
  /// What is counted in a text.
  public let features: BagFeatures
  /// The features that are known, by number.
  let keys: [UInt64]
  /// For support vectors: what each feature's count is multiplied by before the text's counts are
  /// brought to length 1.
  let scale: StoredArray?
  /// `[features, classes]`.
  let weight: StoredArray
  let bias: [Double]

  init(
    _ method: Method, _ bags: Bags, scale: [Float]?, weight: [Float], bias: [Double]
  ) {
    (self.method, features, keys, self.bias) = (method, bags.features, bags.keys, bias)
    self.scale = scale.map { StoredArray("scale", NDArray($0, shape: [$0.count])) }
    self.weight = StoredArray("weight", NDArray(weight, shape: [bags.keys.count, bias.count]))
  }

  func check(classes: Int) throws {
    guard !keys.isEmpty, Set(keys).count == keys.count, bias.count == classes,
      bias.allSatisfy(\.isFinite),
      weight.array.shape == [keys.count, classes], weight.array.dtype == .float32,
      weight.array.isAllFinite, (scale == nil) == (method == .naiveBayes),
      scale.map({
        $0.array.shape == [keys.count] && $0.array.dtype == .float32 && $0.array.isAllFinite
      }) ?? true
    else { throw SavedModelError(file: "", problem: "is damaged: weights that cannot be") }
  }
}

/// A bag model with its tables at hand.
package struct BagScorer: Sendable {
  private let features: BagFeatures
  private let numbers: [UInt64: Int]
  private let scale: [Float]?
  private let weight: [Float]
  private let bias: [Double]

  package init(_ model: BagModel) {
    features = model.features
    numbers = Dictionary(uniqueKeysWithValues: zip(model.keys, model.keys.indices))
    scale = model.scale?.array.floats
    weight = model.weight.array.floats
    bias = model.bias
  }

  package func scores(_ text: String) -> [Double] {
    scores(features.keys(of: text).compactMap { numbers[$0] })
  }

  /// For the numbers of a text's features.
  package func scores(_ bag: [Int]) -> [Double] {
    var sums = [Double](repeating: 0, count: bias.count), squares = 0.0
    for feature in bag {
      let value = Double(scale?[feature] ?? 1)
      squares += value * value
      for label in sums.indices {
        sums[label] += value * Double(weight[feature * sums.count + label])
      }
    }
    let length = scale == nil || squares == 0 ? 1 : squares.squareRoot()
    return zip(sums, bias).map { $0 / length + $1 }
  }
}

/// The features of some texts, numbered.
package struct Bags: Sendable {
  let features: BagFeatures
  let keys: [UInt64]
  /// How many of the texts have each feature.
  let frequencies: [Int]
  /// The feature numbers of each text; those of texts that were not counted may lack some.
  let bags: [[Int]]

  /// Numbers the features of the texts at `counted`, the commonest, at most `limit` of them.
  package init(_ texts: [[UInt64]], _ features: BagFeatures, counting counted: [Int], limit: Int) {
    var counts: [UInt64: Int] = [:]
    for place in counted {
      for key in Set(texts[place]) { counts[key, default: 0] += 1 }
    }
    let kept = counts.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
      .prefix(limit)
    self.features = features
    // Of texts without a feature, one that none has.
    keys = kept.isEmpty ? [0] : kept.map(\.key)
    frequencies = kept.isEmpty ? [0] : kept.map(\.value)
    let numbers = Dictionary(uniqueKeysWithValues: zip(keys, keys.indices))
    bags = texts.map { $0.compactMap { numbers[$0] } }
  }

  /// Naive Bayes on the texts at `places`.
  package func naiveBayes(_ labels: [Int], _ places: [Int], classes: Int, alpha: Double) -> BagModel
  {
    let bayes = MultinomialNaiveBayes(
      fitting: places.map { bags[$0] }, labels: places.map { labels[$0] }, classes: classes,
      features: keys.count, alpha: alpha)
    var weight = [Float](repeating: 0, count: keys.count * classes)
    for feature in keys.indices {
      // What all classes share says nothing, and costs digits.
      let mean =
        (0..<classes).reduce(0) { $0 + bayes.featureLogProbability[$1][feature] } / Double(classes)
      for label in 0..<classes {
        weight[feature * classes + label] = Float(
          bayes.featureLogProbability[label][feature] - mean)
      }
    }
    // A class that no text at these places has is unlikely, and not impossible.
    let bias = bayes.classLogPrior.map { max($0, -20) }
    return BagModel(.naiveBayes, self, scale: nil, weight: weight, bias: bias)
  }

  /// Support vectors on the texts at `places`, whose features weigh the more the rarer they are, as
  /// scikit-learn's `TfidfVectorizer` has it.
  package func supportVectors(
    _ labels: [Int], _ places: [Int], classes: Int, seed: UInt64, threads: Int
  ) -> BagModel {
    let scale = frequencies.map { Float(1 + log(Double(1 + places.count) / Double(1 + $0))) }
    let rows = places.map { place -> LinearSVM.Row in
      let bag = bags[place], values = bag.map { scale[$0] }
      let length = max(values.reduce(0) { $0 + $1 * $1 }.squareRoot(), .leastNormalMagnitude)
      return (bag, values.map { $0 / length })
    }
    let work = rows.reduce(1) { $0 + $1.places.count } * classes
    let epochs = min(max(1_000_000_000 / work, 3), 30)
    let truth = places.map { labels[$0] }
    let weights = concurrently(classes, threads: threads) { label, _ in
      LinearSVM.weights(
        rows, isMember: truth.map { $0 == label }, features: keys.count, epochs: epochs,
        seed: seed &+ UInt64(label))
    }
    var weight = [Float](repeating: 0, count: keys.count * classes)
    for (label, column) in weights.enumerated() {
      for feature in keys.indices { weight[feature * classes + label] = column[feature] }
    }
    return BagModel(
      .supportVectors, self, scale: scale, weight: weight, bias: weights.map { Double($0.last!) })
  }
}
