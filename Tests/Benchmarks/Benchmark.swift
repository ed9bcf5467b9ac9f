import ArgumentParser
import Arrays
import CKernels
import Foundation

@main struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Times full training steps, beside PyTorch's where a Python that has it is given.")

  @Option(help: "A Python with PyTorch; both sides take turns on the same work.")
  var peer: String?

  @Option(help: "Write the rows to this file as JSON.")
  var json: String?

  @Option(help: "Only these workloads, separated by commas; elementwise is one of them.")
  var only: String?

  @Option(help: "Numbers of threads, separated by commas.")
  var threads = "1,2"

  @Option(help: "Rounds; the medians are told.")
  var rounds = 15

  func validate() throws {
    let known = Workload.all.map(\.name) + ["elementwise"]
    for name in names ?? [] where !known.contains(name) {
      throw ValidationError(
        "no workload '\(name)'; there are \(known.joined(separator: ", "))")
    }
    guard threadCounts.count == threads.split(separator: ",").count, !threadCounts.isEmpty else {
      throw ValidationError("--threads '\(threads)': expected whole numbers from 1 to 64")
    }
    guard rounds > 0 else { throw ValidationError("--rounds \(rounds): at least one is needed") }
  }

  private var names: [String]? { only?.split(separator: ",").map(String.init) }
  private var threadCounts: [Int] {
    threads.split(separator: ",").compactMap { Int($0) }.filter { (1...64).contains($0) }
  }

  func run() throws {
    setenv("UNROLL_DATA", Workload.dataFolder.url.path, 1)  // for the peer, too
    let peer = try peer.map { try Peer(python: $0) }
    print("processor  \(processorName())")
    print("kernels    \(String(cString: ck_isa_name()))")
    if let peer { print("peer       PyTorch \(peer.version)") }
    var rows: [any Encodable] = []
    if Workload.all.contains(where: isWanted) { rows += try timeSteps(peer) }
    if names?.contains("elementwise") ?? true { rows += timeFunctions() }
    guard let json else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(rows.map(Row.init)).write(to: URL(fileURLWithPath: json), options: .atomic)
  }

  private func isWanted(_ workload: Workload) -> Bool { names?.contains(workload.name) ?? true }

  private struct Row: Encodable {
    let measured: any Encodable
    func encode(to encoder: any Encoder) throws { try measured.encode(to: encoder) }
  }

  private func timeSteps(_ peer: Peer?) throws -> [Measurement] {
    print(
      """

      limit: the ratio at this machine's measured peak, were there nothing to do but the products
      (to generate text: but to read the weights once a character); ours: how near we are to it

      workload           threads      ours ms      peer ms   ratio    goal   limit    ours (GFLOP/s)
      """)
    var rows: [Measurement] = []
    for threads in threadCounts {
      for workload in Workload.all where isWanted(workload) {
        let row = try Measurement(workload, threads: threads, rounds: rounds, peer: peer)
        rows.append(row)
        print(line(row, workload))
      }
    }
    return rows
  }

  private func timeFunctions() -> [Streaming.Row] {
    print(
      """

      arrays of \(Streaming.bytes >> 20) MB; bandwidth: a plain loop that reads and writes as many

      function                         threads      ours ms bandwidth ms   times    goal
      """)
    var rows: [Streaming.Row] = []
    for threads in threadCounts {
      for function in Streaming.all {
        for dtype in DType.allCases {
          let row = function.measure(dtype, threads: threads, rounds: rounds)
          rows.append(row)
          print(
            row.workload.padding(toLength: 32, withPad: " ", startingAt: 0)
              + number(Double(threads), "%.0f", 8) + number(row.ours * 1e3, "%.4f", 13)
              + number(row.bandwidth * 1e3, "%.4f", 13) + number(row.times, "%.2f", 8)
              + number(Streaming.goal, "%.1f", 8))
        }
      }
    }
    return rows
  }

  private func number(_ value: Double?, _ format: String, _ width: Int) -> String {
    let text = value.map { String(format: format, $0) } ?? "–"
    return String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private func line(_ row: Measurement, _ workload: Workload) -> String {
    workload.name.padding(toLength: 18, withPad: " ", startingAt: 0)
      + number(Double(row.threads), "%.0f", 8) + number(row.ours * 1e3, "%.4f", 13)
      + number(row.peer.map { $0 * 1e3 }, "%.4f", 13) + number(row.ratio, "%.2f", 8)
      + number(workload.goal, "%.1f", 8) + number(row.limit, "%.2f", 8)
      + number(row.share.map { $0 * 100 }, "%.0f %%", 8)
      + (row.share == nil ? "" : number(row.peak * 1e-9, "(%.0f)", 9))
  }

  private func processorName() -> String {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    let name = line?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces)
    return "\(name ?? "unknown"), \(ProcessInfo.processInfo.activeProcessorCount) cores"
  }
}
