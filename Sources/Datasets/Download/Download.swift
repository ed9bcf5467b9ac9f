import Arrays
import Foundation
import FoundationNetworking

/// A file on a server, and how to tell that it came whole.
public struct RemoteFile: Sendable {
  /// Where it is, `https` or `http`.
  public let address: URL
  /// What its bytes must come to; nil takes them as they come.
  public let checksum: Checksum?

  /// A file on a server; with a checksum a broken download is gone on with.
  public init(_ address: URL, checksum: Checksum? = nil) {
    (self.address, self.checksum) = (address, checksum)
  }
}

/// Why a download failed, and what to do, in one line.
public struct DownloadError: Error, Equatable, CustomStringConvertible, Sendable {
  /// What went wrong.
  public enum Reason: Equatable, Sendable {
    /// No answer: no network, no such server, or it refuses.
    case offline(String)
    /// The server is silent for longer than the time allowed.
    case slow(seconds: Double)
    /// The server's answer is an error.
    case status(Int)
    /// Fewer bytes came than were announced.
    case truncated(received: Int, of: Int)
    /// All bytes came, but not those that were expected.
    case checksum(expected: Checksum, received: Checksum)
    /// There is a file already, and it is another than the one expected.
    case other(file: String, expected: Checksum, found: Checksum)
    /// The file cannot be written.
    case write(String)
  }

  /// What was asked for.
  public let address: URL
  /// What went wrong.
  public let reason: Reason

  /// For downloads by one's own means.
  public init(address: URL, reason: Reason) { (self.address, self.reason) = (address, reason) }

  public var description: String {
    let what =
      switch reason {
      case .offline(let text):
        "no connection (\(text)); go online and try again, or fetch the file by other means and put "
          + "it into the data folder"
      case .slow(let seconds):
        "the server was silent for \(seconds) s; try again, and what has come will not be "
          + "fetched twice"
      case .status(let code):
        "the server answered \(code) (\(HTTPURLResponse.localizedString(forStatusCode: code))); the "
          + "file may have moved: fetch it by other means and put it into the data folder"
      case .truncated(let received, let total):
        "the connection broke after \(received) of \(total) bytes; try again, and these will not be "
          + "fetched twice"
      case .checksum(let expected, let received):
        "the file is not the one expected (\(received), not \(expected)); what came has been thrown "
          + "away"
      case .other(let file, let expected, let found):
        "\(file) is there already, but is another file (\(found), not \(expected)); it is left as it "
          + "is: move it away to fetch this one"
      case .write(let text): "cannot be kept: \(text)"
      }
    return "\(address.absoluteString): \(what)".onOneLine
  }
}

/// Fetches files into a folder: goes on where an earlier attempt broke off, checks what came, and
/// puts a file into its place only when it is whole. Of two that fetch the same file at once, in one
/// program or two, one waits for the other and finds the file there.
public struct Downloader: Sendable {
  /// How many seconds the server may be silent.
  public var timeout: Double
  /// How many times a broken connection is taken up again.
  public var retries: Int
  /// Called now and then with the bytes received so far and their total, if the server told it.
  public var progress: @Sendable (_ received: Int, _ total: Int?) -> Void

  /// Whether Foundation asks also where there is no encryption: see `PlainTransfer`.
  package var usesFoundation = false

  /// - Parameters:
  ///   - timeout: how many seconds the server may be silent.
  ///   - retries: how many times a broken connection is taken up again.
  ///   - progress: called now and then with bytes received and their total, if the server told it.
  public init(
    timeout: Double = 30, retries: Int = 2,
    progress: @escaping @Sendable (_ received: Int, _ total: Int?) -> Void = { _, _ in }
  ) {
    (self.timeout, self.retries, self.progress) = (timeout, retries, progress)
  }

  /// Fetches a file unless it is there already and has the digest that is expected; one with another
  /// digest is left alone and an error. What has come of a broken attempt stays beside the file under
  /// the name of `<file>.part` and is gone on with at the next, if a digest will tell whether the
  /// parts belong together.
  ///
  /// - Throws: `DownloadError`.
  public func fetch(_ remote: RemoteFile, to file: URL) throws {
    if try isThere(remote, file) { return }
    do {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    } catch { throw self.error(remote, .write(error.systemReason)) }

    let part: PartFile
    do {
      part = try PartFile(
        file.appendingPathExtension("part"), checksum: remote.checksum,
        resumes: remote.checksum != nil)
    } catch { throw self.error(remote, .write("\(error)")) }
    defer { part.close() }
    // Another download may have come first.
    if try isThere(remote, file) { return part.discard() }
    try fill(part, remote)
    do { try part.move(to: file) } catch { throw self.error(remote, .write("\(error)")) }
  }

  /// Fetches until all has come and is what was expected.
  private func fill(_ part: PartFile, _ remote: RemoteFile) throws {
    var attempt = 0
    while true {
      let resumed = part.count
      do {
        try transfer(remote.address, to: part)
        guard let expected = remote.checksum, let received = part.digest, received != expected
        else { return }
        do { try part.restart() } catch { throw self.error(remote, .write("\(error)")) }
        throw self.error(remote, .checksum(expected: expected, received: received))
      } catch let failure as DownloadError {
        attempt += 1
        switch failure.reason {
        // What was there before may have been the start of another file: begin again, once.
        case .checksum where resumed > 0 && attempt <= 1: continue
        case .truncated where attempt <= retries && part.count > resumed: continue
        default:
          // An empty part is of no use to the next.
          if part.count == 0 { part.discard() }
          throw failure
        }
      }
    }
  }

  /// One request, and those to the addresses that the server sends to.
  private func transfer(_ address: URL, to part: PartFile) throws {
    var address = address
    for _ in 0..<10 where !usesFoundation && PlainTransfer.serves(address) {
      let transfer = PlainTransfer(
        address: address, part: part, timeout: timeout, progress: progress)
      guard let next = try transfer.run() else { return }
      // Whatever a server says, nothing but a server is asked.
      guard ["http", "https"].contains(next.scheme?.lowercased()) else {
        throw DownloadError(address: address, reason: .offline("it sends to \(next)"))
      }
      address = next
    }
    guard usesFoundation || !PlainTransfer.serves(address) else {
      throw DownloadError(
        address: address, reason: .offline("it sends from one address to the next"))
    }
    try Transfer(address, to: part, timeout: timeout, progress).run()
  }

  /// Whether the file is there; if a digest is known, it has been compared.
  private func isThere(_ remote: RemoteFile, _ file: URL) throws -> Bool {
    guard FileManager.default.fileExists(atPath: file.path) else {
      guard FileStatus(at: file.path) == nil else {
        throw error(remote, .write("\(file.path) is a link that leads nowhere"))
      }
      return false
    }
    guard let expected = remote.checksum else { return true }
    let found: Checksum
    do { found = expected.of(try Data(contentsOf: file)) } catch {
      throw self.error(remote, .write("\(file.path): \(error.systemReason)"))
    }
    guard found == expected else {
      throw error(remote, .other(file: file.path, expected: expected, found: found))
    }
    return true
  }

  private func error(_ remote: RemoteFile, _ reason: DownloadError.Reason) -> DownloadError {
    DownloadError(address: remote.address, reason: reason)
  }
}
