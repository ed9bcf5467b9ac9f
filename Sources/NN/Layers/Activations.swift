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
    return input.reshaped(kept + [input.shape.dropFirst(startAxis).reduce(1, *)])
  }
}
