import Foundation
import Notebook
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
        say("\(set.rawValue): there already")
        continue
      }
      let line = ProgressLine(set.rawValue)
      defer { line.end() }
      try folder.download(set, using: Downloader { line.update($0, $1) })
      say("\(set.rawValue): fetched")
    }
    say("The chapters run on it with --data \(folder.url.path)")
  }

  private static func say(_ line: String) { StandardStreams.write(line + "\n") }
}
