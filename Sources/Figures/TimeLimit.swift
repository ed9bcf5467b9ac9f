import CGnuplot
import Foundation

/// How long gnuplot may take for a picture, and `fc-list` for an answer. Both take seconds; a limit
/// is there for those that never end.
enum TimeLimit {
  static let variable = "UNROLL_GNUPLOT_SECONDS"
  static let usual = 120.0

  /// The limit in seconds, as the environment variable sets it.
  static func seconds() throws(FigureError) -> Double {
    guard let value = ProcessInfo.processInfo.environment[variable], !value.isEmpty else {
      return usual
    }
    guard let seconds = Double(value), seconds.isFinite, seconds > 0 else {
      throw .wrongTimeLimit(variable: variable, value: value.oneLine)
    }
    // A year; what waits for the end cannot count much further.
    return min(seconds, 3e7)
  }
}

extension Figure {
  /// Kills every gnuplot that draws at this moment, with all it has started, and lets no other
  /// start: for a program that is about to end because it was interrupted.
  public static func stopDrawing() { gnuplot_stop_all() }
}
