import ArgumentParser
import Foundation
import PlainText

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
  nearName(to: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
}
