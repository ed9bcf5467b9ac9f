import Foundation

/// What the system's own calls say of files; links are looked at, never followed.
enum FileSystem {
  enum Kind { case file, folder, link, other }

  private static func status(_ path: String) -> stat? {
    var status = stat()
    return lstat(path, &status) == 0 ? status : nil
  }

  static func kind(_ path: String) -> Kind? {
    guard let status = status(path) else { return nil }
    return switch status.st_mode & S_IFMT {
    case S_IFREG: .file
    case S_IFDIR: .folder
    case S_IFLNK: .link
    default: .other
    }
  }

  static func isOwn(_ path: String) -> Bool { status(path)?.st_uid == geteuid() }

  /// What tells the file or folder from all others while it exists.
  static func identity(_ path: String) -> String? {
    status(path).map { "\($0.st_dev)-\($0.st_ino)" }
  }

  static func mode(_ path: String) -> mode_t? { status(path).map { $0.st_mode & 0o7777 } }

  static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  /// The paths of all files below a folder, from there.
  static func files(below folder: String, _ prefix: String = "") -> [String] {
    names(in: folder).flatMap { name in
      kind("\(folder)/\(name)") == .folder
        ? files(below: "\(folder)/\(name)", "\(prefix)\(name)/") : [prefix + name]
    }
  }

  /// Makes the folder and those above it, and says which it made, the outermost first.
  static func make(_ path: String) throws(NotebookError) -> [String] {
    if mkdir(path, 0o777) == 0 { return [path] }
    var status = stat()
    if errno == EEXIST {
      if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return [] }
      throw NotebookError(systemReason(ENOTDIR))
    }
    let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard errno == ENOENT, parent != path else { throw NotebookError(systemReason(errno)) }
    let above = try make(parent)
    if mkdir(path, 0o777) == 0 { return above + [path] }
    guard errno == EEXIST else { throw NotebookError(systemReason(errno)) }
    return above
  }

  /// Lets two folders change places at once; false where the file system cannot.
  static func exchange(_ one: String, _ other: String) -> Bool {
    typealias Call =
      @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
    // Glibc's headers show it to those alone who ask for GNU's extensions.
    guard let symbol = dlsym(nil, "renameat2") else { return false }
    let exchange: UInt32 = 2
    return unsafeBitCast(symbol, to: Call.self)(AT_FDCWD, one, AT_FDCWD, other, exchange) == 0
  }
}
