import ArgumentParser
import Foundation

extension ParsableCommand {
  /// Reads the command line. What is wrong with it is said in one line, and the program ends with
  /// status 64; `--help` and its kin are answered as ever.
  package static func parseOrExitInOneLine() -> Self {
    do { return try parse() } catch {
      guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
      let name = configuration.commandName ?? "\(Self.self)"
      // A list of what is possible has a line for each.
      let message = message(for: error)
        .replacing(":\n  - ", with: ": ").replacing("\n  - ", with: ", ")
        .split(whereSeparator: \.isNewline).joined(separator: " ")
      let line = Visible.text("\(name): \(message) (see '\(name) --help')\n")
      FileHandle.standardError.write(Data(line.utf8))
      exit(withError: ExitCode.validationFailure)
    }
  }
}
