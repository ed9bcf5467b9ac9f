import CKernels
import Foundation

/// How many threads share the longest operations: the batch of a recurrent layer, the numbers of a
/// large array in elementwise ones. The numbers are the same to the bit with any count.
public enum Threads {
  /// 1 until set; PyTorch's `torch.set_num_threads`.
  public static var count: Int {
    get { Int(ck_threads()) }
    set {
      guard newValue > 0 else { wrongUse("Threads.count: \(newValue) is not positive") }
      ck_set_threads(Int32(newValue))
    }
  }

  /// The processor cores that this process may use.
  public static var available: Int { ProcessInfo.processInfo.activeProcessorCount }
}
