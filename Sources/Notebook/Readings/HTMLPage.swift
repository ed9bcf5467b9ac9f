import Foundation

/// The chapter as one file for a browser: pictures, formulas and style inside, nothing fetched, and no
/// script but those of interactive cells.
package enum HTMLPage {
  package static func text(
    _ record: Record, of book: Book = .none, previous: ChapterDescription? = nil,
    next: ChapterDescription? = nil
  ) -> String {
    let (chapter, words) = (record.chapter, record.words)
    var contents: [(level: Int, title: String, anchor: String)] = []
    var names = CellNames()
    let cells = record.cells.map { cell in
      var headings = cell.prose.headings[...]
      let first = headings.startIndex
      let prose = HTML.text(cell.prose) {
        let slug = headings.startIndex == first ? cell.id : headings[headings.startIndex].title.slug
        let heading = headings.removeFirst()
        let anchor = names.unique(slug.isEmpty ? "part" : slug)
        contents.append((heading.level, HTML.text(heading.inlines), anchor))
        return anchor
      }
      let isEnglish = record.language != "en" && !cell.prose.isEmpty && !cell.isTranslated
      return section(
        cell, prose: isEnglish ? "<div lang=\"en\">\n\(prose)\n</div>" : prose, words)
    }
    let links = links(previous: previous, next: next, words)
    let name = HTML.escaped(book.name)
    let body = """
      <header class="bar"><a class="book" href="../index.html">\(name)</a>\(links)</header>
      <div class="page">
      <header class="head">
      <p class="number">\(words("Chapter %@", "\(chapter.number)"))</p>
      <h1>\(HTML.escaped(chapter.title))</h1>
      <p class="summary">\(HTML.escaped(chapter.summary))</p>
      </header>
      \(contentsList(contents, of: book, words))
      <main>
      \(cells.joined(separator: "\n"))
      <footer class="end">\(links)</footer>
      </main>
      </div>
      """
    let scripts = PageScripts(record.interactives, words)
    return HTML.document(
      title: "\(chapter.number). \(chapter.title)", words: words,
      head: "\n" + scripts.policy, style: scripts.style,
      body: DarkPictures.filter + "\n" + body + scripts.elements)
  }

  private static func contentsList(
    _ entries: [(level: Int, title: String, anchor: String)], of book: Book, _ words: Wording
  ) -> String {
    guard !entries.isEmpty else { return "" }
    var items = entries.filter { $0.level <= 3 }.map { entry in
      let style = entry.level > 2 ? " class=\"inner\"" : ""
      return "<li\(style)><a href=\"#\(entry.anchor)\">\(entry.title)</a></li>"
    }
    if !book.glossary.isEmpty {
      let name = words("Glossary")
      items.append("<li class=\"inner\"><a href=\"../glossary.html\">\(name)</a></li>")
    }
    let name = words("Contents")
    return """
      <nav class="contents" aria-label="\(name)"><label><input type="checkbox">\(name)</label>
      <ol>
      \(items.joined(separator: "\n"))
      </ol></nav>
      """
  }

  private static func links(
    previous: ChapterDescription?, next: ChapterDescription?, _ words: Wording
  ) -> String {
    func link(_ chapter: ChapterDescription, _ relation: String, _ text: String) -> String {
      "<a rel=\"\(relation)\" href=\"../\(HTML.escaped(chapter.slug))/chapter.html\">\(text)</a>"
    }
    let back = previous.map { link($0, "prev", "← \(HTML.escaped($0.title))") } ?? ""
    let on = next.map { link($0, "next", "\(HTML.escaped($0.title)) →") } ?? ""
    return "<nav class=\"turn\" aria-label=\"\(words("Chapters"))\">\(back)\(on)</nav>"
  }

  private static func section(_ cell: CellRecord, prose: String, _ words: Wording) -> String {
    var parts = prose.isEmpty ? [] : [prose]
    if !cell.code.isEmpty {
      let file = cell.file.map { "<div class=\"file\">\(HTML.escaped($0))</div>" } ?? ""
      for (place, part) in FigureCode.parts(of: cell.code).enumerated() {
        let code = "<pre class=\"code\" tabindex=\"0\"><code>\(HTML.swift(part.code))</code></pre>"
        let label = place == 0 ? file : ""
        let summary: String? =
          switch part.kind {
          case .computing: nil
          case .drawing: "Code that draws"
          case .claiming: "Code that checks"
          }
        parts.append(
          summary.map {
            "<details class=\"drawing\"><summary>\(words($0))</summary>\(label)\(code)</details>"
          } ?? label + code)
      }
    }
    parts += cell.outputs.map { output($0, words) }
    return "<section>\n\(parts.joined(separator: "\n"))\n</section>"
  }

  private static func output(_ output: OutputRecord, _ words: Wording) -> String {
    switch output {
    case .text(let printed):
      // A line break right after <pre> would be dropped, so there is always one to drop.
      return
        "<pre class=\"output\" tabindex=\"0\">\n\(HTML.escaped(printed.text.trimmingLastLine))</pre>"
    case .table(let table): return HTML.table(table)
    case .claim(let claim):
      let kind = claim.holds ? "claim" : "claim fails"
      let label = words(claim.holds ? "Holds in this run" : "Does not hold in this run")
      return """
        <p class="\(kind)"><span class="mark" role="img" aria-label="\(label)" title="\(label)">\(claim.mark)</span> \
        \(HTML.text(claim.words))</p>
        """
    case .question(let question):
      let answers = question.answers.enumerated().map { place, answer in
        "<li><b>\(Prediction.letter(place))</b>\(words.colon)\(HTML.text(answer))</li>"
      }
      return """
        <p>\(HTML.text(question.words))</p>
        <ul>
        \(answers.joined(separator: "\n"))
        </ul>
        """
    case .reveal(let reveal):
      return "<details class=\"drawing\"><summary>\(words(RevealRecord.summary))</summary>"
        + "<p>\(HTML.text(reveal.paragraph(words)))</p></details>"
    case .figure(let figure): return picture(figure, words)
    }
  }
}

