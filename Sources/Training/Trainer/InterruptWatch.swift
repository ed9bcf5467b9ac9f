import Foundation
import Synchronization

/// Notes a first Ctrl-C (or a request to end) instead of dying of it, while a training run that can
/// be taken up again is under way. A second one does what it would have done without.
final class InterruptWatch {
  private static let requested = Atomic<Int32>(0)
  private static let signals = [SIGINT, SIGTERM]
  private var before: [sigaction] = []

  init() {
    // Touched here so that it exists before a handler, which may do next to nothing, uses it.
    Self.requested.store(0, ordering: .relaxed)
    for number in Self.signals {
      var old = sigaction(), new = sigaction()
      new.__sigaction_handler.sa_handler = { signal in
        InterruptWatch.requested.store(signal, ordering: .relaxed)
      }
      // After the first, the signal has its default effect again.
      new.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
      sigaction(number, &new, &old)
      before.append(old)
    }
  }

  /// The signal that came, if one did.
  var signal: Int32? {
    let signal = Self.requested.load(ordering: .relaxed)
    return signal == 0 ? nil : signal
  }

  deinit {
    for (number, old) in zip(Self.signals, before) {
      var old = old
      sigaction(number, &old, nil)
    }
  }
}
