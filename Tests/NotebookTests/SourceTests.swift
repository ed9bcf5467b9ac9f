import Foundation
import Notebook
import Testing

@Suite struct SourceTests {
  private func source(_ text: String) -> SourceFile {
    SourceFile(text: text, url: URL(fileURLWithPath: "/Chapter.swift"))
  }

  @Test func cellsAndTheirCode() {
    let marks = source(
      #####"""
      func tell(_ page: Page) throws {
        page.prose(#"""
          ## One
          $\tanh(x)$ and a page.prose("in prose") that is none.
          """#)
        let brace = "} \(f("{")) page.prose("no")"  // page.prose("no")
        /* page.prose("no") */
        let raw = #"page.prose("no") \#(1)"#

        if x {
          y()
        }

        page.prose(
          "second"
        )
        try a()

        page.prose("## Three\nwith \"quotes\" and \u{3C3}")
      }
      func other() {}
      """#####
    ).marks
    #expect(marks.map(\.id) == ["one", "one-2", "three"])
    #expect(marks[0].code.hasPrefix("let brace = \"} "))
    #expect(marks[0].code.hasSuffix("\n\nif x {\n  y()\n}"))
    #expect(marks[0].text == "## One\n$\\tanh(x)$ and a page.prose(\"in prose\") that is none.")
    #expect(marks[0].lines == 2...5)
    #expect(marks[1].code == "try a()")
    #expect(marks[2].text == "## Three\nwith \"quotes\" and σ")
    #expect(marks[2].code == "")
  }

  @Test func cellsInsideBlocks() {
    let marks = source(
      """
      page.prose("## A")
      let a = 1
      for part in parts {
        page.prose("## B")
        b()
        if c { d() }
      }
      page.prose("value \\(x)")
      e()
      """
    ).marks
    #expect(marks.map(\.code) == ["let a = 1", "b()\nif c { d() }", "e()"])
    #expect(marks[2].text == nil, "an interpolated text is not known beforehand")
  }

  /// What one section hands on to the next is no code of the page.
  @Test func theReturnAtASectionsEndIsNotShown() {
    let marks = source(
      """
      func a(_ page: Page) -> Int {
        page.prose("## A")
        let a = 1
        if a > 2 { return 2 }

        return a
      }
      func b(_ page: Page) -> Int {
        page.prose("## B")
        return 1
      }
      """
    ).marks
    #expect(marks.map(\.code) == ["let a = 1\nif a > 2 { return 2 }", ""])
  }

  @Test func showIsABoundaryToo() {
    let marks = source(
      """
      page.prose("## A")
      a()
      page.show("Unit", in: "Unit.swift")
      b()
      """
    ).marks
    #expect(marks.map(\.call) == [.prose, .show])
    #expect(marks.map(\.code) == ["a()", "b()"])
  }

  /// What a page's variable is called makes no difference; what is no page is no boundary.
  @Test func aPageMayHaveAnyName() {
    let marks = source(
      """
      func tell(_ story: Page, _ window: Window) throws {
        story.prose("## A")
        a(); window.prose("no"); window.show("no"); player.show()
        try told.book!.pages[0].prose("## B")
        b()
        let other = story
        other.show("Unit", in: "Unit.swift")
        c()
      }
      extension Page {
        func tellMore() {
          prose("## D")
          d()
          self.prose("## E")
          e()
        }
      }
      func prose(_ text: String) {}
      prose("no")
      """
    ).marks
    #expect(marks.map(\.id) == ["a", "b", "", "d", "e"])
    #expect(
      marks.map(\.code) == [
        "a(); window.prose(\"no\"); window.show(\"no\"); player.show()", "b()\nlet other = story",
        "c()", "d()", "e()",
      ])
    #expect(marks.map(\.lines.lowerBound) == [2, 4, 7, 12, 14])
  }

  /// A new cell is a call more: what is before and after keeps its name and its code.
  @Test func addingACellChangesNoOther() {
    let cells = ["page.prose(\"## A\")\na()\n", "page.prose(\"## C\")\nc()\n"]
    let before = source(cells.joined()).marks
    let after = source(cells[0] + "page.prose(\"## B\")\nb()\n" + cells[1]).marks
    #expect(after.map(\.id) == ["a", "b", "c"])
    #expect([after[0].code, after[2].code] == before.map(\.code))
  }

  @Test func declarations() {
    let file = source(
      """
      import Foundation

      /// A cell.
      /// Two lines.
      @frozen
      struct Cell<T>: Module where T: P {
        let size: Int
        var twice: Int { size * 2 }

        /// One step.
        func step(_ x: [Int] = [1, 2]) -> Int {
          x.count + "}".count
        }
      }

      func free(_ a: Int) -> Int { a }
      let table = [
        1, 2,
      ]
      typealias Short = Cell<Int>
      enum Empty {}
      """)
    #expect(
      file.declaration("Cell")?.hasPrefix("/// A cell.\n/// Two lines.\n@frozen\nstruct") == true)
    #expect(file.declaration("Cell")?.hasSuffix("  }\n}") == true)
    #expect(
      file.declaration("Cell.step")
        == "/// One step.\nfunc step(_ x: [Int] = [1, 2]) -> Int {\n  x.count + \"}\".count\n}")
    #expect(file.declaration("Cell.twice") == "var twice: Int { size * 2 }")
    #expect(file.declaration("Cell.size") == "let size: Int")
    #expect(file.declaration("free") == "func free(_ a: Int) -> Int { a }")
    #expect(file.declaration("table") == "let table = [\n  1, 2,\n]")
    #expect(file.declaration("Short") == "typealias Short = Cell<Int>")
    #expect(file.declaration("Empty") == "enum Empty {}")
    #expect(file.declaration("step") != nil)
    #expect(file.declaration("nothing") == nil)
    for text in [
      "func f(\n  _ a: Int\n) throws -> Int {\n  a\n}", "func f(\n  _ a: Int\n) async {\n  a()\n}",
      "func f(\n  _ a: Int\n)\n  rethrows\n{\n  a()\n}", "let f =\n  1 + 2\n  + 3",
      "let f: Int?", "func f<A>(_ a: A)\n  -> Int\nwhere A: B {\n  1\n}",
    ] {
      let file = SourceFile(text: text + "\nlet next = 1", url: file.url)
      #expect(file.declaration("f") == text)
    }
  }

  @Test func lexerCoversEverything() throws {
    // Every source of the package, cut into tokens and put together again.
    let sources = FileManager.default.enumerator(atPath: checkout.path + "/Sources")!
    var count = 0
    for case let name as String in sources where name.hasSuffix(".swift") {
      let bytes = Array(try Data(contentsOf: checkout.appendingPathComponent("Sources/\(name)")))
      let tokens = SwiftLexer.tokens(of: bytes)
      #expect(tokens.flatMap { bytes[$0.range] } == bytes, "\(name)")
      count += 1
    }
    #expect(count > 20)
  }

  @Test func lexerNamesKinds() {
    let code =
      #"@main let x: Double = 1_000.5e-3 + f(0..<3) // σ "text""# + "\n"
      + ##"#"a\#(b + ")")"# .self.in"##
    let bytes = Array(code.utf8)
    let tokens = SwiftLexer.tokens(of: bytes).filter {
      $0.kind != .space && $0.kind != .punctuation
    }
    .map { "\($0.kind) " + String(decoding: bytes[$0.range], as: UTF8.self) }
    #expect(
      tokens == [
        "attribute @main", "keyword let", "name x", "type Double", "number 1_000.5e-3", "name f",
        "number 0", "number 3", "comment // σ \"text\"", ##"string #"a\#(b + ")")"#"##,
        "keyword self", "name in",
      ])
  }

  @Test func translationGapsAreNamed() throws {
    let source = source("page.prose(\"## A\")\npage.prose(\"more\")\npage.prose(\"## B\")")
    let translation = Translation(
      text: "intro\n<!-- cell: a -->\n## 甲\n\n文字\n<!-- cell: b -->\n\n<!-- cell: gone -->\nx\n")
    #expect(translation.cells["a"] == "## 甲\n\n文字")
    let gaps = translation.gaps(in: source)
    #expect(gaps.missing == ["a-2", "b"], "an empty cell is missing too")
    #expect(gaps.unknown == ["gone"])
  }
}
