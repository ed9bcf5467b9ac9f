// The losses as objects with their options, under PyTorch's names. What they compute is said where
// the functions of the same names are.

/// The mean squared error as an object with its option (see `mseLoss`): what a `Trainer` takes.
public struct MSELoss: Sendable {
  /// How the numbers' losses become one.
  public var reduction: Reduction
  /// Averaged over all numbers if nothing is said.
  public init(reduction: Reduction = .mean) { self.reduction = reduction }
  /// Input and target of one shape; the loss `[]`, or of their shape without reduction.
  public func callAsFunction(_ input: Tensor, _ target: Tensor) -> Tensor {
    mseLoss(input, target, reduction: reduction)
  }
}

/// The mean absolute error as an object with its option (see `l1Loss`).
public struct L1Loss: Sendable {
  /// How the numbers' losses become one.
  public var reduction: Reduction
  /// Averaged over all numbers if nothing is said.
  public init(reduction: Reduction = .mean) { self.reduction = reduction }
  /// Input and target of one shape; the loss `[]`, or of their shape without reduction.
  public func callAsFunction(_ input: Tensor, _ target: Tensor) -> Tensor {
    l1Loss(input, target, reduction: reduction)
  }
}

/// A square near 0 and a straight line beyond `beta`, as an object with its options (see
/// `smoothL1Loss`).
public struct SmoothL1Loss: Sendable {
  /// β, the distance where the square becomes the line, in the target's units.
  public var beta: Double
  /// How the numbers' losses become one.
  public var reduction: Reduction
  /// With β = 1, averaged over all numbers, if nothing is said.
  public init(beta: Double = 1, reduction: Reduction = .mean) {
    (self.beta, self.reduction) = (beta, reduction)
  }

  /// Input and target of one shape; the loss `[]`, or of their shape without reduction.
  public func callAsFunction(_ input: Tensor, _ target: Tensor) -> Tensor {
    smoothL1Loss(input, target, beta: beta, reduction: reduction)
  }
}

/// The cross-entropy of yes-or-no targets and logits, as an object with its options (see
/// `binaryCrossEntropyWithLogits`).
public struct BCEWithLogitsLoss {
  /// What a yes counts for beside a no, of a shape that stretches to the input's; nil: the same.
  public var positiveWeight: Tensor?
  /// How the numbers' losses become one.
  public var reduction: Reduction
  /// Yes and no count alike, averaged over all numbers, if nothing is said.
  public init(positiveWeight: Tensor? = nil, reduction: Reduction = .mean) {
    (self.positiveWeight, self.reduction) = (positiveWeight, reduction)
  }

  /// Logits and targets (0 … 1) of one shape; the loss `[]`, or of their shape without reduction.
  public func callAsFunction(_ input: Tensor, _ target: Tensor) -> Tensor {
    binaryCrossEntropyWithLogits(
      input, target, positiveWeight: positiveWeight, reduction: reduction)
  }
}

/// −log p of the right class, from log-probabilities, as an object with its options (see
/// `nllLoss`).
public struct NLLLoss: Sendable {
  /// How much each class counts, `[classes]`; nil: all alike.
  public var weight: [Double]?
  /// Targets of this value count for nothing (padding).
  public var ignoreIndex: Int
  /// How the targets' losses become one.
  public var reduction: Reduction
  /// All classes count alike and the mean is taken if nothing is said; the options are `nllLoss`'s.
  public init(weight: [Double]? = nil, ignoreIndex: Int = -100, reduction: Reduction = .mean) {
    (self.weight, self.ignoreIndex, self.reduction) = (weight, ignoreIndex, reduction)
  }

  /// Log-probabilities `[batch, classes, …]` and class numbers `[batch, …]`; the loss `[]`, or of
  /// the target's shape without reduction.
  public func callAsFunction(_ input: Tensor, _ target: Indices) -> Tensor {
    nllLoss(input, target, weight: weight, ignoreIndex: ignoreIndex, reduction: reduction)
  }
}

/// The cross-entropy of logits and class numbers, as an object with its options (see
/// `crossEntropy`): the loss of a classifier.
public struct CrossEntropyLoss: Sendable {
  /// How much each class counts, `[classes]`; nil: all alike.
  public var weight: [Double]?
  /// Targets of this value count for nothing (padding).
  public var ignoreIndex: Int
  /// The share of each target that is spread evenly over all classes, 0 … 1.
  public var labelSmoothing: Double
  /// How the targets' losses become one.
  public var reduction: Reduction
  /// All classes count alike, no smoothing and the mean if nothing is said; the options are
  /// `crossEntropy`'s.
  public init(
    weight: [Double]? = nil, ignoreIndex: Int = -100, labelSmoothing: Double = 0,
    reduction: Reduction = .mean
  ) {
    (self.weight, self.ignoreIndex) = (weight, ignoreIndex)
    (self.labelSmoothing, self.reduction) = (labelSmoothing, reduction)
  }

  /// Logits `[batch, classes, …]` and class numbers `[batch, …]`; the loss `[]`, or of the target's
  /// shape without reduction.
  public func callAsFunction(_ input: Tensor, _ target: Indices) -> Tensor {
    crossEntropy(
      input, target, weight: weight, ignoreIndex: ignoreIndex, labelSmoothing: labelSmoothing,
      reduction: reduction)
  }
}
