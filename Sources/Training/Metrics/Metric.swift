@_exported import Autograd

/// What predictions are compared with: numbers, or the numbers of the right classes.
public enum Targets {
  /// Numbers to come near to, most often of the predictions' shape.
  case values(NDArray)
  /// Class numbers `[batch, …]`, for predictions `[batch, classes, …]`.
  case classes(Indices)

  /// The size of each axis.
  public var shape: [Int] {
    switch self {
    case .values(let array): array.shape
    case .classes(let indices): indices.shape
    }
  }
}

/// A figure of merit, gathered batch by batch: what `update` adds up, `value` divides once, so that
/// batches of unequal size count by their samples.
///
///     var rmse = RootMeanSquaredError()
///     rmse.update(forecast, .values(truth))
///     rmse.value
public protocol Metric: Sendable {
  /// The column's name in the history; validation puts `val_` before it.
  var name: String { get }
  /// Whether more or less is better.
  var direction: Direction { get }
  /// What has been added up so far; zeros at the start. A checkpoint keeps it.
  var sums: [Double] { get set }
  /// Whether these, which come from a file, can be this metric's sums.
  func accepts(_ sums: [Double]) -> Bool
  /// Adds a batch: predictions and targets as the metric's own documentation gives their shapes.
  mutating func update(_ predictions: NDArray, _ targets: Targets)
  /// The figure over all batches since the last `reset()`; NaN before the first.
  var value: Double { get }
}

/// Whether a figure gets better by falling or by rising; the raw values are Keras' `mode`s.
public enum Direction: String, Codable, Sendable {
  /// Less is better: losses and errors.
  case down = "min"
  /// More is better: accuracies and scores.
  case up = "max"
}

extension Metric {
  public func accepts(_ sums: [Double]) -> Bool { sums.count == self.sums.count }

  /// Starts again from nothing.
  public mutating func reset() { sums = [Double](repeating: 0, count: sums.count) }

  /// The metric of one set of predictions, apart from any batches gathered so far.
  public func callAsFunction(_ predictions: NDArray, _ targets: Targets) -> Double {
    var fresh = self
    fresh.reset()
    fresh.update(predictions, targets)
    return fresh.value
  }

  /// The metric of one set of predictions against numbers, apart from any batches gathered so far.
  public func callAsFunction(_ predictions: NDArray, _ targets: NDArray) -> Double {
    self(predictions, .values(targets))
  }

  /// The metric of one set of predictions against class numbers, apart from any batches gathered so
  /// far.
  public func callAsFunction(_ predictions: NDArray, _ targets: Indices) -> Double {
    self(predictions, .classes(targets))
  }

  /// The metric of plain numbers, in Double.
  public func callAsFunction(_ predictions: [Double], _ targets: [Double]) -> Double {
    self(NDArray(predictions, dtype: .float64), .values(NDArray(targets, dtype: .float64)))
  }
}
