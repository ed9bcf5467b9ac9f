import Foundation
import Datasets
import Sequences

/// Work on data before a network sees it. Its peer is pandas, which the peer's Python must have.
extension Workload {
  /// The folder of real data that `UNROLL_DATA` names, or ../shared/data.
  static let dataFolder: DataFolder = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return .named
      ?? DataFolder(root.deletingLastPathComponent().appendingPathComponent("shared/data"))
  }()

  /// Reading the 43,824 hours of the Beijing file, where it is.
  static let sequences: [Workload] =
    dataFolder.has(.beijingAir)
    ? [
      Workload(name: "beijing_csv", goal: 1) {
        {
          guard (try? dataFolder.beijingAir())?.count == 43_824 else {
            fatalError("beijing_csv: \(dataFolder.url.path)/pollution.csv cannot be read")
          }
        }
      }
    ] : []
}
