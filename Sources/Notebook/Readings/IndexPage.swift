import Foundation
import PlainText

/// The page over the chapters' pages.
package enum IndexPage {
  /// `runs` are the last whole runs of the chapters, in the order of the book. `files` says which
  /// files a chapter's folder holds: the page names no other.
  package static func text(
    _ runs: [RunDescription], of book: Book = .none, in words: Wording = .english,
    hasGlossary: Bool = false,
    files: (_ chapter: String) -> Set<String>
  ) -> String {
    let glossary = hasGlossary ? "<a href=\"glossary.html\">\(words("Glossary"))</a> · " : ""
    let body = """
      \(mark)
      <header class="head">
      <p class="number">\(HTML.escaped(book.name))</p>
      <h1>\(HTML.escaped(words.told(book.title)))</h1>
      <p class="summary">\(HTML.escaped(words.told(book.summary)))</p>
      </header>
      <ol class="chapters">
      \(runs.map { card($0, files($0.chapter.slug), words) }.joined(separator: "\n"))
      </ol>
      <p class="facts">\(glossary)unroll \(HTML.escaped(Book.version))</p>
      </main>
      """
    return HTML.document(title: words.told(book.title), words: words, body: body)
  }

  /// What an index is known by.
  private static let mark = #"<main class="index">"#

  private static func card(
    _ run: RunDescription, _ files: Set<String>, _ words: Wording
  ) -> String {
    let chapter = run.chapter.told(in: words.language)
    func address(_ file: String) -> String? {
      guard files.contains(file) else { return nil }
      return HTML.escaped(encoded("\(chapter.slug)/\(file)"))
    }
    func link(_ file: String, _ text: String) -> String? {
      guard run.files.contains(file) else { return nil }
      return address(file).map { "<a href=\"\($0)\">\(text)</a>" }
    }
    let title = HTML.escaped(Visible.text(chapter.title))
    let dark = run.thumbnail.map {
      FigureVariants.dark(($0 as NSString).deletingPathExtension) + ".png"
    }.flatMap(address).map {
      "<source media=\"(prefers-color-scheme: dark)\" srcset=\"\($0)\">"
    }
    let picture = run.thumbnail.flatMap(address).map {
      "<picture>\(dark ?? "")<img src=\"\($0)\" alt=\"\" loading=\"lazy\"></picture>"
    }
    let alone = files.sorted().compactMap { file -> String? in
      file.wholeMatch(of: #/chapter-([a-z0-9-]+)\.html/#).flatMap { match -> String? in
        guard files.contains(RunDescription.file(of: String(match.1))) else { return nil }
        return address(file).map { "<a href=\"\($0)\">\(words("%@ alone", String(match.1)))</a>" }
      }
    }
    let facts = [
      words("seed %@", "\(run.seed)"), run.quick ? words("quick") : nil,
      run.part.map { HTML.escaped(words("%@ alone", Visible.text($0))) },
      duration(run.seconds, in: words),
      run.version == Book.version
        ? nil : HTML.escaped(words("version %@", Visible.text(run.version))),
      link("chapter.md", "Markdown"), link("chapter.ipynb", words("notebook")),
    ]
    return """
      <li>\(picture ?? "")<div class="text">
      <p class="number">\(words("Chapter %@", "\(chapter.number)"))</p>
      <h2>\(link("chapter.html", title) ?? title)</h2>
      <p>\(HTML.escaped(Visible.text(chapter.summary)))</p>
      <p class="facts">\((facts.compactMap { $0 } + alone).joined(separator: " · "))</p>
      </div></li>
      """
  }

  /// `seconds` may come from a file and be anything.
  package static func duration(_ seconds: Double, in words: Wording = .english) -> String {
    if seconds.magnitude < 60 { return words("%@ s", plainFormat("%.1f", seconds)) }
    guard seconds >= 0, let whole = Int(exactly: seconds.rounded(.down)), whole < 1_000_000_000
    else { return words("%@ s", "?") }
    return words("%@ min %@ s", "\(whole / 60)", "\(whole % 60)")
  }

  // MARK: - The file

  /// Writes the index over all chapters' folders in `root`, which the caller has locked.
  ///
  /// - Returns: false, and nothing is written, if an `index.html` is there that is none of ours.
  package static func write(
    _ book: Book = .none, in root: URL, language: String = "en"
  ) throws -> Bool {
    guard isFree("index.html", mark, in: root) else { return false }
    let runs = runs(in: root)
    guard !runs.isEmpty else { return true }
    func files(_ chapter: String) -> Set<String> {
      let folder = root.appendingPathComponent(chapter).path
      return Set(
        FileSystem.names(in: folder).filter { FileSystem.kind("\(folder)/\($0)") == .file })
    }
    var hasGlossary = false
    let words = Wording(language, of: book)
    if !book.glossary.isEmpty {
      hasGlossary = try replace(
        "glossary.html", GlossaryPage.mark, in: root,
        with: GlossaryPage.html(of: book, in: words, runs, files: files))
      _ = try replace(
        "glossary.md", GlossaryPage.markdownMark, in: root,
        with: GlossaryPage.markdown(of: book, in: words, runs, files: files))
    }
    return try replace(
      "index.html", mark, in: root,
      with: text(runs, of: book, in: words, hasGlossary: hasGlossary, files: files))
  }

  /// Whether nothing is called so, or what an earlier run wrote, which has `mark` in it.
  private static func isFree(_ name: String, _ mark: String, in root: URL) -> Bool {
    let url = root.appendingPathComponent(name)
    guard let kind = FileSystem.kind(url.path) else { return true }
    return kind == .file && (try? Data(contentsOf: url))?.range(of: Data(mark.utf8)) != nil
  }

  /// Writes a page over the chapters in one step; false if something else is called so.
  private static func replace(
    _ name: String, _ mark: String, in root: URL, with text: String
  ) throws -> Bool {
    guard isFree(name, mark, in: root) else { return false }
    let url = root.appendingPathComponent(name)
    let new = root.appendingPathComponent("\(leftover)\(UUID())")
    do {
      try Data(text.utf8).write(to: new, options: .withoutOverwriting)
    } catch {
      unlink(new.path)
      throw NotebookError("cannot write \(url.path): \(error.reason)")
    }
    guard rename(new.path, url.path) == 0 else {
      let reason = systemReason(errno)
      unlink(new.path)
      throw NotebookError("cannot write \(url.path): \(reason)")
    }
    return true
  }

  /// The way to a file below the index, as an address has it.
  static func encoded(_ path: String) -> String {
    path.addingPercentEncoding(withAllowedCharacters: .plainPath) ?? ""
  }

  package static func refusal(in root: URL) -> String {
    let path = root.appendingPathComponent("index.html").path
    return "\(path) is no index of chapters and stays as it is; there is none over these pages"
  }

  /// The last runs in the chapters' folders, in the order of the book. A folder that is called
  /// otherwise than its chapter is somebody's copy.
  private static func runs(in root: URL) -> [RunDescription] {
    FileSystem.names(in: root.path)
      .filter { FileSystem.kind(root.appendingPathComponent($0).path) == .folder }
      .compactMap { name in
        let run = RunDescription(in: root.appendingPathComponent(name))
        return run?.chapter.slug == name ? run : nil
      }
      .sorted { ($0.chapter.number, $0.chapter.slug) < ($1.chapter.number, $1.chapter.slug) }
  }

  private static let leftover = ".index-"

  /// Removes what writers of the index have left that were killed.
  static func removeLeftovers(in root: URL) {
    for name in FileSystem.names(in: root.path) where name.hasPrefix(leftover) {
      let path = root.appendingPathComponent(name).path
      if UUID(uuidString: String(name.dropFirst(leftover.count))) != nil,
        FileSystem.kind(path) == .file, FileSystem.isOwn(path)
      {
        unlink(path)
      }
    }
  }
}

extension CharacterSet {
  fileprivate static let plainPath = CharacterSet(
    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
}
