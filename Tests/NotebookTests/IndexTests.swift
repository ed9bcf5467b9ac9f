import Foundation
import Notebook
import TestSupport
import Testing

/// The index over the chapters, made of files that anyone may have written.
@Suite struct IndexTests {
  let scratch: Scratch
  init() throws { scratch = Scratch() }

  private func describe(
    _ folder: String, slug: String? = nil, title: String = "T", seconds: String = "1",
    thumbnail: String = "1.png", version: String = "1", files: [String] = ["chapter.html"]
  ) throws {
    let url = scratch.url.appendingPathComponent(folder)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    func json(_ text: String) throws -> String {
      String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    }
    try Data(
      """
      {"chapter": {"number": 1, "slug": \(json(slug ?? folder)), "title": \(json(title)),
       "summary": \(json(title))}, "seed": 1, "quick": true, "seconds": \(seconds),
       "version": \(json(version)), "thumbnail": \(json(thumbnail)), "files": \(files)}
      """.utf8
    ).write(to: url.appendingPathComponent("run.json"))
  }

  private func index() throws -> String {
    #expect(try OutputFolder.writeIndex(in: scratch.url))
    return try scratch.text("index.html")
  }

  /// The library knows no book: a chapter of another package is told under that package's names.
  @Test func whatStandsOnTheIndexIsTheBooks() throws {
    try describe("c")
    #expect(try index().contains("<h1>Chapters</h1>"))
    let book = Book(
      name: "tides", title: "Tides & <moons>", summary: "Of the sea.", programs: ["c"])
    #expect(try OutputFolder.writeIndex(of: book, in: scratch.url))
    let text = try scratch.text("index.html")
    #expect(text.contains("<h1>Tides &amp; &lt;moons&gt;</h1>") && text.contains("Of the sea."))
    #expect(Book.none.neighbors(of: "gru").previous == nil)
  }

  @Test func nothingOfADescriptionGetsThrough() throws {
    let bad = "\"><script>alert(1)</script>'\u{202E}\u{7}"
    try describe("<b>&\"x", title: bad, thumbnail: "x\"><script>", version: bad)
    try describe("plain", slug: bad)
    for name in ["x\"><script>", "chapter.html"] {
      try Data().write(to: scratch.url.appendingPathComponent("<b>&\"x/\(name)"))
    }
    let index = try index()
    #expect(!index.contains("<script") && !index.contains("<b>"))
    #expect(!index.unicodeScalars.contains("\u{202E}") && !index.unicodeScalars.contains("\u{7}"))
    #expect(index.contains("src=\"%3Cb%3E%26%22x/x%22%3E%3Cscript%3E\""))
    #expect(index.count(of: "<li>") == 1, "a folder that isn't called as its chapter is a copy")
  }

  @Test(arguments: ["../secret.png", "/etc/passwd", "gone.png", ".", "sub", "link.png", ""])
  func aPictureThatIsNotThereIsNotNamed(thumbnail: String) throws {
    try Data().write(to: scratch.url.appendingPathComponent("secret.png"))
    try describe("c", thumbnail: thumbnail, files: ["chapter.html", "chapter.md", "../secret.png"])
    let folder = scratch.url.appendingPathComponent("c")
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("sub"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/link.png", withDestinationPath: "../secret.png")
    let index = try index()
    #expect(!index.contains("<img") && !index.contains("href=\"c/"))
  }

  @Test func aDarkPageShowsTheDarkPicture() throws {
    try describe("c", thumbnail: "01-a.png", files: ["01-a.png"])
    let folder = scratch.url.appendingPathComponent("c")
    try Data().write(to: folder.appendingPathComponent("01-a.png"))
    #expect(try !index().contains("<source"), "there is none")
    try Data().write(to: folder.appendingPathComponent("01-a-dark.png"))
    #expect(
      try index().contains(
        #"<source media="(prefers-color-scheme: dark)" srcset="c/01-a-dark.png"><img src="c/01-a.png""#
      ))
  }

  @Test(arguments: [
    ("1e300", "? s"), ("-1e300", "? s"), ("1e18", "? s"), ("59.94", "59.9 s"), ("0", "0.0 s"),
    ("83.2", "1 min 23 s"), ("-3", "-3.0 s"), ("999999999", "16666666 min 39 s"),
  ])
  func anySeconds(seconds: String, text: String) throws {
    try describe("c", seconds: seconds)
    #expect(try index().contains("· \(text) ·"))
    #expect(IndexPage.duration(Double(seconds)!) == text)
  }

  @Test func numbersThatAreNoneAreNoRun() {
    #expect(IndexPage.duration(.nan) == "? s")
    #expect(IndexPage.duration(.infinity) == "? s")
  }

  @Test func anotherIndexStays() throws {
    try Data("<h1>My site</h1>".utf8).write(to: scratch.url.appendingPathComponent("index.html"))
    let run = try Program(name: "NotebookFixture").run("--output", scratch.path)
    #expect(run.status == 0)
    #expect(run.errors.contains("note: \(scratch.path)/index.html is no index of chapters"))
    #expect(try scratch.text("index.html") == "<h1>My site</h1>")
  }

  @Test func aChapterAloneWritesIt() throws {
    let run = try Program(name: "NotebookFixture").run("--output", scratch.path)
    #expect(run.status == 0)
    let index = try scratch.text("index.html")
    for link in ["chapter.html", "chapter.md", "chapter.ipynb", "01-squares-roots.png"] {
      #expect(index.contains("\"notebook-fixture/\(link)\""))
    }
  }
}

extension String {
  fileprivate func count(of part: String) -> Int { components(separatedBy: part).count - 1 }
}
