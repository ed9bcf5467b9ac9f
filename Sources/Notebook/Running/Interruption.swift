import Foundation
import Synchronization

/// Ctrl-C and its kin: what the run wrote so far is forgotten, the programs it started are ended,
/// then the program ends with the status that tells the signal (130 for Ctrl-C).
package enum Interruption {
  /// Both ends of the pipe through which the handler, which may do next to nothing, wakes a thread.
  nonisolated(unsafe) private static var pipe: [Int32] = [-1, -1]
  /// Held while files are moved into place, which is not to be torn apart.
  private static let moving = Mutex(())
  private static let cleanUp = Mutex<(@Sendable (_ signal: Int32?) -> Void)?>(nil)

  /// From now on `cleanUp` runs when a signal asks the program to end, and before `end`.
  package static func watch(cleanUp: @escaping @Sendable (_ signal: Int32?) -> Void) {
    guard Glibc.pipe(&pipe) == 0 else { return }
    for end in pipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    self.cleanUp.withLock { $0 = cleanUp }
    Thread.detachNewThread {
      var number: UInt8 = 0
      while read(pipe[0], &number, 1) < 1 {}
      end(status: 128 + Int32(number), signal: Int32(number))
    }
    for number in signals {
      signal(number) { number in
        let saved = errno
        var byte = UInt8(number)
        _ = write(Interruption.pipe[1], &byte, 1)
        errno = saved
      }
    }
    // Whoever started the program may have held them back.
    var set = signalSet
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  static var isWatched: Bool { cleanUp.withLock { $0 != nil } }

  /// Ends the program at once, as a signal does, from wherever it is.
  static func end(status: Int32, signal: Int32? = nil, saying line: String? = nil) -> Never {
    moving.withLock { _ in
      cleanUp.withLock { $0 }?(signal)
      Descendants.kill()
      if let line { StandardStreams.complain(line) }
      _exit(status)
    }
  }

  /// What asks the program to end; a reader of its output that has gone is one of them.
  private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGPIPE]

  /// Those signals as a set, for the masks of threads and programs.
  static var signalSet: sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for number in signals { sigaddset(&set, number) }
    return set
  }

  /// Runs `body`, which writes to no standard stream, as a whole: a signal waits for its end.
  package static func postponed<Value>(while body: () throws -> Value) rethrows -> Value {
    try moving.withLock { _ in try body() }
  }
}
