import ArgumentParser
import Foundation

/// Gives the readers of outside bytes what nobody would send them on purpose.
///
/// Built plainly it makes inputs blindly; built with `-D LIBFUZZER` and the fuzzer's instrumentation
/// (see `.ci/fuzz`) libFuzzer does, guided by the branches that inputs take.
@main struct Fuzz: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz",
    abstract:
      "Gives a reader of outside bytes strange inputs, and stops where it does not keep up.",
    discussion: "Readers: \(Reader.all.map(\.name).joined(separator: ", ")).")

  @Argument(help: "The reader; all, one after the other, if left out.") var reader: String?
  @Flag(help: "Names the readers, a line each.") var list = false
  @Option(help: "How many inputs.") var runs = 10_000
  @Option(help: "libFuzzer stops after so many seconds a reader.") var seconds: Int?
  @Option(help: "Where the inputs' chances come from.") var seed: UInt64 = 1
  @Option(help: "Reads this file alone, such as one that libFuzzer left.") var file: String?
  @Option(help: "libFuzzer's folder of inputs that it goes on from, one a reader.") var corpus:
    String?

  func validate() throws {
    if let reader, !Reader.all.contains(where: { $0.name == reader }) {
      throw ValidationError("there is no reader '\(reader)'")
    }
    if file != nil && reader == nil { throw ValidationError("--file needs a reader") }
  }

  func run() throws {
    if list { return Reader.all.forEach { print($0.name) } }
    signal(SIGPIPE, SIG_IGN)
    for each in Reader.all where reader == nil || each.name == reader {
      if let file {
        each.take(Array(try Data(contentsOf: URL(fileURLWithPath: file))))
        print("\(each.name): read")
        continue
      }
      #if LIBFUZZER
        try guided(each)
      #else
        var mutator = Mutator(try each.seeds(), seed: seed)
        for seed in try each.seeds() { each.take(seed) }
        for _ in 0..<runs {
          let input = mutator.next()
          // A stop of the program leaves the input that caused it.
          try Data(input).write(to: scratch.appendingPathComponent("last"))
          each.take(input)
        }
        print("\(each.name): \(runs) inputs")
      #endif
    }
  }
}

#if LIBFUZZER
  @_silgen_name("LLVMFuzzerRunDriver")
  private func LLVMFuzzerRunDriver(
    _ argc: UnsafeMutablePointer<Int32>,
    _ argv: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
  ) -> Int32

  nonisolated(unsafe) private var current: Reader?

  extension Fuzz {
    /// Writes the seeds where libFuzzer finds them and lets it run.
    private func guided(_ reader: Reader) throws {
      let folder = URL(fileURLWithPath: corpus ?? scratch.path).appendingPathComponent(reader.name)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for (number, seed) in try reader.seeds().enumerated() {
        try Data(seed).write(to: folder.appendingPathComponent("seed-\(number)"))
      }
      current = reader
      let words =
        [
          "fuzz", folder.path, "-runs=\(runs)", "-seed=\(seed)", "-timeout=10",
          "-rss_limit_mb=2048",
          "-malloc_limit_mb=1024", "-print_final_stats=1",
          "-artifact_prefix=\(FileManager.default.currentDirectoryPath)/.build-fuzz/\(reader.name)-",
          "-close_fd_mask=1", "-verbosity=0",
        ]
        + (seconds.map { ["-max_total_time=\($0)"] } ?? [])
      var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
      var count = Int32(words.count)
      let status = arguments.withUnsafeMutableBufferPointer { list -> Int32 in
        var start = list.baseAddress!
        return LLVMFuzzerRunDriver(&count, &start) { bytes, length in
          current?.take(Array(UnsafeBufferPointer(start: bytes, count: length)))
          return 0
        }
      }
      if status != 0 { throw ExitCode(status) }
    }
  }
#endif
