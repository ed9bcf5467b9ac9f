/// What `gradientCheck` found wrong: one line with input, index, expected and got.
public struct GradientError: Error, CustomStringConvertible {
  public let description: String
}

/// Compares the gradients of a function with central differences, in Double, at **every** index of
/// every input:  ∂f/∂xᵢ ≈ (f(x + ε eᵢ) − f(x − ε eᵢ)) / 2ε.
///
/// A function whose result is not one number is weighted with fixed, unequal numbers first, so that a
/// gradient that reaches the wrong place is seen.
///
///     try gradientCheck({ model($0[0]) }, inputs: [x], parameters: model.parameters())
///
/// - Parameters:
///   - function: from tensors to a tensor; it must compute the same each time it is called.
///   - inputs: where to check, float64.
///   - parameters: tensors that the function uses beside its inputs, checked as further inputs;
///     float64. Their gradients are forgotten afterward.
///   - epsilon: the step; the error of a central difference is of the order ε².
///   - tolerance: the largest allowed |expected − got| / max(1, |expected|).
/// - Throws: `GradientError` for the first wrong gradient.
public func gradientCheck(
  _ function: ([Tensor]) -> Tensor, inputs: [NDArray], parameters: [Tensor] = [],
  epsilon: Double = 1e-5, tolerance: Double = 1e-7
) throws {
  let given = inputs.map { Tensor($0, requiresGrad: true) }
  let leaves = given + parameters
  for (place, leaf) in leaves.enumerated() where leaf.dtype != .float64 {
    wrongUse("gradientCheck: input \(place) is \(leaf.dtype); the check works in float64")
  }
  for parameter in parameters { parameter.zeroGrad() }
  defer { for parameter in parameters { parameter.zeroGrad() } }
  let output = function(given)
  let unequal = (0..<output.count).map { (i: Int) -> Double in
    1 + 0.37 * Double(i % 7) - 0.11 * Double(i % 5)
  }
  let weights = NDArray(unequal, shape: output.shape, dtype: .float64)
  output.backward(weights)

  func value() -> Double { noGrad { (function(given).value * weights).sum().item } }
  for (place, leaf) in leaves.enumerated() {
    let original = leaf.value
    let got = (leaf.grad ?? .zeros(leaf.shape, dtype: .float64)).doubles
    let numbers = original.doubles
    defer { leaf.value = original }
    for index in numbers.indices {
      func moved(by step: Double) -> Double {
        var changed = numbers
        changed[index] += step
        leaf.value = NDArray(changed, shape: leaf.shape, dtype: .float64)
        return value()
      }
      let expected = (moved(by: epsilon) - moved(by: -epsilon)) / (2 * epsilon)
      let error = abs(expected - got[index]) / max(1, abs(expected))
      guard error <= tolerance else {
        throw GradientError(
          description:
            "gradient of input \(place) \(leaf.shape) at \(indexPath(index, leaf.shape))"
            + ": expected \(expected), got \(got[index])")
      }
    }
  }
}

/// A row-major offset as one index an axis.
private func indexPath(_ offset: Int, _ shape: [Int]) -> [Int] {
  zip(shape, shape.rowMajorStrides).map { size, step in offset / step % size }
}
