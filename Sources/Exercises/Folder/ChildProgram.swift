import Foundation
import PlainText

/// A reader's program, which may do anything: crash, never end, take all the memory, print without
/// end. It runs as a child with limits, in a process group of its own, and is asked over a socket.
package final class ChildProgram: Answering {
  package struct Limits: Sendable {
    /// For one answer.
    package var seconds = 10.0
    package var bytes = 1 << 30
    package init() {}
  }

  private let limits: Limits
  private let folder: String
  private let process: pid_t
  private let channel, output: Int32
  private var isReaped = false
  private var received = Data()
  private var said = Data()
  private static let mostSaid = 1 << 16, mostReceived = 1 << 26

  /// - Parameter folder: whose files are the reader's own, for the place of a crash.
  package init(_ program: URL, in folder: String, limits: Limits = Limits()) throws {
    (self.limits, self.folder) = (limits, folder)
    var sockets: [Int32] = [-1, -1], pipe: [Int32] = [-1, -1]
    guard
      socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &sockets) == 0,
      Glibc.pipe(&pipe) == 0
    else { throw WorkbookError(program.path, errno: errno) }
    _ = fcntl(pipe[0], F_SETFD, FD_CLOEXEC)
    // Where dup2 would find its own source, the descriptor would stay closed on exec.
    let far = fcntl(sockets[1], F_DUPFD_CLOEXEC, 10)
    (channel, output) = (sockets[0], pipe[0])
    defer { for end in [sockets[1], pipe[1], far] { close(end) } }
    for end in [channel, output] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }

    let environment = ProcessInfo.processInfo.environment.merging([
      "UNROLL_CHECKS": "1", "UNROLL_BYTES": "\(2 * limits.bytes)",
      "UNROLL_SECONDS": "\(Int(limits.seconds.rounded(.up)) * 30)",
      "SWIFT_BACKTRACE": "enable=yes,color=no,interactive=no,images=none,registers=none,"
        + "threads=crashed,timeout=5s,limit=64",
    ]) { $1 }
    do {
      process = try ChildProcess(
        program.path, [], environment: environment,
        streams: [
          (0, .nothing), (1, .same(as: pipe[1])), (2, .same(as: pipe[1])), (3, .same(as: far)),
        ], leadsGroup: true
      ).id
    } catch {
      close(channel)
      close(output)
      throw WorkbookError(program.path, errno: error.number)
    }
  }

  deinit {
    stop()
    close(channel)
    close(output)
  }

  /// What it has printed so far, the first of it.
  package var printed: String {
    let text = String(decoding: said, as: UTF8.self)
    return String(text[..<(Self.report(in: text)?.lowerBound ?? text.endIndex)])
  }

  // MARK: - Asking

  package func answer(_ arguments: Data, to question: Question) throws -> Data {
    var pending = arguments + Data("\n".utf8)
    let end = ProcessInfo.processInfo.systemUptime + limits.seconds
    while true {
      if let newline = received.firstIndex(of: UInt8(ascii: "\n")) {
        defer { received = Data(received[received.index(after: newline)...]) }
        return Data(received[..<newline])
      }
      var waits = [
        pollfd(fd: channel, events: Int16(pending.isEmpty ? POLLIN : POLLIN | POLLOUT), revents: 0),
        pollfd(fd: output, events: Int16(POLLIN), revents: 0),
      ]
      poll(&waits, 2, 10)
      listen()
      if !pending.isEmpty { send(&pending) }
      if try !receive(), received.firstIndex(of: UInt8(ascii: "\n")) == nil { throw ending() }
      if ProcessInfo.processInfo.systemUptime > end {
        stop()
        throw Stop.wrong(
          "Stopped, since it had not answered after \(Result.text(limits.seconds)) seconds: is there a "
            + "loop that never ends?")
      }
      if memory > limits.bytes {
        stop()
        throw Stop.wrong(
          "Stopped, since it had taken more than \(limits.bytes >> 20) megabytes of memory: does "
            + "something grow without end?")
      }
    }
  }

  /// Not by write, which would end this program where the other one is gone.
  private func send(_ pending: inout Data) {
    let count = pending.withUnsafeBytes {
      Glibc.send(channel, $0.baseAddress, $0.count, Int32(truncatingIfNeeded: Int(MSG_NOSIGNAL)))
    }
    if count > 0 { pending = Data(pending.dropFirst(count)) }
    if count < 0, errno != EAGAIN, errno != EINTR { pending = Data() }
  }

  /// Whether there may be more.
  private func receive() throws -> Bool {
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(channel, &bytes, bytes.count)
      if count > 0 { received += bytes[..<count] }
      if received.count > Self.mostReceived {
        stop()
        throw Stop.wrong("Stopped, since its answer is longer than \(Self.mostReceived >> 20) MB.")
      }
      if count == 0 { return false }
      if count < 0, errno != EINTR { return errno == EAGAIN }
    }
  }

  /// Reads what is printed, all of it, so that the printing program does not wait; keeps the beginning.
  private func listen() {
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    for _ in 0..<16 {
      let count = read(output, &bytes, bytes.count)
      if count <= 0 { return }
      said += bytes[..<min(count, Self.mostSaid - said.count)]
    }
  }

  private var memory: Int {
    let pages = (try? String(contentsOfFile: "/proc/\(process)/statm", encoding: .utf8))?
      .split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return (pages ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  // MARK: - Ending

  package func stop() {
    guard !isReaped else { return }
    isReaped = true
    // All that it has started as well.
    kill(-process, SIGKILL)
    kill(process, SIGKILL)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
  }

  /// How it ended, that it ended without an answer.
  private func ending() -> Stop {
    var status: Int32 = 0
    // The socket is closed, so it is ending; but it may be asleep with the socket closed.
    let end = ProcessInfo.processInfo.systemUptime + limits.seconds
    while waitpid(process, &status, WNOHANG) == 0 {
      listen()
      if ProcessInfo.processInfo.systemUptime > end {
        stop()
        return .wrong("Stopped, since it no longer answered.")
      }
      usleep(1000)
    }
    listen()
    isReaped = true
    kill(-process, SIGKILL)
    let text = String(decoding: said, as: UTF8.self)
    let line = text.matches(of: /Fatal error: (.*)/).last.map { String($0.1) }
    if line == "your turn" { return .notBegun }
    let place = place(in: text).map { " at \($0)" } ?? ""
    let signal = status & 0x7F
    if let line { return .wrong("The program stopped\(place): \(line).") }
    if text.contains("llocat"), text.contains("memory") || text.contains("bad_alloc") {
      return .wrong("The program stopped\(place): there was no more memory for it.")
    }
    switch signal {
    case 0: return .wrong("The program ended by itself, without an answer.")
    case SIGSEGV, SIGBUS:
      return .wrong("The program crashed\(place): does a function call itself without end?")
    case SIGILL, SIGTRAP:
      return .wrong(
        "The program crashed\(place): has a whole number become too large, or been divided by 0?")
    case SIGXCPU: return .wrong("Stopped: is there a loop that never ends?")
    default:
      return .wrong("The program crashed\(place): \(String(cString: strsignal(signal))).")
    }
  }

  /// Where what the system says of a crash begins.
  private static func report(in text: String) -> Range<String.Index>? {
    text.firstRange(of: /\n?[^\n]*Fatal error: |\n\*\*\* Signal |\n💣/)
  }

  /// The line of the reader's that was running.
  private func place(in text: String) -> String? {
    let root = folder.hasSuffix("/") ? folder : folder + "/"
    guard let start = text.firstRange(of: " at " + root),
      let match = text[start.upperBound...].prefixMatch(of: /[^\s:]+:\d+/)
    else { return nil }
    return String(match.0)
  }
}
