import Foundation

/// One line on a terminal that tells how far training has come: epoch, figures, time left. Nothing
/// where stderr is not a terminal.
package struct EpochProgress {
  private let isShown: Bool
  private let write: (String) -> Void
  private let total: Int
  private let now: () -> TimeInterval
  private let start: TimeInterval
  private var lastShown = -TimeInterval.infinity
  private var firstEpoch: Double?

  /// - Parameter total: how many epochs there are.
  package init(
    total: Int, isShown: Bool = isatty(STDERR_FILENO) == 1,
    now: @escaping () -> TimeInterval = { ProcessInfo.processInfo.systemUptime },
    write: @escaping (String) -> Void = { FileHandle.standardError.write(Data($0.utf8)) }
  ) {
    (self.total, self.isShown, self.now, self.write) = (total, isShown, now, write)
    start = now()
  }

  /// Shows the line anew, at most ten times a second.
  ///
  /// - Parameter done: epochs done, with the share of the current one.
  package mutating func show(_ done: Double, epoch: Int, logs: () -> Logs) {
    guard isShown else { return }
    if firstEpoch == nil { firstEpoch = done }
    let time = now()
    guard time - lastShown >= 0.1 else { return }
    lastShown = time
    let logs = logs()
    var parts = ["epoch \(epoch + 1)/\(total)", logs.description]
    let progressed = done - (firstEpoch ?? 0)
    if progressed > 0 {
      parts.append(clock((time - start) / progressed * (Double(total) - done)) + " left")
    }
    // Back to the line's start; what is left of a longer one is cleared.
    write("\r" + parts.joined(separator: "  ") + "\u{1B}[K")
  }

  /// Takes the line away.
  func clear() {
    if isShown { write("\r\u{1B}[K") }
  }

  /// Says a line that stays.
  func say(_ line: String) {
    if isShown { write("\r\u{1B}[K" + line + "\n") }
  }

  private func clock(_ seconds: TimeInterval) -> String {
    let whole = Int(min(max(0, seconds), 1e9).rounded())
    return whole >= 3600
      ? String(format: "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60)
      : String(format: "%ld:%02ld", whole / 60, whole % 60)
  }
}
