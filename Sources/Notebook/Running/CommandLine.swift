import ArgumentParser
import Foundation

extension ParsableCommand {
  /// Reads the command line. What is wrong with it is said in one line, and the program ends with
  /// status 64; `--help` and its kin are answered as ever.
  package static func parseOrExitInOneLine(
    _ arguments: [String]? = nil, of program: String? = nil
  ) -> Self {
    do { return try parse(arguments) } catch {
      guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
      let name = program ?? configuration.commandName ?? "\(Self.self)"
      // A list of what is possible has a line for each.
      let message = message(for: error)
        .replacing(":\n  - ", with: ": ").replacing("\n  - ", with: ", ")
        .split(whereSeparator: \.isNewline).joined(separator: " ")
      StandardStreams.note(Visible.text("\(name): \(message) (see '\(name) --help')\n"))
      exit(withError: ExitCode.validationFailure)
    }
  }
}

/// The name that a mistyped one was perhaps meant to be, for a message.
package func suggestion(for name: String, among names: [String]) -> String {
  let near = names.map { (name: $0, distance: editDistance(name, $0)) }
    .filter { $0.distance <= max(1, $0.name.count / 3) }
    .min { $0.distance < $1.distance }
  return near.map { "; did you mean '\($0.name)'?" } ?? ""
}

/// How many letters must be put in, taken out or changed to make one word of the other
/// (Levenshtein, 1965).
private func editDistance(_ one: String, _ other: String) -> Int {
  let (one, other) = (Array(one.lowercased()), Array(other.lowercased()))
  var row = Array(0...other.count)
  for (i, letter) in one.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, otherLetter) in other.enumerated() {
      let changed = diagonal + (letter == otherLetter ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(changed, row[j] + 1, diagonal + 1)
    }
  }
  return row[other.count]
}
