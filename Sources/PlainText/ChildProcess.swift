import Foundation

/// A program that runs beside this one. On the lowest floor because chapters and exercises start some.
/// (Foundation's `Process` waits for a socket, and never ends where there is no network at all.)
package struct ChildProcess: Sendable {
  package let id: pid_t

  /// What one of its descriptors is.
  package enum Stream: Sendable {
    /// Nothing to read, and what is written is lost.
    case nothing
    case same(as: Int32)
  }

  /// Why it could not be started.
  package struct Failure: Error {
    /// Of `errno`.
    package let number: Int32
    package var reason: String { String(cString: strerror(number)) }
  }

  /// - Parameters:
  ///   - path: the program's.
  ///   - arguments: without its name.
  ///   - environment: this program's if there is none.
  ///   - streams: its descriptors, in order; those that are not named are this program's.
  ///   - signals: those that it does not ignore though this program may; then it holds none back.
  ///   - leadsGroup: whether it is the first of a process group.
  package init(
    _ path: String, _ arguments: [String], environment: [String: String]? = nil,
    streams: [(Int32, Stream)] = [], signals: sigset_t? = nil, leadsGroup: Bool = false
  ) throws(Failure) {
    var actions = posix_spawn_file_actions_t(), attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    for (descriptor, stream) in streams {
      switch stream {
      case .nothing:
        posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
      case .same(let other): posix_spawn_file_actions_adddup2(&actions, other, descriptor)
      }
    }
    var flags: Int32 = 0
    if var signals {
      posix_spawnattr_setsigdefault(&attributes, &signals)
      sigemptyset(&signals)
      posix_spawnattr_setsigmask(&attributes, &signals)
      flags |= POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    }
    if leadsGroup {
      posix_spawnattr_setpgroup(&attributes, 0)
      flags |= POSIX_SPAWN_SETPGROUP
    }
    posix_spawnattr_setflags(&attributes, Int16(flags))
    let words = ([path] + arguments).map { strdup($0) } + [nil]
    let environment = environment ?? ProcessInfo.processInfo.environment
    let settings = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { (words + settings).forEach { free($0) } }
    var id: pid_t = 0
    let status = posix_spawn(&id, path, &actions, &attributes, words, settings)
    guard status == 0 else { throw Failure(number: status) }
    self.id = id
  }

  package func send(_ signal: Int32) { kill(id, signal) }

  /// The exit status once it has ended; 128 and the signal's number if one ended it.
  package func wait() -> Int32 {
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }

  /// Runs a program, with nothing to read, to its end.
  ///
  /// - Parameters:
  ///   - complains: whether its standard error belongs to what it prints, or is lost.
  ///   - started: is given the program, to end it if it takes too long.
  /// - Returns: its status, and all that it printed.
  package static func output(
    of path: String, _ arguments: [String], environment: [String: String]? = nil,
    complains: Bool, signals: sigset_t? = nil, started: (ChildProcess) -> Void = { _ in }
  ) throws(Failure) -> (status: Int32, output: Data) {
    var pipe: [Int32] = [-1, -1]
    guard Glibc.pipe(&pipe) == 0 else { throw Failure(number: errno) }
    for end in pipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let output = FileHandle(fileDescriptor: pipe[0], closeOnDealloc: true)
    let child: ChildProcess
    do {
      // Its own copies of the end are all that is left: that it has ended is seen here.
      defer { close(pipe[1]) }
      child = try ChildProcess(
        path, arguments, environment: environment,
        streams: [
          (0, .nothing), (1, .same(as: pipe[1])), (2, complains ? .same(as: pipe[1]) : .nothing),
        ], signals: signals)
    }
    started(child)
    let data = output.readDataToEndOfFile()
    return (child.wait(), data)
  }
}
