import Foundation

extension DataFolder {
  /// Fetches the files of a set that are not there yet, unpacks them, and puts them in their places.
  ///
  /// - Throws: `DownloadError`, `ArchiveError`.
  public func download(_ set: DataSet, using downloader: Downloader = Downloader()) throws {
    if !has(set) { try download(set.sources, using: downloader) }
  }

  package func download(_ sources: [DataSet.Source], using downloader: Downloader) throws {
    for source in sources {
      if case .file(let path) = source.unpacking {
        try downloader.fetch(source.remote, to: url.appendingPathComponent(path))
        continue
      }
      let name = source.remote.address.lastPathComponent
      let packed = url.appendingPathComponent(".downloads/\(name)")
      try downloader.fetch(source.remote, to: packed)
      do {
        try unpack(Array(try Data(contentsOf: packed)), source.unpacking, name: name)
      } catch {
        // A broken archive is fetched anew at the next attempt.
        try? FileManager.default.removeItem(at: packed)
        throw error
      }
      try? FileManager.default.removeItem(at: packed)
      rmdir(url.appendingPathComponent(".downloads").path)
    }
  }

  private func unpack(
    _ bytes: [UInt8], _ unpacking: DataSet.Source.Unpacking, name: String
  ) throws {
    switch unpacking {
    case .file: return
    case .zip(let wanted): try place(try Archive.zip(bytes, name: name), wanted, name: name)
    case .tar(let wanted): try place(try Archive.tar(bytes, name: name), wanted, name: name)
    case .poems(let path):
      struct Entry: Decodable {
        let title, author: String
        let paragraphs: [String]
      }
      guard let poems = try? JSONDecoder().decode([Entry].self, from: Data(bytes)) else {
        throw ArchiveError(file: name, problem: "is not a list of poems in JSON")
      }
      let lines = poems.map { "\($0.title)\t\($0.author)\t\($0.paragraphs.joined())\n" }
      try write(Array(lines.joined().utf8), to: path)
    }
  }

  private func place(
    _ files: [String: [UInt8]], _ wanted: [String: String], name: String
  ) throws {
    for (from, to) in wanted.sorted(by: { $0.key < $1.key }) {
      if from.hasSuffix("/") {
        let below = files.filter {
          $0.key.hasPrefix(from) && !$0.key.dropFirst(from.count).contains("/")
        }
        guard !below.isEmpty else {
          throw ArchiveError(file: name, problem: "there is no folder \(from) in the archive")
        }
        // All or none: the folder is moved to its place when every file is in it.
        let staging = String(to.dropLast()) + ".part/"
        for (path, bytes) in below { try write(bytes, to: staging + path.dropFirst(from.count)) }
        try? FileManager.default.removeItem(at: url.appendingPathComponent(to))
        try FileManager.default.moveItem(
          at: url.appendingPathComponent(staging), to: url.appendingPathComponent(to))
      } else {
        guard let bytes = files[from] else {
          throw ArchiveError(file: name, problem: "there is no file \(from) in the archive")
        }
        try write(bytes, to: to)
      }
    }
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    let file = url.appendingPathComponent(path)
    do {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: file, options: .atomic)
    } catch {
      throw ArchiveError(
        file: file.path, problem: "cannot be written: \(error.localizedDescription)")
    }
  }
}
