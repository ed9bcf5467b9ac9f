import Foundation
import Synchronization

/// Standard input, output and error: there from the start, and never written to in vain.
package enum StandardStreams {
  private static let program = Mutex("")

  /// What a program does first; `name` begins its complaints.
  package static func prepare(for name: String) {
    program.withLock { $0 = name }
    // A descriptor that came closed would be given to the next file or pipe that is opened.
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", O_RDWR)
    }
    // Beyond a limit to the size of files a write shall fail, not the program.
    signal(SIGXFSZ, SIG_IGN)
    // What `print` left in its buffer, the argument parser's help for one.
    atexit {
      if fflush(nil) != 0 { StandardStreams.failed(errno) }
    }
  }

  /// Writes to standard output at once. If that fails the program ends with status 1.
  package static func write(_ text: String) {
    if let error = write(text, to: STDOUT_FILENO) {
      // The signal of a reader that has gone ends the program by itself.
      if error == EPIPE, Interruption.isWatched { return }
      failed(error)
    }
  }

  /// Writes a line that begins with the program's name to standard error. If that fails there is
  /// nowhere left to say so.
  package static func complain(_ line: String) {
    note("\(program.withLock { $0 }): \(line)\n")
  }

  /// Writes to standard error.
  package static func note(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  private static func failed(_ error: Int32) -> Never {
    Interruption.end(
      status: 1, saying: "cannot write to standard output: \(String(cString: strerror(error)))")
  }

  /// The error number if not all could be written.
  private static func write(_ text: String, to descriptor: Int32) -> Int32? {
    var text = text
    return text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count >= 0 {
          rest = .init(rebasing: rest[count...])
        } else if errno == EAGAIN {
          var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&wait, 1, -1)
        } else if errno != EINTR {
          return errno
        }
      }
      return nil
    }
  }
}
