import Arrays
import Foundation

extension DataFolder {
  /// Fetches the files of a set that are not there yet, unpacks them, and puts them in their places.
  /// Those that are there are compared with what they should be, and left as they are.
  ///
  /// - Throws: `DownloadError`, `ArchiveError`; of a file that is there already and is another
  ///   `DownloadError` with the reason `other`.
  public func download(_ set: KnownDataset, using downloader: Downloader = Downloader()) throws {
    try download(set.sources, using: downloader)
  }

  /// The same of a set of one's own.
  public func download(
    _ sources: [KnownDataset.Source], using downloader: Downloader = Downloader()
  ) throws {
    for source in sources {
      switch source.unpacking {
      case .file(let path):
        try downloader.fetch(source.remote, to: url.appendingPathComponent(path))
      case .zip(let wanted), .tar(let wanted):
        try unpack(source, to: Array(wanted.values), using: downloader)
      case .poems(let path): try unpack(source, to: [path], using: downloader)
      }
    }
  }

  /// Fetches an archive into a scratch folder, unpacks it there, and moves what is wanted to its
  /// places when all of it is as expected.
  private func unpack(
    _ source: KnownDataset.Source, to targets: [String], using downloader: Downloader
  ) throws {
    if try areThere(targets, of: source) { return }
    let name = source.remote.address.lastPathComponent
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      let scratch = try ScratchFolder(url.appendingPathComponent(".downloads", isDirectory: true))
      // Another program may have come first.
      if try areThere(targets, of: source) { return }
      let packed = scratch.url.appendingPathComponent(name.isPlainName ? name : "archive")
      try downloader.fetch(source.remote, to: packed)
      // It is not needed any more, and a broken one is fetched anew at the next attempt.
      defer { unlink(packed.path) }
      let files = try unpacked(Array(try Data(contentsOf: packed)), source, name: name)
      try place(files, from: try scratch.makeFolder(), of: source)
    } catch let problem as FileProblem {
      throw ArchiveError(file: url.path, problem: "cannot be written: \(problem)")
    }
  }

  /// The wanted files of an archive by their paths below the data folder.
  private func unpacked(
    _ bytes: [UInt8], _ source: KnownDataset.Source, name: String
  ) throws -> NameTable<[UInt8]> {
    let files =
      switch source.unpacking {
      case .file: NameTable<[UInt8]>()
      case .zip(let wanted): try pick(wanted, from: try Archive.zip(bytes, name: name), name: name)
      case .tar(let wanted): try pick(wanted, from: try Archive.tar(bytes, name: name), name: name)
      case .poems(let path): NameTable([path: try poems(bytes, name: name)])
      }
    guard !source.contents.isEmpty else { return files }
    for (path, known) in source.contents {
      guard let bytes = files[path] else {
        throw ArchiveError(file: name, problem: "there is no file for \(path) in the archive")
      }
      let found = known[0].of(bytes)
      guard known.contains(found) else {
        throw ArchiveError(
          file: name, problem: "what it has for \(path) is not the file expected (\(found))")
      }
    }
    // By bytes: another program's "K" may be the sign for kelvin.
    let known = NameTable(source.contents)
    return files.filter { known[$0.key] != nil }
  }

  /// Files by name, and all files of folders (whose names end in "/"). The archive's own names say
  /// no more than what a file of such a folder is called.
  private func pick(
    _ wanted: [String: String], from files: NameTable<[UInt8]>, name: String
  ) throws -> NameTable<[UInt8]> {
    var picked = NameTable<[UInt8]>()
    for (from, to) in wanted {
      guard from.hasSuffix("/") else {
        guard let bytes = files[from] else {
          throw ArchiveError(file: name, problem: "there is no file \(from) in the archive")
        }
        picked[to] = bytes
        continue
      }
      var isEmpty = true
      for (path, bytes) in files where path.utf8.starts(with: from.utf8) {
        let file = String(decoding: path.utf8.dropFirst(from.utf8.count), as: UTF8.self)
        guard file.isPlainName else { continue }
        picked[to + file] = bytes
        isEmpty = false
      }
      guard !isEmpty else {
        throw ArchiveError(file: name, problem: "there is no folder \(from) in the archive")
      }
    }
    return picked
  }

  /// Poems in JSON as lines of title, author and text with tabs between them.
  private func poems(_ bytes: [UInt8], name: String) throws -> [UInt8] {
    struct Entry: Decodable {
      let title, author: String
      let paragraphs: [String]
    }
    guard let poems = try? JSONDecoder().decode([Entry].self, from: Data(bytes)) else {
      throw ArchiveError(file: name, problem: "is not a list of poems in JSON")
    }
    func field(_ text: String) -> String {
      let plain = text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }
      return String(String.UnicodeScalarView(plain))
    }
    let lines = poems.map {
      [$0.title, $0.author, $0.paragraphs.joined()].map(field).joined(separator: "\t") + "\n"
    }
    return Array(lines.joined().utf8)
  }

  /// Writes files beside their places first, then moves each; a folder is moved when all its files
  /// are in it.
  private func place(
    _ files: NameTable<[UInt8]>, from staging: URL, of source: KnownDataset.Source
  ) throws {
    var folder: String?
    switch source.unpacking {
    case .zip(let wanted), .tar(let wanted): folder = wanted.values.first { $0.hasSuffix("/") }
    case .file, .poems: break
    }
    // Files of a folder keep their names; others are told apart by numbers.
    var staged: [(URL, to: String)] = []
    for (number, (path, bytes)) in files.enumerated() {
      let file =
        folder.map { String(decoding: path.utf8.dropFirst($0.utf8.count), as: UTF8.self) }
        ?? "\(number)"
      let place = staging.appendingPathComponent(file)
      try writeNew(bytes, to: place)
      staged.append((place, path))
    }
    for (from, to) in folder.map({ [(staging, to: String($0.dropLast()))] }) ?? staged {
      let target = url.appendingPathComponent(to)
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      guard rename(from.path, target.path) == 0 else {
        throw ArchiveError(file: target.path, problem: "cannot be written: \(FileProblem.last)")
      }
    }
  }

  /// Whether files and folders are all there. What is there is compared with what it may be.
  private func areThere(_ targets: [String], of source: KnownDataset.Source) throws -> Bool {
    func isThere(_ path: String) -> Bool {
      FileManager.default.fileExists(atPath: url.appendingPathComponent(path).path)
    }
    for (path, known) in source.contents.sorted(by: { $0.key < $1.key }) where isThere(path) {
      let file = url.appendingPathComponent(path)
      guard let data = try? Data(contentsOf: file), case let found = known[0].of(data),
        !known.contains(found)
      else { continue }
      throw DownloadError(
        address: source.remote.address,
        reason: .other(file: file.path, expected: known[0], found: found))
    }
    return targets.allSatisfy(isThere) && source.contents.keys.allSatisfy(isThere)
  }
}
