import ArgumentParser
import Foundation

/// What a process of its own takes until it has trained: the time from its start to its first step, and
/// what three steps add to its memory at the most (model, optimizer, what is kept for the way back).
struct Footprint {
  let seconds: Double
  /// The most memory the process held before it built the model, and till the end of the third step.
  let before, peak: Int

  /// Names a row of this kind.
  static let prefix = "memory_"
  static let workloads = ["keras_sine", "charlm_lstm", "charlm_bi_lstm", "mnist_rows", "long_10k"]
  /// The workload whose first step is waited for.
  static let first = "sin_cos"
  static let goals = (seconds: 0.1, bytes: 60 << 20)

  /// Runs a command that is told a number of threads and a workload's name, and says "first" after one
  /// step and its memory after three.
  init?(_ command: [String], threads: Int, _ workload: String) throws {
    let process = Process(), answers = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command + ["\(threads)", workload]
    process.standardOutput = answers
    process.standardError = FileHandle.nullDevice
    let begin = DispatchTime.now().uptimeNanoseconds
    try process.run()
    var text = Data(), first: UInt64?
    while case let more = answers.fileHandleForReading.availableData, !more.isEmpty {
      first = first ?? DispatchTime.now().uptimeNanoseconds
      text.append(more)
    }
    process.waitUntilExit()
    let numbers = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isWhitespace)
      .compactMap { Int($0) }
    guard let first, numbers.count == 2 else { return nil }
    seconds = Double(first - begin) * 1e-9
    (before, peak) = (numbers[0], numbers[1])
  }

  /// Our side of it: what the process that was started does.
  static func probe(_ workload: Workload) {
    try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
    let before = held(), step = workload.make()
    step()
    print("first")
    fflush(nil)
    step()
    step()
    print(before, held())
  }

  /// The most memory this process has held, in bytes.
  private static func held() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") } ?? ""
    return line.split(separator: " ").compactMap { Int($0) }.first.map { $0 << 10 } ?? 0
  }

  /// A row beside those of the times: seconds of the start, bytes of the steps; ratios are the peer's
  /// by ours.
  struct Row: Encodable {
    let workload: String
    let threads: Int
    let ours: Footprint
    let peer, jax: Footprint?

    enum CodingKeys: String, CodingKey {
      case workload, threads, ratio
      case ours = "ours_s"
      case peer = "peer_s"
      case jax = "jax_s"
      case bytes = "ours_bytes"
      case peerBytes = "peer_bytes"
      case jaxBytes = "jax_bytes"
    }

    var isStart: Bool { workload == "start" }
    func bytes(_ footprint: Footprint) -> Int {
      isStart ? footprint.peak : footprint.peak - footprint.before
    }
    var ratio: Double? {
      peer.map {
        isStart ? $0.seconds / ours.seconds : Double(bytes($0)) / Double(bytes(ours))
      }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(workload, forKey: .workload)
      try container.encode(threads, forKey: .threads)
      try container.encode(ours.seconds, forKey: .ours)
      try container.encodeIfPresent(peer?.seconds, forKey: .peer)
      try container.encodeIfPresent(jax?.seconds, forKey: .jax)
      try container.encode(bytes(ours), forKey: .bytes)
      try container.encodeIfPresent(peer.map(bytes), forKey: .peerBytes)
      try container.encodeIfPresent(jax.map(bytes), forKey: .jaxBytes)
      try container.encodeIfPresent(ratio, forKey: .ratio)
    }
  }
}

/// `benchmark probe THREADS WORKLOAD`, which the benchmark runs itself.
struct Probe: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Three steps of one workload, and the memory that they take.", shouldDisplay: false)

  @Argument var threads: Int
  @Argument var workload: String

  func run() throws {
    guard let found = Workload.all.first(where: { $0.name == workload }) else {
      throw ValidationError("no workload '\(workload)'")
    }
    Measurement.setThreads(threads)
    Footprint.probe(found)
  }
}
