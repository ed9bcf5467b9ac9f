import CKernels

/// What the processor itself can do: the limit beside which times of training stand.
package enum Processor {
  /// Multiplications and additions in a second on one thread, at the highest speed that the kernels
  /// reach: all operands in the first-level cache.
  package static func operationsPerSecond() -> Double {
    var operations = 0.0
    let seconds = ck_time_multiply_adds(20_000, &operations)
    return operations / seconds
  }
}
