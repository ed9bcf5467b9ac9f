/// How often each class was taken for each: row the true class, column the predicted one.
///
///     let matrix = ConfusionMatrix(classes: 3, predictions: logits, targets: labels)
///     matrix.counts[2][0]   // how often class 2 was taken for class 0
///     print(matrix)
public struct ConfusionMatrix: Equatable, Sendable {
  /// `[true class][predicted class]`.
  public private(set) var counts: [[Int]]

  /// All counts 0; fewer than 1 class stops the program.
  public init(classes: Int) {
    guard classes > 0 else { wrongUse("ConfusionMatrix: \(classes) classes") }
    counts = Array(repeating: Array(repeating: 0, count: classes), count: classes)
  }

  /// The counts of one set of predictions; shapes as in `update`.
  public init(
    classes: Int, predictions: NDArray, targets: Indices, ignoreIndex: Int = -100
  ) {
    self.init(classes: classes)
    update(predictions, targets, ignoreIndex: ignoreIndex)
  }

  /// Adds a batch.
  ///
  /// - Parameters:
  ///   - predictions: a number for each class (logits or probabilities), `[batch, classes, …]`; or,
  ///     of the targets' shape, the probability of class 1 of two, which is predicted above ½.
  ///   - targets: class numbers `[batch, …]`.
  ///   - ignoreIndex: targets of this value count for nothing (padding).
  public mutating func update(
    _ predictions: NDArray, _ targets: Indices, ignoreIndex: Int = -100
  ) {
    let classes = predictedClasses("ConfusionMatrix", predictions, targets.shape, threshold: 0.5)
    for (predicted, actual) in zip(classes, targets.values) where actual != ignoreIndex {
      add(predicted, actual: actual)
    }
  }

  /// Adds one prediction, or several alike.
  public mutating func add(_ predicted: Int, actual: Int, count: Int = 1) {
    guard counts.indices.contains(predicted), counts.indices.contains(actual) else {
      wrongUse(
        "ConfusionMatrix: class \(actual) predicted as \(predicted); there are \(counts.count) "
          + "classes, from 0")
    }
    counts[actual][predicted] += count
  }

  /// How many predictions there are.
  public var total: Int { counts.joined().reduce(0, +) }

  /// The share of predictions that are right.
  public var accuracy: Double {
    Double(counts.indices.reduce(0) { $0 + counts[$1][$1] }) / Double(total)
  }

  /// Of those predicted as the class, the share that belongs to it; 0 if none was.
  public func precision(of label: Int) -> Double {
    ratio(counts[label][label], counts.reduce(0) { $0 + $1[label] })
  }

  /// Of those that belong to the class, the share predicted as it; 0 if none does.
  public func recall(of label: Int) -> Double {
    ratio(counts[label][label], counts[label].reduce(0, +))
  }

  /// The harmonic mean of precision and recall, 2·TP / (2·TP + FP + FN); 0 if the class neither
  /// occurs nor is predicted.
  public func f1(of label: Int) -> Double {
    let predicted = counts.reduce(0) { $0 + $1[label] }
    return ratio(2 * counts[label][label], counts[label].reduce(0, +) + predicted)
  }

  /// The F1 scores of all classes as one number; as in scikit-learn, classes that neither occur nor
  /// are predicted are left out of the macro average.
  public func f1(_ average: F1Score.Average) -> Double {
    switch average {
    case .binary:
      guard counts.count == 2 else {
        wrongUse("F1Score: binary is for 2 classes; there are \(counts.count)")
      }
      return f1(of: 1)
    case .micro:
      // Each mistake is one false positive and one false negative, so all three coincide.
      return accuracy
    case .macro:
      let seen = counts.indices.filter { label in
        counts[label].contains { $0 > 0 } || counts.contains { $0[label] > 0 }
      }
      return seen.reduce(0) { $0 + f1(of: $1) } / Double(seen.count)
    case .weighted:
      let weighted = counts.indices.reduce(0) { $0 + Double(counts[$1].reduce(0, +)) * f1(of: $1) }
      return weighted / Double(total)
    }
  }

  private func ratio(_ part: Int, _ whole: Int) -> Double {
    whole == 0 ? 0 : Double(part) / Double(whole)
  }
}

extension ConfusionMatrix: CustomStringConvertible {
  public var description: String { table() }

  /// The counts as a table, true classes down and predicted ones across.
  public func table(labels: [String]? = nil) -> String {
    let labels = labels ?? counts.indices.map { String($0) }
    guard labels.count == counts.count else {
      wrongUse("ConfusionMatrix: \(labels.count) labels for \(counts.count) classes")
    }
    let rows = zip(labels, counts).map { [$0] + $1.map(String.init) }
    let cells = [["true \\ predicted"] + labels] + rows
    let widths = (0...counts.count).map { column in cells.map { $0[column].count }.max() ?? 0 }
    return cells.map { row in
      zip(row, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }
        .joined(separator: "  ")
    }.joined(separator: "\n")
  }
}

/// The class that each prediction stands for: the largest of the numbers along axis 1, or class 1 of
/// two where a single number is above the threshold.
func predictedClasses(
  _ metric: String, _ predictions: NDArray, _ targets: [Int], threshold: Double
) -> [Int] {
  if predictions.shape == targets {
    return predictions.doubles.map { $0 > threshold ? 1 : 0 }
  }
  let axis = targets.isEmpty ? 0 : 1
  var expected = predictions.shape
  if predictions.rank > axis { expected.remove(at: axis) }
  guard expected == targets, predictions.rank == targets.count + 1 else {
    wrongUse(
      "\(metric): predictions \(predictions.shape) and targets \(targets); classes are on axis 1")
  }
  return predictions.argmax(axis: axis).values
}
