import Foundation

/// Naive Bayes on counts (scikit-learn's `MultinomialNB`): the classic rival of a network that reads
/// words or characters. It knows how often each feature comes in each class, and nothing of order.
///
///     let words = sentences.map { vocabulary.encode(tokenizer.tokens(of: $0)) }
///     let bayes = MultinomialNaiveBayes(
///       fitting: words, labels: labels, classes: 2, features: vocabulary.count)
///     bayes.predict(words)        // the likeliest class of each sentence
///
/// What it counts is given in one of two forms: as *bags*, the numbers of the features that an
/// example has, each as often as it comes, or as an array of counts `[examples, features]`. Counts
/// need not be whole: shades of gray, or tf-idf weights, do as well.
public struct MultinomialNaiveBayes: Equatable, Sendable {
  /// How many classes and features there are.
  public let classes, features: Int
  /// What is added to every count, so that a feature that a class has never had is not impossible.
  public let alpha: Double
  /// log p(class), of each class; −∞ for one without an example.
  public private(set) var classLogPrior: [Double]
  /// log p(feature | class), `[class][feature]`.
  public private(set) var featureLogProbability: [[Double]]

  /// Counts the features of bags.
  ///
  /// - Parameters:
  ///   - bags: the feature numbers of each example, in any order, repeated as often as they come.
  ///   - labels: the class of each example.
  ///   - classes: how many classes there are.
  ///   - features: how many features there are.
  ///   - alpha: added to every count (1: Laplace; less: Lidstone).
  ///   - fitPrior: whether classes are as likely as they are frequent; else all alike.
  public init(
    fitting bags: [[Int]], labels: [Int], classes: Int, features: Int, alpha: Double = 1,
    fitPrior: Bool = true
  ) {
    Self.check(bags.count, labels, classes, features, alpha)
    var counts = Array(repeating: [Double](repeating: 0, count: features), count: classes)
    for (bag, label) in zip(bags, labels) {
      for feature in bag {
        guard (0..<features).contains(feature) else { Self.refuse(feature, features) }
        counts[label][feature] += 1
      }
    }
    self.init(counts, labels, features, alpha, fitPrior)
  }

  /// Adds up counts `[examples, features]`, which are not negative; labels `[examples]`.
  public init(
    fitting counts: NDArray, labels: Indices, classes: Int, alpha: Double = 1, fitPrior: Bool = true
  ) {
    guard counts.rank == 2, labels.shape == [counts.shape[0]] else {
      wrongUse(
        "MultinomialNaiveBayes: counts \(counts.shape), expected [examples, features]; labels "
          + "\(labels.shape), expected [examples]")
    }
    let features = counts.shape[1]
    Self.check(counts.shape[0], labels.values, classes, features, alpha)
    var sums = Array(repeating: [Double](repeating: 0, count: features), count: classes)
    let numbers = counts.doubles
    for (example, label) in labels.values.enumerated() {
      for feature in 0..<features {
        let count = numbers[example * features + feature]
        guard count >= 0, count < .infinity else {
          wrongUse(
            "MultinomialNaiveBayes: example \(example) has feature \(feature) \(count) times")
        }
        sums[label][feature] += count
      }
    }
    self.init(sums, labels.values, features, alpha, fitPrior)
  }

  private init(
    _ counts: [[Double]], _ labels: [Int], _ features: Int, _ alpha: Double, _ fitPrior: Bool
  ) {
    (classes, self.features, self.alpha) = (counts.count, features, alpha)
    featureLogProbability = counts.map { row in
      let total = row.reduce(0, +) + alpha * Double(features)
      return row.map { log(($0 + alpha) / total) }
    }
    var examples = [Double](repeating: 0, count: counts.count)
    for label in labels { examples[label] += 1 }
    classLogPrior = examples.map {
      fitPrior ? log($0 / Double(labels.count)) : -log(Double(counts.count))
    }
  }

  /// log p(class | bag): `[bags, classes]`, float64.
  public func logProbabilities(_ bags: [[Int]]) -> NDArray {
    var joint: [Double] = []
    joint.reserveCapacity(bags.count * classes)
    for bag in bags {
      if let wrong = bag.first(where: { !(0..<features).contains($0) }) {
        Self.refuse(wrong, features)
      }
      for label in 0..<classes {
        joint.append(bag.reduce(classLogPrior[label]) { $0 + featureLogProbability[label][$1] })
      }
    }
    return normalized(NDArray(joint, shape: [bags.count, classes], dtype: .float64))
  }

  /// log p(class | counts), for counts `[examples, features]`: `[examples, classes]`, float64.
  public func logProbabilities(_ counts: NDArray) -> NDArray {
    guard counts.rank == 2, counts.shape[1] == features else {
      wrongUse(
        "MultinomialNaiveBayes: counts \(counts.shape), expected [examples, \(features)]")
    }
    let weights = NDArray(
      featureLogProbability.flatMap { $0 }, shape: [classes, features], dtype: .float64)
    let prior = NDArray(classLogPrior, dtype: .float64)
    return normalized(counts.asType(.float64).matmul(weights.transposed) + prior)
  }

  /// The likeliest class of each bag.
  public func predict(_ bags: [[Int]]) -> Indices { logProbabilities(bags).argmax(axis: 1) }

  /// The likeliest class of each row of counts `[examples, features]`.
  public func predict(_ counts: NDArray) -> Indices { logProbabilities(counts).argmax(axis: 1) }

  /// Rows of log p(class, example) to log p(class | example).
  private func normalized(_ joint: NDArray) -> NDArray {
    if joint.count == 0 { return joint }
    let highest = joint.max(axis: 1, keepDims: true)
    return joint - highest - (joint - highest).exp().sum(axis: 1, keepDims: true).log()
  }

  private static func check(
    _ examples: Int, _ labels: [Int], _ classes: Int, _ features: Int, _ alpha: Double
  ) {
    guard classes > 0, features > 0, alpha > 0, alpha < .infinity else {
      wrongUse(
        "MultinomialNaiveBayes: \(classes) classes, \(features) features, alpha \(alpha), which "
          + "must be positive")
    }
    guard examples == labels.count, examples > 0 else {
      wrongUse("MultinomialNaiveBayes: \(examples) examples and \(labels.count) labels")
    }
    if let wrong = labels.first(where: { !(0..<classes).contains($0) }) {
      wrongUse("MultinomialNaiveBayes: label \(wrong) of \(classes) classes, from 0")
    }
  }

  private static func refuse(_ feature: Int, _ features: Int) -> Never {
    wrongUse("MultinomialNaiveBayes: feature \(feature) of \(features), from 0")
  }
}
