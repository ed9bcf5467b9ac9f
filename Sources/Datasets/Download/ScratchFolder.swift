import Foundation

/// A folder for what is not finished, held by one program at a time: others wait until it is let go
/// of, also by a program that is killed. What a killed one left in it is cleared by the next.
///
/// The lock (`flock`) is on the folder itself, which goes when it is empty.
struct ScratchFolder: ~Copyable {
  let url: URL
  private let descriptor: Int32
  private static let prefix = "unpacked-"

  init(_ url: URL) throws(FileProblem) {
    self.url = url
    while true {
      guard mkdir(url.path, 0o755) == 0 || errno == EEXIST else { throw .last }
      let descriptor = open(url.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
      if descriptor < 0, errno == ENOENT { continue }
      guard descriptor >= 0 else { throw FileProblem("\(url.path) is not a folder of its own") }
      lock(descriptor)
      // Whoever had it may have taken it away.
      if FileStatus(descriptor)?.isSame(as: FileStatus(at: url.path)) == true {
        self.descriptor = descriptor
        break
      }
      close(descriptor)
    }
    clear()
  }

  deinit {
    clear()
    rmdir(url.path)
    close(descriptor)
  }

  /// A new folder in it, for files alone.
  func makeFolder() throws(FileProblem) -> URL {
    let template = url.appendingPathComponent(Self.prefix + "XXXXXX").path
    guard let made = template.withCString({ strdup($0) }) else { throw .last }
    defer { free(made) }
    // mkdtemp's folders are the owner's alone; this one is to be the data set's.
    guard mkdtemp(made) != nil, chmod(made, 0o755) == 0 else { throw .last }
    return URL(fileURLWithPath: String(cString: made), isDirectory: true)
  }

  /// Takes away the folders made by `makeFolder`, and the files in them; links are not followed, and
  /// folders in them stay.
  private func clear() {
    for name in Self.names(in: url) where name.utf8.starts(with: Self.prefix.utf8) {
      let folder = url.appendingPathComponent(name, isDirectory: true)
      guard FileStatus(at: folder.path)?.isFolder == true else { continue }
      for name in Self.names(in: folder) {
        let file = folder.appendingPathComponent(name).path
        if FileStatus(at: file)?.isFile == true { unlink(file) }
      }
      rmdir(folder.path)
    }
  }

  private static func names(in folder: URL) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
  }
}
