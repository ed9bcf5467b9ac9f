import Foundation

/// A program that runs in this one's terminal: it shares its input, output and signals, so that
/// Ctrl-C reaches it and `--step` can read the keyboard. (Foundation's `Process` waits for a socket, and
/// never ends where there is no network at all.)
package struct Child: Sendable {
  private let process: pid_t

  /// - Parameter output: where it prints instead, with nothing to read and its complaints unheard.
  package init(
    _ program: URL, arguments: [String], output: FileHandle? = nil
  ) throws(NotebookError) {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = Interruption.signalSet
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let output {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
      posix_spawn_file_actions_adddup2(&actions, output.fileDescriptor, 1)
      posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    }
    let words = ([program.path] + arguments).map { strdup($0) }
    defer { words.forEach { free($0) } }
    var process: pid_t = 0
    let status = posix_spawn(
      &process, program.path, &actions, &attributes, words + [nil], environ)
    guard status == 0 else {
      throw NotebookError("\(program.path): \(String(cString: strerror(status)))")
    }
    self.process = process
  }

  package func send(_ signal: Int32) { kill(process, signal) }

  /// Ends it and all that it has started.
  func end() {
    Descendants.kill(of: process)
    send(SIGKILL)
  }

  /// The exit status once it has ended; 128 and the signal's number if one ended it.
  package func wait() -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }
}
