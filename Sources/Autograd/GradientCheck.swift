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
/// - Parameters:
///   - function: from tensors to a tensor; it must compute the same each time it is called.
///   - inputs: where to check, float64.
///   - epsilon: the step; the error of a central difference is of the order ε².
///   - tolerance: the largest allowed |expected − got| / max(1, |expected|).
/// - Throws: `GradientError` for the first wrong gradient.
public func gradientCheck(
  _ function: ([Tensor]) -> Tensor, inputs: [NDArray], epsilon: Double = 1e-5,
  tolerance: Double = 1e-7
) throws {
  for (place, input) in inputs.enumerated() where input.dtype != .float64 {
    wrongUse("gradientCheck: input \(place) is \(input.dtype); the check works in float64")
  }
  let leaves = inputs.map { Tensor($0, requiresGrad: true) }
  let output = function(leaves)
  let unequal = (0..<output.count).map { (i: Int) -> Double in
    1 + 0.37 * Double(i % 7) - 0.11 * Double(i % 5)
  }
  let weights = NDArray(unequal, shape: output.shape, dtype: .float64)
  output.backward(weights)

  func value(_ inputs: [NDArray]) -> Double {
    noGrad { (function(inputs.map { Tensor($0) }).value * weights).sum().item }
  }
  for (place, input) in inputs.enumerated() {
    let got = (leaves[place].grad ?? .zeros(input.shape, dtype: .float64)).doubles
    let numbers = input.doubles
    for index in numbers.indices {
      func moved(by step: Double) -> Double {
        var changed = numbers
        changed[index] += step
        var all = inputs
        all[place] = NDArray(changed, shape: input.shape, dtype: .float64)
        return value(all)
      }
      let expected = (moved(by: epsilon) - moved(by: -epsilon)) / (2 * epsilon)
      let error = abs(expected - got[index]) / max(1, abs(expected))
      guard error <= tolerance else {
        throw GradientError(
          description:
            "gradient of input \(place) \(input.shape) at \(indexPath(index, input.shape))"
            + ": expected \(expected), got \(got[index])")
      }
    }
  }
}

/// A row-major offset as one index an axis.
private func indexPath(_ offset: Int, _ shape: [Int]) -> [Int] {
  zip(shape, shape.rowMajorStrides).map { size, step in offset / step % size }
}
