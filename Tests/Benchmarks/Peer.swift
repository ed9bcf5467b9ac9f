import Foundation

/// PyTorch in a process of its own, which times a workload when asked to (see peer.py).
final class Peer {
  /// The version that answers.
  private(set) var version = ""
  private let process = Process()
  private let requests = Pipe(), answers = Pipe()
  private var received = Data()

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  init(python: String) throws {
    guard let script = Bundle.module.path(forResource: "peer", ofType: "py") else {
      throw Failure(description: "peer.py is not beside the benchmark")
    }
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, script]
    process.standardInput = requests
    process.standardOutput = answers
    try process.run()
    version = try line(afterAsking: "Python (\(python)) with PyTorch")
  }

  /// Seconds that one of `steps` steps took on average.
  func seconds(_ workload: String, threads: Int, steps: Int) throws -> Double {
    try requests.fileHandleForWriting.write(
      contentsOf: Data("\(workload) \(threads) \(steps)\n".utf8))
    let answer = try line(afterAsking: workload)
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
