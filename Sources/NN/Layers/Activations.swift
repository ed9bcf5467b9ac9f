// Functions as modules, to stand in a `Sequential`.

/// (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ), from −1 to 1 (see `Tensor.tanh`).
public final class Tanh: Module, UnaryLayer {
  public func forward(_ input: Tensor) -> Tensor { input.tanh() }
}

/// 1/(1 + e⁻ˣ), from 0 to 1 (see `Tensor.sigmoid`).
public final class Sigmoid: Module, UnaryLayer {
  public func forward(_ input: Tensor) -> Tensor { input.sigmoid() }
}

/// max(x, 0) (see `Tensor.relu`).
public final class ReLU: Module, UnaryLayer {
  public func forward(_ input: Tensor) -> Tensor { input.relu() }
}

/// log(1 + eˣ), a smooth `ReLU` (see `Tensor.softplus`).
public final class Softplus: Module, UnaryLayer {
  public func forward(_ input: Tensor) -> Tensor { input.softplus() }
}

/// eˣ/Σ eˣ along an axis: numbers from 0 to 1 that sum to 1 (see `Tensor.softmax`).
/// `CrossEntropyLoss` takes the logits before it.
public final class Softmax: Module, UnaryLayer {
  /// Along which the numbers sum to 1; negative counts from the end.
  public let axis: Int
  /// Along the last axis if none is named; PyTorch's `dim`.
  public init(axis: Int = -1) { self.axis = axis }
  public func forward(_ input: Tensor) -> Tensor { input.softmax(axis: axis) }
}

/// log(eˣ/Σ eˣ) along an axis, without overflow: what `NLLLoss` takes (see `Tensor.logSoftmax`).
public final class LogSoftmax: Module, UnaryLayer {
  /// Along which the probabilities sum to 1; negative counts from the end.
  public let axis: Int
  /// Along the last axis if none is named; PyTorch's `dim`.
  public init(axis: Int = -1) { self.axis = axis }
  public func forward(_ input: Tensor) -> Tensor { input.logSoftmax(axis: axis) }
}

/// All axes from `startAxis` on made one.
public final class Flatten: Module, UnaryLayer {
  /// The first of the axes that are made one.
  public let startAxis: Int
  /// By default all axes but the batch, axis 0.
  public init(startAxis: Int = 1) { self.startAxis = startAxis }
  /// Input `[a, b, …]`, output with the axes before `startAxis` and one more. An axis that the
  /// input does not have stops the program.
  public func forward(_ input: Tensor) -> Tensor {
    guard (0..<input.rank).contains(startAxis) else {
      wrongUse("Flatten: startAxis \(startAxis) of \(input.shape)")
    }
    let kept = input.shape.prefix(startAxis)
    return input.reshaped(kept + [input.shape.dropFirst(startAxis).product])
  }
}

/// x·Φ(x) (see `Tensor.gelu`).
public final class GELU: Module, UnaryLayer {
  public func forward(_ input: Tensor) -> Tensor { input.gelu() }
}

/// x where x > 0, negativeSlope·x elsewhere, so that no unit is without a gradient (see
/// `Tensor.leakyReLU`).
public final class LeakyReLU: Module, UnaryLayer {
  /// The slope below 0.
  public let negativeSlope: Double
  /// PyTorch's slope, 0.01, if none is given.
  public init(negativeSlope: Double = 0.01) { self.negativeSlope = negativeSlope }
  public func forward(_ input: Tensor) -> Tensor { input.leakyReLU(negativeSlope: negativeSlope) }
}

/// x where x > 0, α(eˣ − 1) elsewhere (see `Tensor.elu`).
public final class ELU: Module, UnaryLayer {
  /// −α is what large negative inputs come near.
  public let alpha: Double
  /// With α = 1 the slope is continuous at 0.
  public init(alpha: Double = 1) { self.alpha = alpha }
  public func forward(_ input: Tensor) -> Tensor { input.elu(alpha: alpha) }
}

/// x·σ(x) (see `Tensor.silu`).
public final class SiLU: Module, UnaryLayer {
  public func forward(_ input: Tensor) -> Tensor { input.silu() }
}
