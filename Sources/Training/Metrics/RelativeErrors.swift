import Foundation

/// The numbers of predictions and targets, of one shape, in Double.
private func pairs(
  _ metric: String, _ predictions: NDArray, _ targets: Targets
) -> Zip2Sequence<[Double], [Double]> {
  zip(predictions.doubles, numbers(metric, predictions, targets).doubles)
}

/// Mean absolute percentage error: the mean of |prediction − target| / |target|, as a share (0.1 is
/// 10 %), which is scikit-learn's. A target near 0 rules it: see `MeanAbsoluteScaledError`.
/// Predictions and targets of one shape.
public struct MeanAbsolutePercentageError: Metric {
  public var name: String
  public let direction = Direction.down
  public var sums = [0.0, 0.0]

  /// - Parameter name: the column's name in the history.
  public init(name: String = "mape") { self.name = name }

  public mutating func update(_ predictions: NDArray, _ targets: Targets) {
    for (prediction, target) in pairs(name, predictions, targets) {
      // scikit-learn's smallest divisor, so that a target of 0 gives a number.
      sums[0] += abs(prediction - target) / max(abs(target), Double.ulpOfOne)
      sums[1] += 1
    }
  }

  public var value: Double { sums[0] / sums[1] }
}

/// Symmetric mean absolute percentage error, as in the M4 competition: the mean of
/// 2·|prediction − target| / (|prediction| + |target|), a share from 0 to 2; 0 where both are 0.
/// Predictions and targets of one shape.
public struct SymmetricMeanAbsolutePercentageError: Metric {
  public var name: String
  public let direction = Direction.down
  public var sums = [0.0, 0.0]

  /// - Parameter name: the column's name in the history.
  public init(name: String = "smape") { self.name = name }

  public mutating func update(_ predictions: NDArray, _ targets: Targets) {
    for (prediction, target) in pairs(name, predictions, targets) {
      let distance = abs(prediction - target)
      sums[0] += distance == 0 ? 0 : 2 * distance / (abs(prediction) + abs(target))
      sums[1] += 1
    }
  }

  public var value: Double { sums[0] / sums[1] }
}

/// Mean absolute scaled error (Hyndman & Koehler 2006): the mean absolute error in units of what the
/// seasonal naive forecast errs on the training part. Below 1 is better than that forecast did there.
/// Predictions and targets of one shape, in the data's own units.
public struct MeanAbsoluteScaledError: Metric {
  public var name: String
  public let direction = Direction.down
  public var sums = [0.0, 0.0]
  /// The mean of |yₜ − yₜ₋ₘ| over the training part.
  public let scale: Double

  /// - Parameters:
  ///   - training: the training part, in order; missing numbers (NaN) are left out.
  ///   - season: after how many steps a value comes again; 1 compares with the step before.
  ///   - name: the column's name in the history.
  public init(training: [Double], season: Int = 1, name: String = "mase") {
    guard season > 0, training.count > season else {
      wrongUse("MeanAbsoluteScaledError: \(training.count) numbers and a season of \(season)")
    }
    let steps = zip(training.dropFirst(season), training).map { abs($0 - $1) }.filter { !$0.isNaN }
    scale = steps.reduce(0, +) / Double(steps.count)
    self.name = name
  }

  public mutating func update(_ predictions: NDArray, _ targets: Targets) {
    for (prediction, target) in pairs(name, predictions, targets) {
      sums[0] += abs(prediction - target)
      sums[1] += 1
    }
  }

  public var value: Double { sums[0] / sums[1] / scale }
}

/// The share of the targets' variance that predictions explain: R² = 1 − Σ(t − p)² / Σ(t − t̄)². 1 is
/// perfect, 0 as good as the mean, below 0 worse. Over all batches exactly. Predictions and targets
/// of one shape.
public struct R2Score: Metric {
  public var name: String
  public let direction = Direction.up
  /// Squared errors, how many, the targets' mean, and their squared distances from it.
  public var sums = [0.0, 0.0, 0.0, 0.0]

  /// - Parameter name: the column's name in the history.
  public init(name: String = "r2") { self.name = name }

  public mutating func update(_ predictions: NDArray, _ targets: Targets) {
    for (prediction, target) in pairs(name, predictions, targets) {
      sums[0] += (target - prediction) * (target - prediction)
      // Welford's running mean and squares, which do not cancel.
      sums[1] += 1
      let step = target - sums[2]
      sums[2] += step / sums[1]
      sums[3] += step * (target - sums[2])
    }
  }

  /// scikit-learn's answer for constant targets: 1 for perfect predictions, else 0.
  public var value: Double {
    if sums[1] == 0 { return .nan }
    if sums[3] == 0 { return sums[0] == 0 ? 1 : 0 }
    return 1 - sums[0] / sums[3]
  }
}
