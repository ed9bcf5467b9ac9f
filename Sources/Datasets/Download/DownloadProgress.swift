import Foundation
import Synchronization

/// Tells on the terminal how far a download has come, on a line that is written over; nothing where
/// the output is not a terminal.
public final class DownloadProgress: Sendable {
  private let title: String
  private let shown = Mutex(-1)

  /// - Parameter title: what is being fetched; it stands before the share.
  public init(_ title: String) { self.title = title }

  /// What `Downloader.progress` calls.
  public func update(_ received: Int, _ total: Int?) {
    guard isatty(STDERR_FILENO) == 1 else { return }
    // What a server says may be anything.
    let percent =
      total.map { Int(100 * min(1, Double(received) / Double(max(1, $0)))) }
      ?? received / 65_536
    shown.withLock { last in
      guard percent != last else { return }
      last = percent
      let amount = total.map { "\(percent) % of \(Self.size($0))" } ?? Self.size(received)
      try? FileHandle.standardError.write(
        contentsOf: Data("\r\u{1B}[K\(title): \(amount)".utf8))
    }
  }

  /// Ends the line.
  public func end() {
    if shown.withLock({ $0 >= 0 }) {
      try? FileHandle.standardError.write(contentsOf: Data("\n".utf8))
    }
  }

  static func size(_ bytes: Int) -> String {
    switch bytes {
    case ..<10_000: "\(bytes) bytes"
    case ..<10_000_000: "\(bytes / 1000) kB"
    default: "\(bytes / 1_000_000) MB"
    }
  }
}
