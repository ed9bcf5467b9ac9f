/// The numbers that predictions are compared with, of the predictions' shape.
func numbers(_ metric: String, _ predictions: NDArray, _ targets: Targets) -> NDArray {
  guard case .values(let truth) = targets else {
    wrongUse("\(metric): wants numbers as targets, not class numbers")
  }
  guard predictions.shape == truth.shape else {
    wrongUse("\(metric): predictions \(predictions.shape) and targets \(truth.shape)")
  }
  return truth
}

/// The distances prediction − target, in Double.
private func distances(
  _ metric: String, _ predictions: NDArray, _ targets: Targets
) -> NDArray {
  predictions.asType(.float64) - numbers(metric, predictions, targets).asType(.float64)
}

/// Mean squared error: the mean of (prediction − target)², in squared units of the target.
/// Predictions and targets of one shape.
public struct MeanSquaredError: Metric {
  public var name: String
  public let direction = Direction.down
  public var sums = [0.0, 0.0]

  /// - Parameter name: the column's name in the history.
  public init(name: String = "mse") { self.name = name }

  public mutating func update(_ predictions: NDArray, _ targets: Targets) {
    let distance = distances(name, predictions, targets)
    sums[0] += (distance * distance).sum().item
    sums[1] += Double(distance.count)
  }

  public var value: Double { sums[0] / sums[1] }
}

/// Root mean squared error: the square root of the mean squared error, in units of the target.
/// Predictions and targets of one shape.
public struct RootMeanSquaredError: Metric {
  public var name: String { squared.name }
  public let direction = Direction.down
  public var sums: [Double] {
    get { squared.sums }
    set { squared.sums = newValue }
  }
  private var squared: MeanSquaredError

  /// - Parameter name: the column's name in the history.
  public init(name: String = "rmse") { squared = MeanSquaredError(name: name) }

  public mutating func update(_ predictions: NDArray, _ targets: Targets) {
    squared.update(predictions, targets)
  }

  public var value: Double { squared.value.squareRoot() }
}

/// Mean absolute error: the mean of |prediction − target|, in units of the target. Predictions and
/// targets of one shape.
public struct MeanAbsoluteError: Metric {
  public var name: String
  public let direction = Direction.down
  public var sums = [0.0, 0.0]

  /// - Parameter name: the column's name in the history.
  public init(name: String = "mae") { self.name = name }

  public mutating func update(_ predictions: NDArray, _ targets: Targets) {
    let distance = distances(name, predictions, targets)
    sums[0] += distance.abs().sum().item
    sums[1] += Double(distance.count)
  }

  public var value: Double { sums[0] / sums[1] }
}
