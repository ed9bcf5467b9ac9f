import Foundation
import FoundationNetworking

/// A file on a server, and how to tell that it came whole.
public struct RemoteFile: Sendable {
  public let address: URL
  public let checksum: Checksum?

  public init(_ address: URL, checksum: Checksum? = nil) {
    (self.address, self.checksum) = (address, checksum)
  }
}

/// Why a download failed, and what to do, in one line.
public struct DownloadError: Error, Equatable, CustomStringConvertible, Sendable {
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
    /// The file cannot be written.
    case write(String)
  }
  public let address: URL
  public let reason: Reason

  public init(address: URL, reason: Reason) { (self.address, self.reason) = (address, reason) }

  public var description: String {
    let what =
      switch reason {
      case .offline(let text):
        "no connection (\(text)); go online and try again, or fetch the file by other means, put it "
          + "into a folder and name that by --data or UNROLL_DATA"
      case .slow(let seconds):
        "the server was silent for \(seconds.formatted()) s; try again, and what has come will not be "
          + "fetched twice"
      case .status(let code):
        "the server answered \(code) (\(HTTPURLResponse.localizedString(forStatusCode: code))); the "
          + "file may have moved: fetch it by other means and name its folder by --data"
      case .truncated(let received, let total):
        "the connection broke after \(received) of \(total) bytes; try again, and these will not be "
          + "fetched twice"
      case .checksum(let expected, let received):
        "the file is not the one expected (\(received), not \(expected)); what came has been thrown "
          + "away"
      case .write(let text): "cannot be kept: \(text)"
      }
    return "\(address.absoluteString): \(what)"
  }
}

/// Fetches files into a folder: goes on where an earlier attempt broke off, checks what came, and
/// puts a file into its place only when it is whole.
public struct Downloader: Sendable {
  /// How many seconds the server may be silent.
  public var timeout: Double
  /// How many times a broken connection is taken up again.
  public var retries: Int
  /// Called now and then with the bytes received so far and their total, if the server told it.
  public var progress: @Sendable (_ received: Int, _ total: Int?) -> Void

  public init(
    timeout: Double = 30, retries: Int = 2,
    progress: @escaping @Sendable (_ received: Int, _ total: Int?) -> Void = { _, _ in }
  ) {
    (self.timeout, self.retries, self.progress) = (timeout, retries, progress)
  }

  /// Fetches a file unless it is there already. What has come of a broken attempt stays beside it
  /// under the name of `<file>.part` and is gone on with at the next.
  ///
  /// - Throws: `DownloadError`.
  public func fetch(_ remote: RemoteFile, to file: URL) throws {
    if FileManager.default.fileExists(atPath: file.path) { return }
    let part = file.appendingPathExtension("part")
    do {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    } catch { throw self.error(remote, .write(error.localizedDescription)) }

    var attempt = 0
    while true {
      let resumed = size(of: part)
      do {
        try Transfer(remote.address, to: part, from: resumed, timeout: timeout, progress).run()
        if let expected = remote.checksum {
          let received = expected.of((try? Data(contentsOf: part)) ?? Data())
          if received != expected {
            try? FileManager.default.removeItem(at: part)
            throw self.error(remote, .checksum(expected: expected, received: received))
          }
        }
        break
      } catch let failure as DownloadError {
        attempt += 1
        switch failure.reason {
        // What was there before may have been the start of another file: begin again, once.
        case .checksum where resumed > 0 && attempt <= 1: continue
        case .truncated where attempt <= retries && size(of: part) > resumed: continue
        default: throw failure
        }
      }
    }
    do { try FileManager.default.moveItem(at: part, to: file) } catch {
      throw self.error(remote, .write(error.localizedDescription))
    }
  }

  private func error(_ remote: RemoteFile, _ reason: DownloadError.Reason) -> DownloadError {
    DownloadError(address: remote.address, reason: reason)
  }

  private func size(of file: URL) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }
}
