import Datasets
import Foundation
import Notebook

/// `unroll download`: fetches data sets into a folder, the user's cache if none is named.
enum Download {
  static func run(_ names: [String], into named: String?) throws {
    let folder =
      named.map { DataFolder(URL(fileURLWithPath: $0, isDirectory: true)) }
      ?? DataFolder.named ?? .cache
    let sets =
      names.isEmpty ? KnownDataset.allCases : names.compactMap(KnownDataset.init(rawValue:))
    for set in sets {
      let wasThere = folder.has(set)
      let line = DownloadProgress(set.rawValue)
      defer { line.end() }
      do {
        // What is there is compared with what it should be.
        try folder.download(set, using: Downloader { line.update($0, $1) })
        say("\(set.rawValue): \(wasThere ? "there already, and whole" : "fetched")")
      } catch let error as DownloadError {
        guard wasThere, case .other(let file, _, _) = error.reason else { throw error }
        say("\(set.rawValue): there already; \(file) is another edition, left as it is")
      }
    }
    say("The chapters run on it with --data \(folder.url.path)")
  }

  private static func say(_ line: String) {
    StandardStreams.write(UnrollAll.words.told(line) + "\n")
  }
}
