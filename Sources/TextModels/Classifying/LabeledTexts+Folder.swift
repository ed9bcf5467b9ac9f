import Foundation

extension LabeledTexts {
  /// Reads a folder with a subfolder for each class and in it a file for each text, or with a file
  /// for each class and in it a line for each text.
  ///
  /// Files that end in `.txt` are read, or all, where none does; hidden ones never. The class is
  /// called as the subfolder, or as the file without its ending. White space around a text, empty
  /// lines and empty files are left out. Text is UTF-8.
  ///
  /// - Throws: `TextError` for a folder that is neither, or has fewer than two classes, for a class
  ///   without a text, and for what is no text.
  public init(folder: URL) throws {
    let top = try FolderList(folder)
    var reader = ClassReader()
    if top.folders.isEmpty {
      let files = top.files.contains(where: isText) ? top.files.filter(isText) : top.files
      reader.pass(over: top.files.filter { !files.contains($0) })
      let stems = files.map { ($0 as NSString).deletingPathExtension }
      let areTold = Set(stems).count == stems.count
      for (file, stem) in zip(files, stems) {
        try reader.addLines(of: folder.appendingPathComponent(file), as: areTold ? stem : file)
      }
    } else {
      let texts = top.files.filter(isText)
      guard texts.isEmpty else {
        throw TextError(
          file: top.name,
          problem: "has folders (\(some(top.folders))) and text files (\(some(texts))): "
            + "a class is the one or the other")
      }
      reader.pass(over: top.files)
      let inner = try top.folders.map { try FolderList(folder.appendingPathComponent($0)) }
      let hasEnding = inner.contains { $0.files.contains(where: isText) }
      for list in inner {
        reader.pass(over: list.folders.map { "\(list.name)/\($0)" })
        let files = hasEnding ? list.files.filter(isText) : list.files
        reader.pass(over: list.files.filter { !files.contains($0) }.map { "\(list.name)/\($0)" })
        try reader.addFiles(files, in: list.url)
      }
    }
    guard !reader.classes.isEmpty else {
      throw TextError(file: top.name, problem: "there are no text files in it")
    }
    guard reader.classes.count > 1 else {
      throw TextError(
        file: top.name,
        problem: "has one class only, \(reader.classes[0]): there is nothing to tell apart")
    }
    self.init(
      reader.texts, labels: reader.labels, classes: reader.classes, sources: reader.sources,
      notes: reader.notes)
  }
}

/// What a folder has, but for the hidden, in the order of the names.
private struct FolderList {
  let url: URL
  var name: String { url.lastPathComponent }
  private(set) var folders: [String] = [], files: [String] = []

  init(_ url: URL) throws {
    self.url = url
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: url.path) } catch {
      var isFolder: ObjCBool = false
      let isThere = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
      throw TextError(
        file: url.path,
        problem: !isThere
          ? "there is no such folder" : isFolder.boolValue ? error.systemReason : "is no folder")
    }
    for name in names.exactlySorted() where !name.hasPrefix(".") {
      var isFolder: ObjCBool = false
      // A link that leads nowhere is told when it is read.
      _ = FileManager.default.fileExists(
        atPath: url.appendingPathComponent(name).path, isDirectory: &isFolder)
      if isFolder.boolValue { folders.append(name) } else { files.append(name) }
    }
  }
}

private func isText(_ file: String) -> Bool { file.lowercased().hasSuffix(".txt") }

private func some(_ names: [String]) -> String {
  names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
}

/// Gathers texts class by class.
private struct ClassReader {
  var texts: [String] = [], labels: [Int] = [], classes: [String] = [], sources: [String] = []
  private var passedOver: [String] = [], emptyLines = 0, emptyFiles: [String] = []

  var notes: [String] {
    var notes: [String] = []
    if !passedOver.isEmpty {
      notes.append("passed over \(passedOver.count): \(some(passedOver))")
    }
    if emptyLines > 0 {
      notes.append("left out \(emptyLines) empty line\(emptyLines == 1 ? "" : "s")")
    }
    if !emptyFiles.isEmpty {
      notes.append("left out empty files, \(emptyFiles.count): \(some(emptyFiles))")
    }
    return notes
  }

  mutating func pass(over names: [String]) { passedOver += names }

  mutating func addLines(of file: URL, as name: String) throws {
    let before = texts.count
    var lines = try read(file, "").split(separator: "\n", omittingEmptySubsequences: false)
    // The last line's end begins no other.
    if lines.last?.isEmpty == true { lines.removeLast() }
    for (place, line) in lines.enumerated() {
      let text = line.trimmingCharacters(in: .whitespacesAndNewlines)
      if text.isEmpty {
        emptyLines += 1
      } else {
        add(text, "\(file.lastPathComponent), line \(place + 1)")
      }
    }
    try end(name, hasTexts: texts.count > before)
  }

  mutating func addFiles(_ files: [String], in folder: URL) throws {
    let name = folder.lastPathComponent, before = texts.count
    for file in files {
      let text = try read(folder.appendingPathComponent(file), name + "/")
        .trimmingCharacters(in: .whitespacesAndNewlines)
      if text.isEmpty {
        emptyFiles.append("\(name)/\(file)")
      } else {
        add(text, "\(name)/\(file)")
      }
    }
    try end(name, hasTexts: texts.count > before)
  }

  private mutating func add(_ text: String, _ source: String) {
    texts.append(text)
    labels.append(classes.count)
    sources.append(source)
  }

  private mutating func end(_ name: String, hasTexts: Bool) throws {
    guard hasTexts else { throw TextError(file: name, problem: "the class has no text") }
    classes.append(name)
  }

  /// An empty file is an empty text.
  private func read(_ file: URL, _ prefix: String) throws -> String {
    do { return try UserText.read(file) } catch let error as TextError {
      if (try? Data(contentsOf: file))?.isEmpty == true { return "" }
      throw TextError(file: prefix + error.file, line: error.line, problem: error.problem)
    }
  }
}
