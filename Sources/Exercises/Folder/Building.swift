import Foundation

extension WorkbookFolder {
  /// Whether something has been built before.
  package var isBuilt: Bool {
    FileManager.default.fileExists(atPath: url.appendingPathComponent(".build/debug").path)
  }

  /// Builds one exercise's program, in debug, which is quick. What stands in the way is said line by
  /// line: only errors, and of the reader's own files with their place.
  ///
  /// - Returns: the program.
  func build(_ exercise: Exercise) throws -> URL {
    // Of this package the exercises need one target, and the packages that the others stand on are not
    // asked for.
    let (status, text) = try Self.run(
      ["swift", "build", "--package-path", path, "--product", exercise.id],
      adding: ["UNROLL_TESTS": "Workbook"])
    if status == 127 { throw WorkbookError("there is no Swift compiler: 'swift' is not in PATH") }
    guard status == 0 else {
      throw BuildFailure(lines: Self.errors(in: text, below: path))
    }
    return url.appendingPathComponent(".build/debug/\(exercise.id)")
  }

  /// Runs a program of the PATH to its end. Not by Foundation's `Process`, which waits for a socket and
  /// never ends where there is no network at all.
  private static func run(
    _ words: [String], adding variables: [String: String]
  ) throws -> (status: Int32, output: String) {
    var pipe: [Int32] = [-1, -1]
    guard Glibc.pipe(&pipe) == 0 else { throw WorkbookError(words[0], errno: errno) }
    _ = fcntl(pipe[0], F_SETFD, FD_CLOEXEC)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, pipe[1], 1)
    posix_spawn_file_actions_adddup2(&actions, pipe[1], 2)
    posix_spawn_file_actions_addclose(&actions, pipe[1])
    let environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
    let arguments = (["env"] + words).map { strdup($0) } + [nil]
    let settings = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { (arguments + settings).forEach { free($0) } }
    var process: pid_t = 0
    let failure = posix_spawn(&process, "/usr/bin/env", &actions, nil, arguments, settings)
    close(pipe[1])
    let output = FileHandle(fileDescriptor: pipe[0], closeOnDealloc: true)
    guard failure == 0 else { throw WorkbookError("/usr/bin/env", errno: failure) }
    let text = String(decoding: output.readDataToEndOfFile(), as: UTF8.self)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return (status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F, text)
  }

  /// The compiler's errors, each once; else what the package manager says; else its last lines.
  static func errors(in text: String, below path: String) -> [String] {
    let lines = text.split(separator: "\n").map(String.init)
    let own = lines.filter { $0.hasPrefix(path + "/") && $0.contains(": error: ") }
      .map { String($0.dropFirst(path.count + 1)).replacing(": error: ", with: ": ") }
    if !own.isEmpty { return own.reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
    let errors = lines.filter { $0.hasPrefix("error: ") }
    return errors.isEmpty ? Array(lines.suffix(5)) : errors
  }
}

/// What does not compile.
struct BuildFailure: Error {
  let lines: [String]
}
