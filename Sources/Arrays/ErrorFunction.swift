import Foundation

extension NDArray {
  /// erf x = 2/√π ∫₀ˣ e^(−t²) dt, element by element.
  public func erf() -> NDArray { mapped(Foundation.erf, Foundation.erf) }

  /// erfc x = 1 − erf x, exact also where erf x is nearly 1.
  public func erfc() -> NDArray { mapped(Foundation.erfc, Foundation.erfc) }

  /// A function of the math library, for what the vector kernels do not have.
  private func mapped(
    _ single: (Float) -> Float, _ double: (Double) -> Double
  ) -> NDArray {
    let source = contiguous, result = NDArray.uninitialized(shape, dtype)
    func fill<T>(_ function: (T) -> T) {
      let x = source.storage.pointer.assumingMemoryBound(to: T.self)
      let y = result.storage.pointer.assumingMemoryBound(to: T.self)
      for place in 0..<count { y[place] = function(x[place]) }
    }
    if dtype == .float32 { fill(single) } else { fill(double) }
    return result
  }
}
