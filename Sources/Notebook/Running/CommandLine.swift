import ArgumentParser
import Foundation
import PlainText

extension ParsableCommand {
  /// Reads the command line. What is wrong with it is said in one line, and the program ends with
  /// status 64; `--help` and its kin are answered as ever, in the language that is asked for.
  ///
  /// - Parameter words: what the program says in a language.
  package static func parseOrExitInOneLine(
    _ arguments: [String]? = nil, of program: String? = nil,
    words: (_ language: String) -> Wording = { Wording($0) }
  ) -> Self {
    do { return try parse(arguments) } catch {
      guard exitCode(for: error) == .validationFailure else {
        let language = Languages.named(in: arguments ?? Array(CommandLine.arguments.dropFirst()))
        if language == "en" || exitCode(for: error) != .success { exit(withError: error) }
        let help = HelpText(fullMessage(for: error, columns: HelpText.unbroken))
        StandardStreams.write(help.text(in: words(language), width: HelpText.terminalWidth))
        exit()
      }
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
