import Foundation

/// Where texts in other languages stand: beside the source that says them in English, `Chapter.zh.md`
/// beside `Chapter.swift`. They are read when the program runs, so that a changed one needs no build.
package enum TextFiles {
  /// The file beside a source; it need not be there.
  package static func beside(_ source: String, in language: String) -> URL {
    URL(fileURLWithPath: source).deletingPathExtension().appendingPathExtension("\(language).md")
  }

  /// The files of a language in a folder and below, those on top first.
  package static func below(_ folder: URL, in language: String) -> [URL] {
    guard let names = FileManager.default.enumerator(atPath: folder.path) else { return [] }
    return names.compactMap { $0 as? String }.filter { $0.hasSuffix(".\(language).md") }
      .sorted { ($0.count { $0 == "/" }, $0) < ($1.count { $0 == "/" }, $1) }
      .map(folder.appendingPathComponent)
  }

  /// The languages of the files in a folder, or of those beside one source: `zh` for `Book.zh.md`.
  package static func languages(in folder: URL, beside source: String? = nil) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let found = names.compactMap { name -> String? in
      guard let match = name.wholeMatch(of: #/(.+)\.([a-z]{2,3}(?:-[A-Za-z]+)?)\.md/#),
        source.map({ "\(match.1).swift" == $0 }) ?? true
      else { return nil }
      return String(match.2)
    }
    return Set(found).sorted()
  }

  /// What stands in a file, or nil if it is not there.
  package static func text(of file: URL) -> String? {
    (try? Data(contentsOf: file)).map { String(decoding: $0, as: UTF8.self) }
  }
}
