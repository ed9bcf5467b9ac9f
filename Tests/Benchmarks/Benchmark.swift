import ArgumentParser
import Arrays
import CKernels
import Figures
import Foundation

@main struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Times full training steps, beside PyTorch's and JAX's where a Python has them.",
    subcommands: [Timing.self, Probe.self], defaultSubcommand: Timing.self)
}

struct Timing: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "time", abstract: Benchmark.configuration.abstract)

  @Option(
    help: """
      A Python with PyTorch, JAX or both; all sides take turns on the same work. May be given again \
      for another Python.
      """)
  var peer: [String] = []

  @Option(help: "Write the rows to this file as JSON.")
  var json: String?

  @Option(help: "Draw every row beside the machine's limit, into this PNG, SVG or PDF.")
  var figure: String?

  @Option(help: "Draw the rows that --json wrote in a run before, and measure nothing.")
  var from: String?

  @Option(
    help: "Only these workloads, separated by commas; elementwise, memory and start are some.")
  var only: String?

  @Option(help: "Numbers of threads, separated by commas; 1, 2, 4, … up to the cores by itself.")
  var threads: String?

  @Option(help: "Rounds; the medians are told.")
  var rounds = 15

  func validate() throws {
    let known = Workload.all.map(\.name) + Self.kinds
    for name in names ?? [] where !known.contains(name) {
      throw ValidationError(
        "no workload '\(name)'; there are \(known.joined(separator: ", "))")
    }
    if let threads {
      guard threadCounts.count == threads.split(separator: ",").count, !threadCounts.isEmpty else {
        throw ValidationError("--threads '\(threads)': expected whole numbers from 1 to 64")
      }
    }
    if from != nil, figure == nil { throw ValidationError("--from goes with --figure") }
    guard rounds > 0 else { throw ValidationError("--rounds \(rounds): at least one is needed") }
  }

  private var names: [String]? { only?.split(separator: ",").map(String.init) }
  private var threadCounts: [Int] {
    guard let threads else { return [1, 2, 4, 8, 16].filter { $0 <= max(Threads.available, 1) } }
    return threads.split(separator: ",").compactMap { Int($0) }.filter { (1...64).contains($0) }
  }
  /// Rows that are no workload's time.
  private static let kinds = ["elementwise", "memory", "start", Sharing.kind, Cells.kind]

  func run() throws {
    setenv("UNROLL_DATA", Workload.dataFolder.url.path, 1)  // for the peers, too
    var pythons: [Library: String] = [:]
    for python in peer {
      for library in try Library.found(in: python) where pythons[library] == nil {
        pythons[library] = python
      }
    }
    print("processor  \(processorName()), \(Threads.available) cores")
    print("kernels    \(String(cString: ck_isa_name()))")
    #if DEBUG
      // SwiftPM hands a C target -O0 then, and lets only unsafe flags change that: products take 12
      // times as long, functions of arrays 5 to 13 times.
      print("build      debug: nothing here is optimized")
    #endif
    if let from {
      let data = try Data(contentsOf: URL(fileURLWithPath: from))
      return try draw(JSONDecoder().decode([Measurement].self, from: data))
    }
    var rows: [any Encodable] = [], steps: [Measurement] = []
    if Workload.all.contains(where: isWanted) {
      steps = try timeSteps(pythons)
      rows += steps
    }
    let footprints =
      (names?.contains("start") ?? true ? [("start", Footprint.first)] : [])
      + (names?.contains("memory") ?? true
        ? Footprint.workloads.map { (Footprint.prefix + $0, $0) } : [])
    if !footprints.isEmpty { rows += try measureFootprints(footprints, pythons) }
    if names?.contains(Sharing.kind) ?? true { rows += timeSharing() }
    if names?.contains(Cells.kind) ?? true { rows += timeCells() }
    if names?.contains("elementwise") ?? true { rows += timeFunctions() }
    try draw(steps)
    guard let json else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(rows.map(Row.init)).write(to: URL(fileURLWithPath: json), options: .atomic)
  }

  private func draw(_ rows: [Measurement]) throws {
    guard let figure else { return }
    let url = URL(fileURLWithPath: figure)
    try Roofline.figure(rows, processor: processorName()).write(
      to: url.deletingLastPathComponent(), name: url.lastPathComponent)
  }

  private func isWanted(_ workload: Workload) -> Bool { names?.contains(workload.name) ?? true }

  private struct Row: Encodable {
    let measured: any Encodable
    func encode(to encoder: any Encoder) throws { try measured.encode(to: encoder) }
  }

  private func timeSteps(_ pythons: [Library: String]) throws -> [Measurement] {
    var rows: [Measurement] = []
    for threads in threadCounts {
      let peers = try Dictionary(
        uniqueKeysWithValues: pythons.map { library, python in
          (library, try Peer(library, python: python, threads: threads))
        })
      if rows.isEmpty {
        for library in Library.allCases {
          if let peer = peers[library] { print("peer       \(peer.version)") }
        }
        print(
          """

          limit: the ratio at this machine's measured peak, were there nothing to do but the products
          (to generate text: but to read the weights once a character); share: how near we are to it

          workload           threads      ours ms   PyTorch ms   ratio    goal   limit   share (GFLOP/s)\
                 JAX ms   ratio
          """)
      }
      for workload in Workload.all where isWanted(workload) {
        let row = try Measurement(workload, threads: threads, rounds: rounds, peers: peers)
        rows.append(row)
        print(line(row, workload))
      }
    }
    return rows
  }

  /// Each in processes of their own, three times; the medians by time.
  private func measureFootprints(
    _ wanted: [(name: String, workload: String)], _ pythons: [Library: String]
  ) throws -> [Footprint.Row] {
    print(
      """

      memory: what three steps add at the most to what the process held before. start: seconds from the
      start of a process to its first step (\(Footprint.first)), and all memory that it holds then; \
      to reach: \(Footprint.goals.seconds) s, \(Footprint.goals.bytes >> 20) MiB

      process                threads       ours s   PyTorch s     JAX s    ours MiB PyTorch MiB     JAX MiB
      """)
    func median(_ command: [String], _ threads: Int, _ workload: String) throws -> Footprint? {
      let found = try (0..<3).compactMap { _ in
        try Footprint(command, threads: threads, workload)
      }.sorted { $0.seconds < $1.seconds }
      return found.isEmpty ? nil : found[found.count / 2]
    }
    func peer(_ library: Library, _ threads: Int, _ workload: String) throws -> Footprint? {
      guard let python = pythons[library] else { return nil }
      return try median([python, library.scriptPath()], threads, workload)
    }
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    var rows: [Footprint.Row] = []
    for (name, workload) in wanted where Workload.all.contains(where: { $0.name == workload }) {
      let threads = threadCounts[0]
      guard let ours = try median([own ?? CommandLine.arguments[0], "probe"], threads, workload)
      else { throw Peer.Failure(description: "\(name): the process says nothing of its memory") }
      let row = Footprint.Row(
        workload: name, threads: threads, ours: ours, peer: try peer(.torch, threads, workload),
        jax: try peer(.jax, threads, workload))
      rows.append(row)
      func mebibytes(_ footprint: Footprint?) -> Double? {
        footprint.map { Double(row.bytes($0)) / 1_048_576 }
      }
      print(
        name.padding(toLength: 22, withPad: " ", startingAt: 0)
          + number(Double(threads), "%.0f", 8) + number(row.ours.seconds, "%.3f", 13)
          + number(row.peer?.seconds, "%.3f", 12) + number(row.jax?.seconds, "%.3f", 10)
          + number(mebibytes(row.ours), "%.1f", 12) + number(mebibytes(row.peer), "%.1f", 12)
          + number(mebibytes(row.jax), "%.1f", 12))
    }
    return rows
  }

  /// Every step with each number of threads, turn by turn.
  private func timeSharing() -> [Turns.Row] {
    guard threadCounts.count > 1 else { return [] }
    print(
      """

      sharing: the same step with each number of threads in turn, and times as long as on the first; \
      to reach: nowhere above \(number(Sharing.goal, "%.2f", 0))

      workload                threads      ours ms    times
      """)
    return Workload.all.flatMap { workload in
      let rows = Sharing.rows(workload, threads: threadCounts, rounds: 4 * rounds)
      rows.forEach(tell)
      return rows
    }
  }

  /// Cells by the general fused path beside the LSTM.
  private func timeCells() -> [Turns.Row] {
    print(
      """

      cells: beside the LSTM of their size, in turn, times as long; to reach: \
      \(number(Cells.goal, "%.2f", 0))

      workload                threads      ours ms    times
      """)
    return threadCounts.flatMap { threads in
      Cells.compared.sorted { $0.key > $1.key }.flatMap { first, others in
        let rows = Cells.rows(first, others, threads: threads, rounds: 2 * rounds)
        rows.forEach(tell)
        return rows
      }
    }
  }

  private func tell(_ row: Turns.Row) {
    print(
      row.workload.padding(toLength: 26, withPad: " ", startingAt: 0)
        + number(Double(row.threads), "%.0f", 5) + number(row.ours * 1e3, "%.4f", 13)
        + number(row.times, "%.3f", 9))
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
      + number(row.share == nil ? nil : row.peak * 1e-9, "(%.0f)", 10)
      + number(row.jax.map { $0 * 1e3 }, "%.4f", 13) + number(row.jaxRatio, "%.2f", 8)
  }

  private func processorName() -> String {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    let name = line?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces)
    return name ?? "unknown"
  }
}
