import CKernels

// Plain and twin.
//
// What an operation computes stands in Swift, as its equation. Many have a twin beside it: a kernel in C
// (Sources/CKernels) that does the same much faster, in an order that fills the processor's vectors, and
// with more care where rounding would lose what counts. The twin runs. With UNROLL_ISA=plain in the
// environment the equations do, everywhere. `Tests/TwinTests` runs every twin beside its equation, and
// fails where a kernel has none.
//
// The equations of numbers are computed in Double and rounded once. They are kept out of the functions
// that run the twins, which would be slower for it.

extension NDArray {
  /// f of every number.
  @inline(never) func mapped(_ f: (Double) -> Double) -> NDArray {
    NDArray(doubles.map(f), shape: shape, dtype: dtype)
  }

  /// f of every number and one that is rounded as these are.
  @inline(never) func mapped(_ number: Double, _ f: (Double, Double) -> Double) -> NDArray {
    let number = dtype.rounded(number)
    return mapped { f($0, number) }
  }

  /// f of the numbers of two arrays, stretched to one shape.
  @inline(never) static func mapped(
    _ name: String, _ a: NDArray, _ b: NDArray, _ f: (Double, Double) -> Double
  ) -> NDArray {
    checkSameType(name, a, b)
    let shape = broadcastShape(a.shape, b.shape, operation: name)
    let numbers = zip(a.expanded(to: shape).doubles, b.expanded(to: shape).doubles).map(f)
    return NDArray(numbers, shape: shape, dtype: a.dtype)
  }

  /// f of the numbers along the middle axis of `[outer, n, inner]`: `[outer, inner]`.
  func mapped<R>(_ outer: Int, _ n: Int, _ inner: Int, _ f: ([Double]) -> R) -> [R] {
    let numbers = doubles
    return (0..<outer).flatMap { o in
      (0..<inner).map { i in f((0..<n).map { numbers[(o * n + $0) * inner + i] }) }
    }
  }
}
