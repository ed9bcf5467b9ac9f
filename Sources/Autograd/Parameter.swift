/// A tensor that training changes: a leaf that collects a gradient, and that a module finds among its
/// properties. A plain `Tensor` property (a mask, a table of constants) is none.
public final class Parameter: Tensor {
  /// A leaf with these starting numbers that collects a gradient. `Init` draws them anew.
  public init(_ value: NDArray) { super.init(value, requiresGrad: true) }

  /// Whether training leaves this parameter as it is: no gradient flows to it, so that an optimizer
  /// passes it by.
  public var isFrozen: Bool {
    get { !requiresGrad }
    set {
      takesGradient = !newValue
      if newValue { zeroGrad() }
    }
  }
}
