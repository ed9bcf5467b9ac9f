// The losses as objects with their options, under PyTorch's names. What they compute is said where
// the functions of the same names are.

public struct MSELoss: Sendable {
  public var reduction: Reduction
  public init(reduction: Reduction = .mean) { self.reduction = reduction }
  public func callAsFunction(_ input: Tensor, _ target: Tensor) -> Tensor {
    mseLoss(input, target, reduction: reduction)
  }
}

public struct L1Loss: Sendable {
  public var reduction: Reduction
  public init(reduction: Reduction = .mean) { self.reduction = reduction }
  public func callAsFunction(_ input: Tensor, _ target: Tensor) -> Tensor {
    l1Loss(input, target, reduction: reduction)
  }
}

public struct SmoothL1Loss: Sendable {
  public var beta: Double
  public var reduction: Reduction
  public init(beta: Double = 1, reduction: Reduction = .mean) {
    (self.beta, self.reduction) = (beta, reduction)
  }
  public func callAsFunction(_ input: Tensor, _ target: Tensor) -> Tensor {
    smoothL1Loss(input, target, beta: beta, reduction: reduction)
  }
}

public struct BCEWithLogitsLoss {
  public var positiveWeight: Tensor?
  public var reduction: Reduction
  public init(positiveWeight: Tensor? = nil, reduction: Reduction = .mean) {
    (self.positiveWeight, self.reduction) = (positiveWeight, reduction)
  }
  public func callAsFunction(_ input: Tensor, _ target: Tensor) -> Tensor {
    binaryCrossEntropyWithLogits(
      input, target, positiveWeight: positiveWeight, reduction: reduction)
  }
}

public struct NLLLoss: Sendable {
  public var weight: [Double]?
  public var ignoreIndex: Int
  public var reduction: Reduction
  public init(weight: [Double]? = nil, ignoreIndex: Int = -100, reduction: Reduction = .mean) {
    (self.weight, self.ignoreIndex, self.reduction) = (weight, ignoreIndex, reduction)
  }
  public func callAsFunction(_ input: Tensor, _ target: Indices) -> Tensor {
    nllLoss(input, target, weight: weight, ignoreIndex: ignoreIndex, reduction: reduction)
  }
}

public struct CrossEntropyLoss: Sendable {
  public var weight: [Double]?
  public var ignoreIndex: Int
  public var labelSmoothing: Double
  public var reduction: Reduction
  public init(
    weight: [Double]? = nil, ignoreIndex: Int = -100, labelSmoothing: Double = 0,
    reduction: Reduction = .mean
  ) {
    (self.weight, self.ignoreIndex) = (weight, ignoreIndex)
    (self.labelSmoothing, self.reduction) = (labelSmoothing, reduction)
  }
  public func callAsFunction(_ input: Tensor, _ target: Indices) -> Tensor {
    crossEntropy(
      input, target, weight: weight, ignoreIndex: ignoreIndex, labelSmoothing: labelSmoothing,
      reduction: reduction)
  }
}
