import Foundation

/// A lock on a folder, which the system takes back from a program that ends, however it ends: so it
/// tells who is alive, which a process number does not (two containers have the same ones).
final class FolderLock: Sendable {
  private let descriptor: Int32

  /// The folder, not locked yet; nil if it cannot be opened or is a link.
  init?(_ path: String, followingLinks: Bool = false) {
    descriptor = open(
      path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (followingLinks ? 0 : O_NOFOLLOW))
    if descriptor < 0 { return nil }
  }

  deinit { close(descriptor) }

  enum Outcome {
    case held, heldByAnother
    /// The file system has no locks.
    case unavailable
  }

  func take() -> Outcome {
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return .held }
    return errno == EWOULDBLOCK ? .heldByAnother : .unavailable
  }

  /// Tries for so many seconds.
  func take(within seconds: Double) -> Outcome {
    let start = ProcessInfo.processInfo.systemUptime
    var outcome = take()
    while outcome == .heldByAnother, ProcessInfo.processInfo.systemUptime - start < seconds {
      usleep(5_000)
      outcome = take()
    }
    return outcome
  }
}
