import Foundation

/// The folder of a chapter's files, which changes only when a run has ended well, and then at once.
///
/// A run writes into a folder of its own beside it, which nobody else can have: `.run-<chapter>-`
/// and six random characters, made exclusively, and locked while the run lives. At the end that
/// folder and the chapter's change places in one step of the system, so that a kill at any moment
/// leaves one run's files. What no run wrote is carried over. The lock on the folder above lets one
/// run at a time do this; what killed runs have left, the next one puts in order.
package final class OutputFolder: Sendable {
  package let url: URL
  /// Where this run writes.
  package let staging: URL

  private let root: URL
  private let own: RunFolder
  private let life: FolderLock?
  /// The folders that did not exist before, the outermost first.
  private let made: [String]

  /// - Parameter chapter: the name of the chapter's folder in `root`.
  package init(for chapter: String, in root: URL) throws(NotebookError) {
    self.root = root
    url = root.appendingPathComponent(chapter, isDirectory: true)
    let place = url.path
    do {
      made = try FileSystem.make(root.path)
      if let kind = FileSystem.kind(place) {
        guard kind == .folder else {
          throw NotebookError(
            kind == .link ? "it is a link; name the folder itself" : systemReason(ENOTDIR))
        }
        guard access(place, W_OK | X_OK) == 0 else { throw NotebookError(systemReason(errno)) }
      }
      let lock = try Self.lock(root)
      defer { withExtendedLifetime(lock) {} }
      if lock != nil { RunFolder.settleLeftovers(in: root) }
      own = try RunFolder(for: chapter, in: root)
      life = FolderLock(own.path)
      _ = life?.take()
      staging = URL(fileURLWithPath: own.run, isDirectory: true)
      if let problem = own.cannotPublish() {
        own.remove()
        throw problem
      }
    } catch {
      throw NotebookError("cannot write to \(place): \(error)")
    }
  }

  /// Whether a chapter's folder can be made in `root`; nothing is left there.
  package static func check(_ root: URL) throws(NotebookError) {
    do {
      let made = try FileSystem.make(root.path)
      let lock = try lock(root)
      defer { withExtendedLifetime(lock) {} }
      try RunFolder(for: "check", in: root).remove()
      for folder in made.reversed() { rmdir(folder) }
    } catch {
      throw NotebookError("cannot write to \(root.path): \(error)")
    }
  }

  /// Writes the index over the chapters' folders in `root`; false if something else is called so.
  package static func writeIndex(
    of book: Book = .none, in root: URL, language: String = "en"
  ) throws -> Bool {
    let lock = try lock(root)
    defer { withExtendedLifetime(lock) {} }
    return try IndexPage.write(book, in: root, language: language)
  }

  /// Nil where the file system has no locks: then unique names alone keep runs apart.
  static func lock(_ root: URL) throws(NotebookError) -> FolderLock? {
    guard let lock = FolderLock(root.path, followingLinks: true) else { return nil }
    switch lock.take(within: 60) {
    case .held: return lock
    case .unavailable: return nil
    case .heldByAnother:
      throw NotebookError("another run has been moving files there for a minute")
    }
  }

  /// Moves what the run wrote into place, all at once, and writes the index anew.
  ///
  /// - Returns: whether pages and results carry the part's name (`chapter-words.html`), as they do
  ///   beside a run of more; and what else the reader should know.
  ///
  /// - Parameters, for tests:
  ///   - exchanges: whether two folders can change places in one step, as on most file systems.
  ///   - step: called between the steps.
  @discardableResult
  package func commit(
    _ run: RunDescription, of book: Book = .none, exchanges: Bool = true, step: () -> Void = {}
  ) throws -> (isBeside: Bool, notes: [String]) {
    let lock: FolderLock?
    do { lock = try Self.lock(root) } catch {
      throw NotebookError("cannot write to \(url.path): \(error)")
    }
    defer { withExtendedLifetime(lock) {} }
    return try Interruption.postponed {
      let (isBeside, replaced) = try own.publish(run, exchanges: exchanges, step: step)
      discard()
      var notes =
        replaced.isEmpty ? [] : ["replaced what was there: " + replaced.joined(separator: ", ")]
      let language = run.language ?? "en"
      if try !IndexPage.write(book, in: root, language: language) {
        notes.append(IndexPage.refusal(in: root))
      }
      return (isBeside, notes)
    }
  }

  /// Forgets what the run wrote.
  package func discard() {
    own.remove()
    // Only empty folders go: this run may have been the first.
    for folder in made.reversed() { rmdir(folder) }
  }
}
