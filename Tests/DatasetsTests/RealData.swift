import Foundation
import Datasets
import Sequences
import Testing

/// The folder of real data beside the project, `../shared/data`, if there is one.
let realData: URL? = {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  let folders = [
    root.deletingLastPathComponent().appendingPathComponent("shared/data"),
    ProcessInfo.processInfo.environment["UNROLL_DATA"].map { URL(fileURLWithPath: $0) },
  ]
  return folders.compactMap { $0 }.first { FileManager.default.fileExists(atPath: $0.path) }
}()

extension Trait where Self == ConditionTrait {
  /// Runs where the real data is, and says so where it is not.
  static var needsRealData: Self {
    .enabled(if: realData != nil, "needs the data folder ../shared/data")
  }
}
