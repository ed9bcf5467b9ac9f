import Foundation
import Sequences

/// `unroll download`: fetches data sets into a folder, the user's cache if none is named.
enum Download {
  static func run(_ names: [String], into named: String?) throws {
    let folder =
      named.map { DataFolder(URL(fileURLWithPath: $0, isDirectory: true)) }
      ?? DataFolder.named ?? .cache
    let sets = names.isEmpty ? DataSet.allCases : names.compactMap(DataSet.init(rawValue:))
    for set in sets {
      if folder.has(set) {
        print("\(set.rawValue): there already")
        continue
      }
      let line = ProgressLine(set.rawValue)
      defer { line.end() }
      try folder.download(set, using: Downloader { line.update($0, $1) })
      print("\(set.rawValue): fetched")
    }
    print("The chapters run on it with --data \(folder.url.path)")
  }
}
