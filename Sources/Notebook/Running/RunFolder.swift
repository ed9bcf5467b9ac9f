import Foundation

/// The folder that a run has for itself: `.run-<chapter>-XXXXXX` beside the chapter's.
///
/// In it stand `run`, where the run writes, and, while its files are moved into place, `journal`,
/// which holds the identity of `run`. If another folder is called `run` then, it is the one that
/// was replaced.
struct RunFolder {
  let path: String
  private let place: String
  var run: String { path + "/run" }
  private var journal: String { path + "/journal" }
  /// Where the replaced folder stands if two folders cannot change places in one step.
  private var replaced: String { path + "/replaced" }

  init(for chapter: String, in root: URL) throws(NotebookError) {
    place = root.appendingPathComponent(chapter).path
    var name = Array("\(root.path)/.run-\(chapter)-XXXXXX".utf8CString)
    guard mkdtemp(&name) != nil else { throw NotebookError(systemReason(errno)) }
    path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard mkdir(run, 0o777) == 0 else {
      let error = errno
      rmdir(path)
      throw NotebookError(systemReason(error))
    }
  }

  private init?(leftover name: String, in root: URL) {
    guard let match = name.wholeMatch(of: #/\.run-(.+)-[A-Za-z0-9]{6}/#) else { return nil }
    path = "\(root.path)/\(name)"
    place = root.appendingPathComponent(String(match.1)).path
    guard FileSystem.kind(path) == .folder, FileSystem.isOwn(path) else { return nil }
  }

  /// What could be known before any work is done of why `publish` will fail.
  func cannotPublish() -> NotebookError? {
    for name in FileSystem.names(in: place) where name.hasPrefix("chapter.") || name == "run.json" {
      if let problem = obstacle(name) { return problem }
    }
    if let closed = closedFolder(in: place) {
      return NotebookError("\(closed) could not be carried over: \(systemReason(EACCES))")
    }
    // As it isn't empty, the folder of the run will not be overwritten, whatever else is the matter.
    if rename(place, path) != 0, errno == EBUSY {
      return NotebookError("it is a mount point; the output folder must be one on that volume")
    }
    return nil
  }

  /// A folder that this user may not look into or take from.
  private func closedFolder(in folder: String) -> String? {
    for name in FileSystem.names(in: folder) where FileSystem.kind("\(folder)/\(name)") == .folder {
      let path = "\(folder)/\(name)"
      if access(path, R_OK | W_OK | X_OK) != 0 { return path }
      if let closed = closedFolder(in: path) { return closed }
    }
    return nil
  }

  private func obstacle(_ name: String) -> NotebookError? {
    guard let there = FileSystem.kind("\(place)/\(name)"), there != .file else { return nil }
    return NotebookError("\(name) there is no file of a run; move it away")
  }

  // MARK: - Moving into place

  /// Lets `run` take the chapter folder's place.
  ///
  /// - Returns: whether pages and results carry the part's name, and what was replaced that the
  ///   runs which end here did not write.
  func publish(
    _ description: RunDescription, exchanges: Bool, step: () -> Void
  ) throws -> (isBeside: Bool, replaced: [String]) {
    let folder = URL(fileURLWithPath: place, isDirectory: true)
    let staging = URL(fileURLWithPath: run, isDirectory: true)
    let isBeside = standsBeside(description.part, in: folder)
    if let part = description.part, isBeside { try renamePages(part) }
    var description = description
    try description.note(filesIn: staging)
    let record = RunDescription.file(of: isBeside ? description.part : nil)
    try JSONEncoder.pretty.encode(description).write(to: staging.appendingPathComponent(record))
    step()

    // A whole run ends what parts have left; a part ends only what it left itself.
    let records = RunDescription.files(in: folder).filter {
      $0.file == record
        || description.part == nil && RunDescription(in: folder, part: $0.part) != nil
    }
    let ended = records.compactMap { RunDescription(in: folder, part: $0.part) }
    let others = try conflicts(description.files, ended)
    let identity = Data((FileSystem.identity(run) ?? "").utf8)
    try identity.write(to: URL(fileURLWithPath: journal), options: .atomic)
    step()
    carry(besides: records.map(\.file), ended)
    step()
    if let mode = FileSystem.mode(place) { chmod(run, mode) }
    try swap(exchanges: exchanges, step: step)
    step()
    settle()
    step()
    return (isBeside, others)
  }

  /// Whether a part that is told alone stands beside the run that is there: one of all or of other
  /// parts, whose pages it shall not take away.
  private func standsBeside(_ part: String?, in folder: URL) -> Bool {
    guard part != nil, FileSystem.kind("\(place)/run.json") != nil else { return false }
    return RunDescription(in: folder)?.part != part
  }

  private func renamePages(_ part: String) throws {
    for name in FileSystem.names(in: run) {
      guard let match = name.wholeMatch(of: #/(chapter|results)(\.[a-z]+)/#) else { continue }
      guard rename("\(run)/\(name)", "\(run)/\(match.1)-\(part)\(match.2)") == 0 else {
        throw NotebookError("\(run)/\(name): \(systemReason(errno))")
      }
    }
  }

  /// The files that will be replaced though `ended`, the runs that end here, did not write them.
  private func conflicts(_ files: [String], _ ended: [RunDescription]) throws -> [String] {
    var others: [String] = []
    for name in files {
      // A folder that both have is one; what is in the way is a folder for a file, or the reverse.
      var parts = name.split(separator: "/")
      if let problem = obstacle(name) {
        throw NotebookError("cannot write to \(place): \(problem)")
      }
      while parts.popLast() != nil, !parts.isEmpty {
        let above = parts.joined(separator: "/")
        if let kind = FileSystem.kind("\(place)/\(above)"), kind != .folder {
          throw NotebookError("cannot write to \(place): \(above) there is no folder; move it away")
        }
      }
      if FileSystem.kind("\(place)/\(name)") != nil,
        !ended.contains(where: { $0.files.contains(name) })
      {
        others.append(name)
      }
    }
    return others
  }

  /// Gives what stays a second name in `run`, so that it is there from the first moment. Where the
  /// file system has no second names it is moved afterward.
  private func carry(besides records: [String], _ ended: [RunDescription]) {
    carry(place, to: run) { name, path in
      records.contains(name) || ended.contains { $0.wrote(name, at: path) }
    }
  }

  private func carry(
    _ folder: String, to target: String, below prefix: String = "",
    unless isDone: (_ name: String, _ path: String) -> Bool
  ) {
    for name in FileSystem.names(in: folder) {
      let (old, new) = ("\(folder)/\(name)", "\(target)/\(name)")
      if FileSystem.kind(old) == .folder {
        if mkdir(new, 0o700) == 0, let mode = FileSystem.mode(old) { chmod(new, mode) }
        carry(old, to: new, below: "\(prefix)\(name)/", unless: isDone)
      } else if !isDone(prefix + name, old) {
        linkat(AT_FDCWD, old, AT_FDCWD, new, 0)
      }
    }
  }

  private func swap(exchanges: Bool, step: () -> Void) throws {
    if FileSystem.kind(place) != nil {
      if exchanges, FileSystem.exchange(run, place) { return }
      guard rename(place, replaced) == 0 else { throw failure() }
      step()
    }
    guard rename(run, place) == 0 else {
      let failure = failure()
      rename(replaced, place)
      throw failure
    }
  }

  private func failure() -> NotebookError {
    NotebookError("cannot write \(place): \(systemReason(errno))")
  }

  // MARK: - Putting in order

  /// Does what is left to do once `publish` has begun to move: the same after a kill as in a run.
  private func settle() {
    let noted = try? String(contentsOfFile: journal, encoding: .utf8)
    guard let noted else { return }
    if FileSystem.kind(place) == nil, FileSystem.kind(replaced) == .folder {
      rename(replaced, place)
    }
    for folder in [run, replaced] where FileSystem.kind(folder) == .folder {
      if FileSystem.identity(folder) != noted { retire(folder) }
    }
  }

  /// Takes a folder apart that has been replaced: second names of what is in the new one too, what
  /// the new run has written anew, and what a run wrote that has ended, goes; all else moves.
  private func retire(_ folder: String) {
    let (old, new) = (URL(fileURLWithPath: folder), URL(fileURLWithPath: place))
    let ended = RunDescription.files(in: old).filter { record in
      let now = try? Data(contentsOf: new.appendingPathComponent(record.file))
      return now != (try? Data(contentsOf: old.appendingPathComponent(record.file)))
    }
    let runs = ended.compactMap { RunDescription(in: old, part: $0.part) }
    let records = RunDescription.files(in: new)
    let written = Set(
      records.map(\.file)
        + records.flatMap { RunDescription(in: new, part: $0.part)?.files ?? [] })
    retire(folder, into: place) { name, path, isThereAnew in
      isThereAnew && written.contains(name)
        || ended.contains { $0.file == name && RunDescription(in: old, part: $0.part) != nil }
        || runs.contains { $0.wrote(name, at: path) }
    }
  }

  private func retire(
    _ folder: String, into target: String, below prefix: String = "",
    if isDone: (_ name: String, _ path: String, _ isThereAnew: Bool) -> Bool
  ) {
    // Descriptions of runs last, as they are what the others are known by.
    let names = FileSystem.names(in: folder)
    let records = names.filter { $0.hasPrefix("run") && $0.hasSuffix(".json") }
    for name in names.filter({ !records.contains($0) }) + records {
      let (old, new) = ("\(folder)/\(name)", "\(target)/\(name)")
      switch (FileSystem.kind(old), FileSystem.kind(new)) {
      case (.folder, .folder): retire(old, into: new, below: "\(prefix)\(name)/", if: isDone)
      case (.folder, nil): rename(old, new)
      case (.folder, _): break
      case (_, nil): if isDone(prefix + name, old, false) { unlink(old) } else { rename(old, new) }
      case (_, .folder): break
      default:
        let isSecondName = FileSystem.identity(old) == FileSystem.identity(new)
        if isSecondName || isDone(prefix + name, old, true) { unlink(old) }
      }
    }
    rmdir(folder)
  }

  /// Removes the run's folder with what it wrote; a replaced folder that could not be taken apart
  /// wholly stays for the next run.
  func remove() {
    let noted = try? String(contentsOfFile: journal, encoding: .utf8)
    if noted == nil || noted == FileSystem.identity(run) {
      // An interrupted run may still be writing; what it adds after this, the next run removes.
      for _ in 0..<20 where FileSystem.kind(run) != nil {
        try? FileManager.default.removeItem(atPath: run)
      }
    }
    if FileSystem.kind(run) == nil, FileSystem.kind(replaced) == nil {
      try? FileManager.default.removeItem(atPath: path)
    }
  }

  /// Puts in order what killed runs have left in `root`, which the caller has locked.
  static func settleLeftovers(in root: URL) {
    for name in FileSystem.names(in: root.path) where name.hasPrefix(".run-") {
      if let leftover = RunFolder(leftover: name, in: root) {
        // Whoever holds this lock lives.
        guard let life = FolderLock(leftover.path), life.take() == .held else { continue }
        leftover.settle()
        leftover.remove()
      }
    }
    IndexPage.removeLeftovers(in: root)
  }
}
