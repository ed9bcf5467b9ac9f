import Foundation
import Synchronization

/// Where a chapter's folder is to be, which may be known only when the story has begun: the first cell
/// says by its source file of which package the chapter is, and so in whose `Plots` its pages go.
final class OutputPlace: Sendable {
  private let folder: Mutex<OutputFolder?>
  private let chapter: String
  private let options: CommonOptions

  /// Where a folder was asked for, it is checked before any work is done.
  init(for chapter: String, _ options: CommonOptions) throws(NotebookError) {
    (self.chapter, self.options) = (chapter, options)
    guard options.output != nil else {
      folder = Mutex(nil)
      return
    }
    folder = Mutex(try OutputFolder(for: chapter, in: options.outputFolder(source: nil)))
  }

  /// The folder, which is made now if it was not before: in the package that `source` is a file of. If it
  /// cannot be written to, the program ends here, at the first cell, with one line that says why.
  func open(source: String? = nil) -> OutputFolder {
    do {
      return try folder.withLock { known throws(NotebookError) in
        if let known { return known }
        let made = try OutputFolder(for: chapter, in: options.outputFolder(source: source))
        known = made
        return made
      }
    } catch {
      Interruption.end(status: 1, saying: Visible.text(error.line).replacing("\n", with: " "))
    }
  }

  /// Forgets what the run wrote.
  func discard() { folder.withLock { $0 }?.discard() }
}
