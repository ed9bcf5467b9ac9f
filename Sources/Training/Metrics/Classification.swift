import Foundation

/// The share of right predictions.
///
/// Predictions carry a number for each class on axis 1 (`[batch, classes, …]`, targets
/// `[batch, …]`), as `crossEntropy` takes them; or they have the targets' shape, and stand for class
/// 1 of two above the threshold: ½ for probabilities, 0 for logits.
public struct Accuracy: Metric {
  public var name: String
  /// Above it a prediction of the targets' shape stands for class 1; of no account for predictions
  /// with a number for each class.
  public let threshold: Double
  /// Targets of this value count for nothing (padding).
  public let ignoreIndex: Int
  public let direction = Direction.up
  public var sums = [0.0, 0.0]

  /// - Parameters:
  ///   - threshold: ½ for probabilities; 0 for logits.
  ///   - ignoreIndex: targets of this value count for nothing.
  ///   - name: the column's name in the history.
  public init(threshold: Double = 0.5, ignoreIndex: Int = -100, name: String = "accuracy") {
    self.threshold = threshold
    self.ignoreIndex = ignoreIndex
    self.name = name
  }

  public mutating func update(_ predictions: NDArray, _ targets: Targets) {
    let truth = classNumbers(name, targets)
    let classes = predictedClasses(name, predictions, truth.shape, threshold: threshold)
    for (label, actual) in zip(classes, truth.values) where actual != ignoreIndex {
      sums[0] += label == actual ? 1 : 0
      sums[1] += 1
    }
  }

  public var value: Double { sums[0] / sums[1] }
}

/// The harmonic mean of precision and recall, over batches exactly: counts are added up, not scores.
/// Shapes as for `Accuracy`.
public struct F1Score: Metric {
  /// How the classes' scores become one.
  public enum Average: String, Sendable {
    /// Of class 1, where there are two.
    case binary
    /// Over all predictions alike, which makes it the accuracy.
    case micro
    /// The plain mean over the classes that occur or are predicted.
    case macro
    /// The mean over classes, weighted by how often each occurs.
    case weighted
  }

  public var name: String
  /// How the classes' scores become one.
  public let average: Average
  /// Above it a prediction of the targets' shape stands for class 1 of two.
  public let threshold: Double
  /// Targets of this value count for nothing (padding).
  public let ignoreIndex: Int
  public let direction = Direction.up
  public var sums: [Double]
  private let classes: Int

  /// - Parameters:
  ///   - classes: how many there are; with `binary` 2, or the program stops.
  ///   - average: how the classes' scores become one.
  ///   - threshold: ½ for probabilities of class 1; 0 for logits.
  ///   - ignoreIndex: targets of this value count for nothing.
  ///   - name: the column's name in the history.
  public init(
    classes: Int = 2, average: Average = .macro, threshold: Double = 0.5, ignoreIndex: Int = -100,
    name: String = "f1"
  ) {
    guard classes > 0 else { wrongUse("F1Score: \(classes) classes") }
    if average == .binary && classes != 2 {
      wrongUse("F1Score: binary is for 2 classes; there are \(classes)")
    }
    self.classes = classes
    self.average = average
    self.threshold = threshold
    self.ignoreIndex = ignoreIndex
    self.name = name
    sums = [Double](repeating: 0, count: classes * classes)
  }

  public mutating func update(_ predictions: NDArray, _ targets: Targets) {
    let truth = classNumbers(name, targets)
    let predicted = predictedClasses(name, predictions, truth.shape, threshold: threshold)
    var matrix = ConfusionMatrix(classes: classes)
    for (label, actual) in zip(predicted, truth.values) where actual != ignoreIndex {
      matrix.add(label, actual: actual)
    }
    for (place, count) in matrix.counts.joined().enumerated() { sums[place] += Double(count) }
  }

  public var value: Double {
    guard accepts(sums) else { wrongUse("\(name): \(sums) are no counts of \(classes) classes") }
    var matrix = ConfusionMatrix(classes: classes)
    for (place, sum) in sums.enumerated() {
      matrix.add(place % classes, actual: place / classes, count: Int(sum))
    }
    return matrix.total == 0 ? .nan : matrix.f1(average)
  }

  /// Counts are whole, and their total is one that a Double tells from the next.
  public func accepts(_ sums: [Double]) -> Bool {
    sums.count == classes * classes && sums.reduce(0, +) < 0x1p53
      && sums.allSatisfy { $0 >= 0 && $0 == $0.rounded() }
  }
}

/// e to the mean cross-entropy: between how many equally likely symbols the model still wavers.
/// Predictions are logits `[batch, classes, …]`, targets `[batch, …]`.
public struct Perplexity: Metric {
  public var name: String
  /// Targets of this value count for nothing (padding).
  public let ignoreIndex: Int
  public let direction = Direction.down
  public var sums = [0.0, 0.0]

  /// - Parameters:
  ///   - ignoreIndex: targets of this value count for nothing.
  ///   - name: the column's name in the history.
  public init(ignoreIndex: Int = -100, name: String = "perplexity") {
    self.ignoreIndex = ignoreIndex
    self.name = name
  }

  public mutating func update(_ predictions: NDArray, _ targets: Targets) {
    let truth = classNumbers(name, targets)
    let losses = crossEntropy(
      Tensor(predictions), truth, ignoreIndex: ignoreIndex, reduction: .none)
    sums[0] += losses.value.asType(.float64).sum().item
    sums[1] += Double(truth.values.count { $0 != ignoreIndex })
  }

  public var value: Double { exp(sums[0] / sums[1]) }
}

/// The targets as class numbers; numbers serve if they are whole.
private func classNumbers(_ metric: String, _ targets: Targets) -> Indices {
  switch targets {
  case .classes(let indices): return indices
  case .values(let array):
    let classes = array.doubles.map { number -> Int in
      guard let label = Int(exactly: number) else {
        wrongUse("\(metric): the target \(number) is not a class number")
      }
      return label
    }
    return Indices(classes, shape: array.shape)
  }
}
