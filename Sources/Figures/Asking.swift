import CGnuplot
import Foundation

/// A program did not end in its time and was killed.
struct NoAnswer: Error {}

/// Runs a program, whose path is the first of the words, with the others; nil if it can't be run, else
/// whether it ended well, and what it printed.
func ask(_ words: String..., seconds: Double) throws(NoAnswer) -> (isWell: Bool, said: String)? {
  let copies: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
  defer { copies.forEach { free($0) } }
  let arguments: [UnsafePointer<CChar>?] = copies.map { $0.map { UnsafePointer($0) } } + [nil]
  let result = gnuplot_run(words[0], arguments, seconds)
  defer { free(result.messages) }
  if result.timed_out { throw NoAnswer() }
  guard result.complete else { return nil }
  return (result.status == 0, result.messages.map { String(cString: $0) } ?? "")
}

/// Which gnuplot is here, and whether it knows what scripts ask of it.
package enum GnuplotVersion {
  /// Debian's and Ubuntu's since 2021; what scripts are written for.
  package static let oldest = "5.4"

  /// Of what `gnuplot --version` prints. Something else is not called old.
  package static func isTooOld(_ said: String) -> Bool {
    guard let match = said.firstMatch(of: #/gnuplot (\d+)\.(\d+)/#),
      let major = Int(match.1), let minor = Int(match.2)
    else { return false }
    return (major, minor) < (5, 4)
  }

  /// A remark for an error, if an old version explains it.
  static func remark(on gnuplot: String, seconds: Double) -> String {
    guard let answer = try? ask(gnuplot, "--version", seconds: seconds), isTooOld(answer.said)
    else { return "" }
    let version = answer.said.split(separator: "\n")[0]
    return " (here is \(version); figures need gnuplot \(oldest) or later)"
  }
}
