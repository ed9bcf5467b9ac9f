/// Why a figure could not be written, in one line.
public enum FigureError: Error, Equatable, CustomStringConvertible {
  /// No program `gnuplot` in the folders of `PATH`.
  case gnuplotNotFound
  /// gnuplot ended early or refused a command; `reason` is what it printed first.
  case gnuplotFailed(figure: String, reason: String)
  /// A program (gnuplot, or `fc-list`, which knows the fonts) did not end in its time and was
  /// killed with all that it had started.
  case noAnswer(figure: String, program: String, seconds: Double)
  /// The environment variable that sets that time holds no number of seconds.
  case wrongTimeLimit(variable: String, value: String)
  /// The folder or a file in it cannot be written.
  case cannotWrite(path: String, reason: String)
  /// What came out is not a whole picture of the asked size.
  case notAPicture(path: String, reason: String)
  /// No number to draw in a series (or in the whole figure): empty, or NaN throughout.
  case nothingToDraw(figure: String, series: String)
  /// An animation has nothing to show, as of a training that ended before its first epoch.
  case noFrames(animation: String)
  /// No font on this machine has these characters.
  case noFont(figure: String, characters: String)

  public var description: String {
    switch self {
    case .gnuplotNotFound:
      "gnuplot is not in any folder of PATH (on Debian and Ubuntu: apt-get install gnuplot-nox)"
    case .gnuplotFailed(let figure, let reason):
      "figure '\(figure)': gnuplot failed: \(reason)"
        + (reason.contains("terminal type")
          ? " (on Debian and Ubuntu the package gnuplot-nox has it)" : "")
    case .noAnswer(let figure, let program, let seconds):
      "figure '\(figure)': \(program) did not end within \(seconds.text) s and was stopped "
        + "(\(TimeLimit.variable) sets the limit)"
    case .wrongTimeLimit(let variable, let value):
      "\(variable) is '\(value)'; it must be a number of seconds above 0"
    case .cannotWrite(let path, let reason):
      "cannot write \(path): \(reason)"
    case .notAPicture(let path, let reason):
      "\(path): gnuplot left no whole picture: \(reason)"
    case .nothingToDraw(let figure, let series):
      "figure '\(figure)': \(series) has no number to draw"
    case .noFrames(let animation):
      "animation '\(animation)': it has no frames"
    case .noFont(let figure, let characters):
      "figure '\(figure)': no font here has the characters \(characters) (on Debian and Ubuntu: "
        + "apt-get install \(Self.package(for: characters)))"
    }
  }

  /// What brings a font with these characters: Chinese, Japanese and Korean ones stand beyond U+2E80.
  private static func package(for characters: String) -> String {
    characters.unicodeScalars.contains { $0.value >= 0x2E80 }
      ? "fonts-wqy-microhei" : "fonts-dejavu-core"
  }
}
