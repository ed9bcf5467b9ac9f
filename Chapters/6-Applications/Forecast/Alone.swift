import Foundation
import Unroll

/// Tells a page of a command's own: into `<output>/<slug>`, in the terminal as a chapter. `names` are the
/// reader's, and the same in every language.
func tellAlone(
  slug: String, title: String, names: [String] = [], options: CommonOptions,
  _ story: (Page) throws -> Void
) throws {
  let run = try Telling(
    ChapterDescription(
      number: Applications.number, slug: slug, title: title, summary: title, languages: nil),
    in: Applications.book, options: options, source: #filePath)
  run.page.keep(names)
  run.discardWhenInterrupted()
  Generator.default.seed(options.seed)
  try run.tell(story)
}

/// Throws if the file could not be written, before hours are spent on it.
func checkWritable(_ file: URL) throws {
  let folder = file.deletingLastPathComponent().path
  var isFolder: ObjCBool = false
  if FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder) {
    guard !isFolder.boolValue else { throw CannotWrite(path: file.path, reason: "it is a folder") }
    guard access(file.path, W_OK) == 0 else {
      throw CannotWrite(path: file.path, reason: String(cString: strerror(errno)))
    }
  }
  guard access(folder, W_OK | X_OK) == 0 else {
    throw CannotWrite(path: file.path, reason: String(cString: strerror(errno)))
  }
}

struct CannotWrite: Error, CustomStringConvertible {
  let path: String, reason: String

  var description: String { "cannot write to \(path): \(reason)" }
}
