/// Code that only draws, told from code that computes: a page folds it.
package enum FigureCode {
  package struct Part: Equatable {
    package var code: String
    package var isDrawing: Bool
  }

  /// The code in parts, in their order. What draws begins where a figure is made,
  /// `var loss = Figure(`, and ends where it is handed to the page, if nothing is printed or measured
  /// between the two and both stand at the same depth.
  package static func parts(of code: String) -> [Part] {
    let lines = code.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var parts: [Part] = [], plain: [String] = [], place = 0
    func close() {
      let text = trimmed(plain)
      if !text.isEmpty { parts.append(Part(code: text.joined(separator: "\n"), isDrawing: false)) }
      plain = []
    }
    while place < lines.count {
      if let end = drawing(lines, from: place) {
        close()
        let text = trimmed(Array(lines[place..<end])).joined(separator: "\n")
        if parts.last?.isDrawing == true {
          parts[parts.count - 1].code += "\n" + text
        } else {
          parts.append(Part(code: text, isDrawing: true))
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
    let isMade = #/\s*(?:var|let) \w+(?: = | ?: \[?Figure\]? ?= ?)(?:Figure|Diagram)(?:\(|\.).*/#
    let isHanded = #/\s*try \w+\.figure\(.*/#
    let margin = lines[start].indentation
    guard lines[start].wholeMatch(of: isMade) != nil || lines[start].wholeMatch(of: isHanded) != nil
    else { return nil }
    var end = start
    while end < lines.count {
      let line = lines[end]
      if line.contains(#/\.(?:result|print|table|claim)\(/#) { return nil }
      if !line.isEmpty, line.indentation < margin { return nil }
      end += 1
      guard line.wholeMatch(of: isHanded) != nil, line.indentation == margin else { continue }
      // The call may go on over several lines.
      var open = depth(line)
      while open > 0, end < lines.count {
        open += depth(lines[end])
        end += 1
      }
      return end
    }
    return nil
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
