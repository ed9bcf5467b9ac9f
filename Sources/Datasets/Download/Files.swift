import Arrays
import Foundation

/// Why a file cannot be made, written or moved, in the system's words.
struct FileProblem: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  /// What the last call of the system that failed says.
  static var last: FileProblem { FileProblem(String(cString: strerror(errno))) }
}

/// What the system says of a file.
struct FileStatus {
  private let status: stat

  /// Of an open file.
  init?(_ descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.status = status
  }

  /// Of what is at a place: a link itself, not what it leads to.
  init?(at path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    self.status = status
  }

  private var kind: mode_t { status.st_mode & S_IFMT }
  var isFile: Bool { kind == S_IFREG }
  var isFolder: Bool { kind == S_IFDIR }
  var isLink: Bool { kind == S_IFLNK }
  /// How many names the file has.
  var links: Int { Int(status.st_nlink) }
  var size: Int { Int(status.st_size) }

  func isSame(as other: FileStatus?) -> Bool {
    status.st_dev == other?.status.st_dev && status.st_ino == other?.status.st_ino
  }
}

/// Waits for the lock on an open file or folder, which ends with the descriptor, also when the
/// program is killed. Where a file system has no locks, goes on without.
func lock(_ descriptor: Int32) {
  while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
}

/// Writes bytes to the end, however many calls that takes.
func writeAll(_ bytes: some DataProtocol, to descriptor: Int32) throws(FileProblem) {
  for region in bytes.regions {
    let failed = region.withUnsafeBytes { buffer -> Bool in
      var sent = 0
      while sent < buffer.count {
        let count = write(descriptor, buffer.baseAddress! + sent, buffer.count - sent)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return true }
        sent += count
      }
      return false
    }
    if failed { throw .last }
  }
}

/// Writes a new file. What is there already, be it a link, is an error.
func writeNew(_ bytes: [UInt8], to url: URL) throws(FileProblem) {
  let descriptor = open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
  guard descriptor >= 0 else { throw .last }
  defer { close(descriptor) }
  try writeAll(bytes, to: descriptor)
  guard fsync(descriptor) == 0 else { throw .last }
}

extension String {
  /// Whether this is the name of something within a folder: one component, not `.` or `..`.
  var isPlainName: Bool {
    !isEmpty && !isExactly(".") && !isExactly("..") && utf8.count <= 255
      && !utf8.contains(UInt8(ascii: "/")) && !utf8.contains(0)
  }
}
