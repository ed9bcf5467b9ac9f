// Arithmetic of two tensors, stretched to one shape as NumPy does, and of a tensor and a number.

extension Tensor {
  /// a + b.   ∂/∂a = 1,  ∂/∂b = 1
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    Tensor("add", of: a, b, value: a.value + b.value) { dy in
      dy
    } _: { dy in
      dy
    }
  }

  /// a − b.   ∂/∂a = 1,  ∂/∂b = −1
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    Tensor("sub", of: a, b, value: a.value - b.value) { dy in
      dy
    } _: { dy in
      -dy
    }
  }

  /// a · b.   ∂/∂a = b,  ∂/∂b = a
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    let (x, y) = (a.value, b.value)
    return Tensor("mul", of: a, b, value: x * y) { dy in
      dy * y
    } _: { dy in
      dy * x
    }
  }

  /// a / b.   ∂/∂a = 1/b,  ∂/∂b = −a/b²
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    let y = b.value
    let quotient = a.value / y
    return Tensor("div", of: a, b, value: quotient) { dy in
      dy / y
    } _: { dy in
      // −dy · a/b², without the square, which may be too large or too small a number
      -dy * quotient / y
    }
  }

  /// −x.   ∂/∂x = −1
  public static prefix func - (x: Tensor) -> Tensor {
    Tensor("neg", of: x, value: -x.value) { dy in -dy }
  }

  /// x + number.   ∂/∂x = 1
  public static func + (x: Tensor, number: Double) -> Tensor {
    Tensor("add", of: x, value: x.value + number) { dy in dy }
  }

  /// x − number.   ∂/∂x = 1
  public static func - (x: Tensor, number: Double) -> Tensor { x + -number }
  /// x · number.   ∂/∂x = number
  public static func * (x: Tensor, number: Double) -> Tensor {
    Tensor("mul", of: x, value: x.value * number) { dy in dy * number }
  }

  /// x / number.   ∂/∂x = 1/number
  public static func / (x: Tensor, number: Double) -> Tensor {
    Tensor("div", of: x, value: x.value / number) { dy in dy / number }
  }

  /// number + x.   ∂/∂x = 1
  public static func + (number: Double, x: Tensor) -> Tensor { x + number }
  /// number · x.   ∂/∂x = number
  public static func * (number: Double, x: Tensor) -> Tensor { x * number }

  /// number − x.   ∂/∂x = −1
  public static func - (number: Double, x: Tensor) -> Tensor {
    Tensor("sub", of: x, value: number - x.value) { dy in -dy }
  }

  /// number / x.   ∂/∂x = −number/x²
  public static func / (number: Double, x: Tensor) -> Tensor {
    let y = number / x.value
    let input = x.value
    return Tensor("div", of: x, value: y) { dy in -dy * y / input }
  }

  /// aᵇ.   ∂/∂a = b·aᵇ⁻¹,  ∂/∂b = aᵇ·log a (0 where a = 0)
  public func pow(_ exponent: Tensor) -> Tensor {
    let (a, b) = (value, exponent.value)
    let y = a.pow(b)
    return Tensor("pow", of: self, exponent, value: y) { dy in
      // b = 0 has slope 0 everywhere, also where a⁻¹ has no value.
      dy * NDArray.where(b .== 0.0, .zeros([], dtype: b.dtype), b * a.pow(b - 1.0))
    } _: { dy in
      dy * NDArray.where(a .== 0.0, .zeros([], dtype: a.dtype), y * a.log())
    }
  }

  /// xⁿ for a plain number n.   ∂/∂x = n·xⁿ⁻¹
  public func pow(_ exponent: Double) -> Tensor {
    let x = value
    return Tensor("pow", of: self, value: x.pow(exponent)) { dy in
      exponent == 0 ? dy * 0.0 : dy * (exponent * x.pow(exponent - 1))
    }
  }

  /// The larger of two; the gradient goes to it, half to each where they are equal.
  public func maximum(_ other: Tensor) -> Tensor {
    let (a, b) = (value, other.value)
    return Tensor("maximum", of: self, other, value: a.maximum(b)) { dy in
      dy * ((a .> b) + (a .== b) * 0.5)
    } _: { dy in
      dy * ((b .> a) + (a .== b) * 0.5)
    }
  }

  /// The smaller of two; the gradient goes to it, half to each where they are equal.
  public func minimum(_ other: Tensor) -> Tensor {
    let (a, b) = (value, other.value)
    return Tensor("minimum", of: self, other, value: a.minimum(b)) { dy in
      dy * ((a .< b) + (a .== b) * 0.5)
    } _: { dy in
      dy * ((b .< a) + (a .== b) * 0.5)
    }
  }

  /// `a` where the mask is not 0, `b` where it is; the gradient goes the same way.
  public static func `where`(_ mask: NDArray, _ a: Tensor, _ b: Tensor) -> Tensor {
    let zero = NDArray.zeros([], dtype: a.dtype)
    return Tensor("where", of: a, b, value: .where(mask, a.value, b.value)) { dy in
      .where(mask, dy, zero)
    } _: { dy in
      .where(mask, zero, dy)
    }
  }

  /// `number` wherever the mask is not 0; no gradient flows there.
  public func maskedFill(_ mask: NDArray, _ number: Double) -> Tensor {
    _ = broadcastShape(mask.shape, shape, operation: "maskedFill")
    let filler = NDArray(number, dtype: dtype)
    let zero = NDArray.zeros([], dtype: dtype)
    return Tensor("maskedFill", of: self, value: .where(mask, filler, value)) { dy in
      .where(mask, zero, dy)
    }
  }
}
