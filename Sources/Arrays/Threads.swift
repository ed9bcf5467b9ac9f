import CKernels

// What may go on at the same time:
//
// - `NDArray`, `StateDict`, `Indices` and `Packing` are values: they go from task to task freely.
// - A `Generator` may be shared, but who draws first gets the first number. A run whose numbers are to
//   be the same beside others as alone is given its own (`Generator.withDefault(seed:)`).
// - A `Tensor`, and with it a module, an optimizer and a trainer, belongs to one task or actor at a
//   time. Make it there, or send it there whole; take home its `stateDict()`.
// - `noGrad` and what is recorded are a matter of each thread; so is nothing else.
// - Any number of tasks may use the kernels at once. `Threads.count` is the process's: one computation
//   is shared among threads at a time, and whoever asks meanwhile computes alone, with the same bits.

/// How many threads share the longest operations: the batch of a recurrent layer, the numbers of a
/// large array in elementwise ones. The numbers are the same to the bit with any count.
public enum Threads {
  /// All of `available` as it comes, or as many as `UNROLL_THREADS` or `OMP_NUM_THREADS` says in the
  /// environment; from 1 to 64. Work that is too small to share stays on one. (PyTorch's
  /// `torch.set_num_threads`.)
  public static var count: Int {
    get { Int(ck_threads()) }
    set {
      guard newValue > 0 else { wrongUse("Threads.count: \(newValue) is not positive") }
      ck_set_threads(Int32(newValue))
    }
  }

  /// The processor cores that this process may use: those of its affinity mask, two halves of one
  /// counted once, and no more than its control group (a container's `--cpus`) gives it time for.
  public static var available: Int { Int(ck_cores()) }
}
