import Foundation
import TestSupport
import Testing
import Training

/// How often tests kill: `UNROLL_KILLS=200` for more.
private let kills = ProcessInfo.processInfo.environment["UNROLL_KILLS"].flatMap { Int($0) } ?? 20

/// Ends the run after the epoch.
private final class LastEpoch: Callback {
  func onEpochEnd(_ epoch: Int, logs: inout Logs, _ session: any TrainingSession) {
    session.stopTraining = true
  }
}

/// Trainings that write all the time are killed at moments spread over the first of it.
@Suite struct KillTests {
  static func train(in folder: URL, epochs: Int, _ last: any Callback) throws -> History {
    try Task().fit(
      epochs: epochs,
      [
        BackupAndRestore(folder.appendingPathComponent("run.safetensors")),
        ModelCheckpoint(
          folder.appendingPathComponent("weights.safetensors"),
          saveWeightsOnly: true, saveFreq: .batches(1)),
        ModelCheckpoint(
          folder.appendingPathComponent("checkpoint.safetensors"),
          saveFreq: .batches(1)),
        CSVLogger(folder.appendingPathComponent("log.csv"), append: true), last,
      ])
  }

  @Test func whatWasWrittenIsWhole() async throws {
    let scratch = Scratch()
    var found = 0
    for round in 0..<kills {
      let path = scratch.url.path
      let pause = UInt32(round % 20) * 2000
      // Every other time from when there is something to break, however slow the machine.
      let first = round % 2 == 0 ? "\(path)/checkpoint.safetensors" : path
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [path = path as String, pause = pause as UInt32, first = first as String] in
        Thread.detachNewThread {
          while access(first, F_OK) != 0 { usleep(100) }
          usleep(pause)
          kill(getpid(), SIGKILL)
        }
        _ = try KillTests.train(in: URL(fileURLWithPath: path), epochs: .max, Idle())
      }
      for name in ["run", "weights", "checkpoint"] {
        let file = scratch["\(name).safetensors"]
        guard FileManager.default.fileExists(atPath: file.path) else { continue }
        found += 1
        #expect(try Safetensors(contentsOf: file).arrays.isEmpty == false)
      }
      if let log = try? String(contentsOf: scratch["log.csv"], encoding: .utf8) {
        #expect(log.hasSuffix("\n"))
        #expect(Set(log.split(separator: "\n").map { $0.split(separator: ",").count }).count == 1)
      }
    }
    #expect(found > 0)

    // The next run goes on from what is there, and from the checkpoint another one would.
    let history = try Self.train(in: scratch.url, epochs: .max, LastEpoch())
    #expect(!history.epochs.isEmpty)
    #expect(scratch.names.filter { !$0.hasPrefix(".") }.first == "checkpoint.safetensors")
  }
}
