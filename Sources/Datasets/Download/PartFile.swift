import Foundation
import PlainText
import Synchronization

/// What of a file has come so far, beside its place until it is whole. One download at a time
/// writes it: it holds a lock (`flock`) on it, and others wait. What a killed program leaves has no
/// lock, and the next goes on with it.
///
/// The digest is taken of the bytes as they are written, so that what is judged is what is kept.
final class PartFile: Sendable {
  private struct Contents {
    var descriptor: Int32
    var count = 0
    var digest: RunningDigest?
  }

  private let path: String
  private let checksum: Checksum?
  private let contents: Mutex<Contents>

  /// Opens the file or makes it, waiting for whoever has it. A link, or anything else that is not a
  /// file of a download, is left alone.
  ///
  /// - Parameters:
  ///   - checksum: the kind of digest to take.
  ///   - resumes: whether what is there already is gone on with.
  init(_ url: URL, checksum: Checksum?, resumes: Bool) throws(FileProblem) {
    (path, self.checksum) = (url.path, checksum)
    contents = Mutex(
      Contents(descriptor: try Self.open(url.path), digest: checksum.map { RunningDigest($0) }))
    if resumes { try take() } else { try restart() }
  }

  deinit { close() }

  private static func open(_ path: String) throws(FileProblem) -> Int32 {
    while true {
      // Not to wait for the other end of a pipe.
      let descriptor = Glibc.open(
        path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o644)
      if descriptor < 0, errno == ELOOP { throw FileProblem("\(path) is a link") }
      guard descriptor >= 0 else { throw .last }
      let status = FileStatus(descriptor)
      guard let status, status.isFile, status.links <= 1 else {
        Glibc.close(descriptor)
        throw FileProblem("\(path) is not a file of its own")
      }
      lock(descriptor)
      // Whoever had it may have moved it to its place or taken it away.
      if let now = FileStatus(descriptor), now.links == 1, now.isSame(as: FileStatus(at: path)) {
        return descriptor
      }
      Glibc.close(descriptor)
    }
  }

  /// How many bytes there are.
  var count: Int { contents.withLock { $0.count } }
  /// The digest of the bytes, if one is taken.
  var digest: Checksum? { contents.withLock { $0.digest?.checksum } }

  /// Takes into account what is there already.
  private func take() throws(FileProblem) {
    try contents.withLock { contents throws(FileProblem) in
      var piece = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        let got = read(contents.descriptor, &piece, piece.count)
        if got < 0, errno == EINTR { continue }
        guard got >= 0 else { throw .last }
        if got == 0 { return }
        contents.digest?.update(piece[..<got])
        contents.count += got
      }
    }
  }

  /// Forgets what has come.
  func restart() throws(FileProblem) {
    try contents.withLock { contents throws(FileProblem) in
      guard ftruncate(contents.descriptor, 0) == 0, lseek(contents.descriptor, 0, SEEK_SET) == 0
      else { throw .last }
      contents.count = 0
      contents.digest = checksum.map { RunningDigest($0) }
    }
  }

  func append(_ data: Data) throws(FileProblem) {
    try contents.withLock { contents throws(FileProblem) in
      guard contents.descriptor >= 0 else { return }
      try writeAll(data, to: contents.descriptor)
      contents.digest?.update(data)
      contents.count += data.count
    }
  }

  /// Puts the file into its place. Another file that is there is replaced at once.
  func move(to file: URL) throws(FileProblem) {
    try contents.withLock { contents throws(FileProblem) in
      guard fsync(contents.descriptor) == 0 else { throw .last }
      guard FileStatus(contents.descriptor)?.size == contents.count else {
        throw FileProblem("something else has written into \(path)")
      }
      guard rename(path, file.path) == 0 else { throw .last }
    }
  }

  /// Takes the file away.
  func discard() {
    if contents.withLock({ $0.descriptor >= 0 }) { unlink(path) }
    close()
  }

  /// Lets go of the file; what has come stays for the next.
  func close() {
    contents.withLock {
      if $0.descriptor >= 0 { Glibc.close($0.descriptor) }
      $0.descriptor = -1
    }
  }
}
