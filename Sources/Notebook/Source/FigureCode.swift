/// Code that only draws, or only says what the numbers say, told from code that computes: a page
/// folds it.
package enum FigureCode {
  package enum Kind { case computing, drawing, claiming }

  package struct Part: Equatable {
    package var code: String
    package var kind: Kind
  }

  /// The code in parts, in their order. What draws begins where a figure is made,
  /// `var loss = Figure(`, and ends where it is handed to the page, if nothing is printed or measured
  /// between the two and both stand at the same depth. What says what came out is `page.claim(` or
  /// `page.reveal(` to its end.
  package static func parts(of code: String) -> [Part] {
    let lines = code.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var parts: [Part] = [], plain: [String] = [], place = 0
    func close() {
      let text = trimmed(plain)
      if !text.isEmpty { parts.append(Part(code: text.joined(separator: "\n"), kind: .computing)) }
      plain = []
    }
    while place < lines.count {
      let drawn = drawing(lines, from: place)
      if let end = drawn ?? saying(lines, from: place) {
        let kind = drawn == nil ? Kind.claiming : .drawing
        close()
        let text = trimmed(Array(lines[place..<end])).joined(separator: "\n")
        if parts.last?.kind == kind {
          parts[parts.count - 1].code += "\n" + text
        } else {
          parts.append(Part(code: text, kind: kind))
        }
        place = end
      } else {
        plain.append(lines[place])
        place += 1
      }
    }
    close()
    return parts
  }

  /// The line after the last one of what draws and begins at `start`; nil if nothing does.
  private static func drawing(_ lines: [String], from start: Int) -> Int? {
    let isMade =
      #/\s*(?:var|let) \w+(?: = | ?: \[?Figure\]? ?= ?)(?:Figure|Diagram|Animation)(?:\(|\.).*/#
    let isHanded = #/\s*try \w+\.(?:figure|animation|interactive)\(.*/#
    let margin = lines[start].indentation
    guard lines[start].wholeMatch(of: isMade) != nil || lines[start].wholeMatch(of: isHanded) != nil
    else { return nil }
    var end = start
    while end < lines.count {
      let line = lines[end]
      if line.contains(#/\.(?:result|print|table|claim|predict|reveal)\(/#) { return nil }
      if !line.isEmpty, line.indentation < margin { return nil }
      end += 1
      guard line.wholeMatch(of: isHanded) != nil, line.indentation == margin else { continue }
      return self.end(ofCallIn: lines, from: end - 1)
    }
    return nil
  }

  /// The line after the last one of a claim or an answer that begins at `start`; nil if none does.
  private static func saying(_ lines: [String], from start: Int) -> Int? {
    lines[start].wholeMatch(of: #/\w+\.(?:claim|reveal)\(.*/#)
      .map { _ in end(ofCallIn: lines, from: start) }
  }

  /// The line after the last one of a call, which may go on over several.
  private static func end(ofCallIn lines: [String], from start: Int) -> Int {
    var (open, end) = (depth(lines[start]), start + 1)
    while open > 0, end < lines.count {
      open += depth(lines[end])
      end += 1
    }
    return end
  }

  /// Brackets opened and not closed. Those in strings are few and come in pairs.
  private static func depth(_ line: String) -> Int {
    line.reduce(0) { $0 + ("([{".contains($1) ? 1 : ")]}".contains($1) ? -1 : 0) }
  }

  private static func trimmed(_ lines: [String]) -> [String] {
    let isBlank = { (line: String) in line.allSatisfy(\.isWhitespace) }
    return Array(lines.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }
}

extension String {
  fileprivate var indentation: Int { prefix { $0 == " " }.count }
}
