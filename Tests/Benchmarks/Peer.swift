import Foundation

/// A library that the benchmark knows the other side of.
enum Library: String, CaseIterable {
  case torch, jax

  var script: String { self == .torch ? "peer" : "peer_jax" }
  var title: String { self == .torch ? "PyTorch" : "JAX" }

  /// Where its script lies.
  func scriptPath() throws -> String {
    guard let path = Bundle.module.path(forResource: script, ofType: "py") else {
      throw Peer.Failure(description: "\(script).py is not beside the benchmark")
    }
    return path
  }

  /// Those that a Python has.
  static func found(in python: String) throws -> [Library] {
    let names = allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    let process = Process(), answers = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      python, "-c",
      "import importlib.util as u; print(*[n for n in [\(names)] if u.find_spec(n)])",
    ]
    process.standardOutput = answers
    try process.run()
    let text = String(
      decoding: answers.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let found = text.split(whereSeparator: \.isWhitespace).compactMap { Library(rawValue: "\($0)") }
    guard !found.isEmpty else {
      throw Peer.Failure(description: "--peer \(python): a Python with neither torch nor jax")
    }
    return found
  }
}

/// A library in a process of its own, which times a workload when asked to (see peer.py). JAX keeps to
/// the number of threads that it was started with.
final class Peer {
  /// The version that answers.
  private(set) var version = ""
  private let process = Process()
  private let requests = Pipe(), answers = Pipe()
  private var received = Data()

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  init(_ library: Library, python: String, threads: Int) throws {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, try library.scriptPath(), "\(threads)"]
    process.standardInput = requests
    process.standardOutput = answers
    try process.run()
    version = try line(afterAsking: "Python (\(python)) with \(library.title)")
  }

  /// Seconds that one of `steps` steps took on average; nil if the other side has no such workload.
  func seconds(_ workload: String, threads: Int, steps: Int) throws -> Double? {
    try requests.fileHandleForWriting.write(
      contentsOf: Data("\(workload) \(threads) \(steps)\n".utf8))
    let answer = try line(afterAsking: workload)
    if answer == "none" { return nil }
    guard let seconds = Double(answer) else {
      throw Failure(description: "\(workload): the peer says \(answer)")
    }
    return seconds
  }

  private func line(afterAsking question: String) throws -> String {
    while true {
      if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
        defer { received = Data(received[(end + 1)...]) }
        return String(decoding: received[..<end], as: UTF8.self)
      }
      let more = answers.fileHandleForReading.availableData
      guard !more.isEmpty else {
        throw Failure(description: "\(question): the peer ended without an answer")
      }
      received.append(more)
    }
  }

  deinit {
    try? requests.fileHandleForWriting.close()
    process.waitUntilExit()
  }
}
