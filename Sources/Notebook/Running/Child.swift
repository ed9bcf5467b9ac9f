import Foundation
import PlainText

/// A program that runs in this one's terminal: it shares its input, output and signals, so that
/// Ctrl-C reaches it and `--step` can read the keyboard.
package struct Child: Sendable {
  private let process: ChildProcess

  package init(_ program: URL, arguments: [String]) throws(NotebookError) {
    do {
      process = try ChildProcess(program.path, arguments, signals: Interruption.signalSet)
    } catch {
      throw NotebookError("\(program.path): \(error.reason)")
    }
  }

  package func send(_ signal: Int32) { process.send(signal) }

  /// The exit status once it has ended; 128 and the signal's number if one ended it.
  package func wait() -> Int32 { process.wait() }
}