extension HTMLPage {
  /// The picture that fits the page, which a click or the space bar shows as large as it is.
  private static func picture(_ figure: FigureRecord, _ words: Wording) -> String {
    func data(_ png: Data) -> String { "data:image/png;base64,\(png.base64EncodedString())" }
    func picture(_ png: Data, _ narrow: FigureVariant?, _ kind: String = "") -> String {
      let source =
        narrow.map { narrow in
          "<source media=\"(max-width: 40rem)\" srcset=\"\(data(narrow.png))\""
            + " width=\"\(narrow.width)\" height=\"\(narrow.height)\">\n"
        } ?? ""
      return """
        <picture\(kind)>
        \(source)<img src="\(data(png))" width="\(figure.width)" height="\(figure.height)" \
        alt="\(HTML.escaped(figure.alt))">
        </picture>
        """
    }
    // A style sheet shows one of the two: the moving one, unless little motion is asked for, or the
    // other where the box is checked.
    let pictures =
      figure.moving.map { moving in
        picture(moving.png, moving.narrow, " class=\"moving\"") + "\n"
          + picture(figure.png, figure.narrow, " class=\"held\"")
      } ?? picture(figure.png, figure.narrow)
    let motion =
      figure.moving == nil
      ? ""
      : " <label class=\"motion\"><input type=\"checkbox\">\(words("Play or pause"))</label>"
    let names = [
      figure.narrow == nil ? "fixed" : nil,
      figure.interactive == nil ? nil : "interactive",
    ].compactMap { $0 }
    let kind = names.isEmpty ? "" : " class=\"\(names.joined(separator: " "))\""
    let component = figure.interactive.map {
      " data-component=\"\(HTML.escaped($0.component.name))\""
    }
    let live = figure.interactive.map {
      "<script type=\"application/json\">\($0.json)</script>\n"
    }
    let readable = " style=\"--readable: \(figure.readableWidth)px\""
    return """
      <figure\(kind)\(component ?? "")\(readable)><label><input type="checkbox" aria-label="\(words("Figure %@ large", "\(figure.number)"))">
      \(pictures)</label>
      \(live ?? "")<figcaption><b>\(words("Figure %@.", "\(figure.number)"))</b> \(HTML.escaped(figure.title))\(motion)</figcaption>
      </figure>
      """
  }
}

extension [Block] {
  /// All headings, those in quotes and lists too, in the order in which they are written.
  var headings: [(level: Int, title: String, inlines: [Inline])] {
    flatMap { block -> [(level: Int, title: String, inlines: [Inline])] in
      switch block {
      case .heading(let level, let inlines): [(Swift.max(level, 2), inlines.plain, inlines)]
      case .quote(let blocks): blocks.headings
      case .list(_, let items): items.flatMap(\.headings)
      default: []
      }
    }
  }
}

extension String {
  /// Without the line break at the end.
  var trimmingLastLine: String { hasSuffix("\n") ? String(dropLast()) : self }
}
