// Functions as modules, to stand in a `Sequential`.

public final class Tanh: Module, UnaryLayer {
  public func forward(_ input: Tensor) -> Tensor { input.tanh() }
}

public final class Sigmoid: Module, UnaryLayer {
  public func forward(_ input: Tensor) -> Tensor { input.sigmoid() }
}

public final class ReLU: Module, UnaryLayer {
  public func forward(_ input: Tensor) -> Tensor { input.relu() }
}

public final class Softplus: Module, UnaryLayer {
  public func forward(_ input: Tensor) -> Tensor { input.softplus() }
}

public final class Softmax: Module, UnaryLayer {
  public let axis: Int
  public init(axis: Int = -1) { self.axis = axis }
  public func forward(_ input: Tensor) -> Tensor { input.softmax(axis: axis) }
}

public final class LogSoftmax: Module, UnaryLayer {
  public let axis: Int
  public init(axis: Int = -1) { self.axis = axis }
  public func forward(_ input: Tensor) -> Tensor { input.logSoftmax(axis: axis) }
}

/// All axes from `startAxis` on made one.
public final class Flatten: Module, UnaryLayer {
  public let startAxis: Int
  public init(startAxis: Int = 1) { self.startAxis = startAxis }
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

public final class LeakyReLU: Module, UnaryLayer {
  public let negativeSlope: Double
  public init(negativeSlope: Double = 0.01) { self.negativeSlope = negativeSlope }
  public func forward(_ input: Tensor) -> Tensor { input.leakyReLU(negativeSlope: negativeSlope) }
}

public final class ELU: Module, UnaryLayer {
  public let alpha: Double
  public init(alpha: Double = 1) { self.alpha = alpha }
  public func forward(_ input: Tensor) -> Tensor { input.elu(alpha: alpha) }
}

/// x·σ(x) (see `Tensor.silu`).
public final class SiLU: Module, UnaryLayer {
  public func forward(_ input: Tensor) -> Tensor { input.silu() }
}
