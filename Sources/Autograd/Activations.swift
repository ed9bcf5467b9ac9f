// Activation functions of later years, each with its derivative above it.

extension Tensor {
  /// erf x.   ∂/∂x = 2/√π · e^(−x²)
  public func erf() -> Tensor {
    let x = value
    return Tensor("erf", of: self, value: x.erf()) { dy in
      dy * (-x * x).exp() * (2 / Double.pi.squareRoot())
    }
  }

  /// x·Φ(x), Φ the normal distribution's function (Hendrycks & Gimpel 2016).
  /// ∂/∂x = Φ(x) + x·φ(x)
  public func gelu() -> Tensor {
    let x = value
    // Φ(x) = erfc(−x/√2)/2, which is exact in the lower tail too.
    let cumulative = (x * -0.5.squareRoot()).erfc() * 0.5
    return Tensor("gelu", of: self, value: x * cumulative) { dy in
      let density = (x * x * -0.5).exp() * (1 / (2 * Double.pi).squareRoot())
      return dy * (cumulative + x * density)
    }
  }

  /// x where x > 0, `negativeSlope`·x elsewhere (Maas et al. 2013).   ∂/∂x = 1 or `negativeSlope`
  public func leakyReLU(negativeSlope: Double = 0.01) -> Tensor {
    let x = value
    let slope = NDArray.where(
      x .> 0.0, .ones([], dtype: dtype), .full([], negativeSlope, dtype: dtype))
    return Tensor("leakyReLU", of: self, value: x * slope) { dy in dy * slope }
  }

  /// x where x > 0, α(eˣ − 1) elsewhere (Clevert et al. 2015).   ∂/∂x = 1 or α·eˣ
  public func elu(alpha: Double = 1) -> Tensor {
    let x = value
    let positive = x .> 0.0
    return Tensor(
      "elu", of: self,
      value: .where(positive, x, x.minimum(.zeros([], dtype: dtype)).expm1() * alpha)
    ) { dy in
      dy
        * .where(
          positive, .ones([], dtype: dy.dtype), x.minimum(.zeros([], dtype: dy.dtype)).exp() * alpha
        )
    }
  }

  /// x·σ(x), also called swish (Elfwing et al. 2017).   ∂/∂x = σ(x)·(1 + x·σ(−x))
  public func silu() -> Tensor {
    let x = value
    let s = x.sigmoid()
    return Tensor("silu", of: self, value: x * s) { dy in dy * s * (1.0 + x * (-x).sigmoid()) }
  }
}
