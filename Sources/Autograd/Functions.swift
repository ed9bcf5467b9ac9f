import CKernels

// Functions of one number, element by element, each with its derivative above it.

extension Tensor {
  /// eˣ.   ∂/∂x = eˣ
  public func exp() -> Tensor {
    let y = value.exp()
    return Tensor("exp", of: self, value: y) { dy in dy * y }
  }

  /// log x.   ∂/∂x = 1/x
  public func log() -> Tensor {
    let x = value
    return Tensor("log", of: self, value: x.log()) { dy in dy / x }
  }

  /// log(1 + x), exact also where x is tiny.   ∂/∂x = 1/(1 + x)
  public func log1p() -> Tensor {
    let x = value
    return Tensor("log1p", of: self, value: x.log1p()) { dy in dy / (x + 1.0) }
  }

  /// eˣ − 1, exact also where x is tiny.   ∂/∂x = eˣ
  public func expm1() -> Tensor {
    let x = value
    return Tensor("expm1", of: self, value: x.expm1()) { dy in dy * x.exp() }
  }

  /// 1/x.   ∂/∂x = −1/x²
  public func reciprocal() -> Tensor {
    let y = value.reciprocal()
    return Tensor("reciprocal", of: self, value: y) { dy in -dy * y * y }
  }

  /// √x.   ∂/∂x = 1/(2√x)
  public func sqrt() -> Tensor {
    let y = value.sqrt()
    return Tensor("sqrt", of: self, value: y) { dy in dy / (y * 2.0) }
  }

  /// sin x.   ∂/∂x = cos x
  public func sin() -> Tensor {
    let x = value
    return Tensor("sin", of: self, value: x.sin()) { dy in dy * x.cos() }
  }

  /// cos x.   ∂/∂x = −sin x
  public func cos() -> Tensor {
    let x = value
    return Tensor("cos", of: self, value: x.cos()) { dy in -dy * x.sin() }
  }

  /// tanh x.   ∂/∂x = 1 − tanh²(x)
  public func tanh() -> Tensor {
    if let twin = sloped("tanh", CK_TANH) { return twin }
    let y = value.tanh()
    return Tensor("tanh", of: self, value: y) { dy in dy * (1 - y * y) }
  }

  /// σ(x) = 1/(1 + e⁻ˣ).   ∂/∂x = σ(x)·(1 − σ(x))
  public func sigmoid() -> Tensor {
    if let twin = sloped("sigmoid", CK_SIGMOID) { return twin }
    let y = value.sigmoid()
    return Tensor("sigmoid", of: self, value: y) { dy in dy * y * (1 - y) }
  }

  /// The twin of a function and its derivative, computed together: where the function is nearly 1, as
  /// tanh is at 9, the derivative could not be told from it.
  private func sloped(_ name: StaticString, _ op: ck_unary_op) -> Tensor? {
    guard requiresGrad, ck_is_recording(), !ck_is_plain() else { return nil }
    let (y, slopes) = value.withSlopes(op)
    return Tensor(name, of: self, value: y) { dy in dy * slopes }
  }

  /// max(x, 0).   ∂/∂x = 1 where x > 0, else 0
  public func relu() -> Tensor {
    let y = value.relu()
    return Tensor("relu", of: self, value: y) { dy in
      .elementwise(CK_RELU_GRAD, "relu", y, dy) { y, dy in y > 0 ? dy : 0 }
    }
  }

  /// log(1 + eˣ).   ∂/∂x = σ(x)
  public func softplus() -> Tensor {
    let x = value
    return Tensor("softplus", of: self, value: x.softplus()) { dy in dy * x.sigmoid() }
  }

  /// |x|.   ∂/∂x = sign x (0 at 0)
  public func abs() -> Tensor {
    let x = value
    return Tensor("abs", of: self, value: x.abs()) { dy in dy * x.sign() }
  }

  /// Numbers outside `lower … upper` moved to the nearer end.   ∂/∂x = 1 inside (ends included)
  public func clamped(_ lower: Double, _ upper: Double) -> Tensor {
    let x = value
    return Tensor("clamp", of: self, value: x.clamped(lower, upper)) { dy in
      dy * ((x .>= lower) * (x .<= upper))
    }
  }
}
