import Foundation

/// A program that runs in this one's terminal: it shares its input, output and signals, so that
/// Ctrl-C reaches it and `--step` can read the keyboard.
package struct Child: Sendable {
  private let process: pid_t

  package init(_ program: URL, arguments: [String]) throws(NotebookError) {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = Interruption.signalSet
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    let words = ([program.path] + arguments).map { strdup($0) }
    defer { words.forEach { free($0) } }
    var process: pid_t = 0
    let status = posix_spawn(&process, program.path, nil, &attributes, words + [nil], environ)
    guard status == 0 else {
      throw NotebookError("\(program.path): \(String(cString: strerror(status)))")
    }
    self.process = process
  }

  package func send(_ signal: Int32) { kill(process, signal) }

  /// The exit status once it has ended; 128 and the signal's number if one ended it.
  package func wait() -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }
}
