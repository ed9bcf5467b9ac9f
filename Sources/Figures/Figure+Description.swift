import Foundation
import PlainText

extension Figure {
  /// The figure in words, for readers who cannot see it: title, axes, and what is drawn with its
  /// range.
  public var altText: String {
    altText(stop: ". ", name: \.self) { TextCatalog.filled($0, with: $1) }
  }

  /// The same in another language.
  ///
  /// - Parameters:
  ///   - stop: ends a sentence within a text, with the space behind it if there is one.
  ///   - comma: stands between names in a row.
  ///   - name: a text of the figure in that language.
  ///   - told: what is said for a sentence, with values for its `%@`.
  package func altText(
    stop: String, comma: String = ", ", name: (String) -> String,
    told: (_ text: String, _ values: [String]) -> String
  ) -> String {
    if let panels {
      return
        ([name(title)]
        + panels.figures.map { $0.altText(stop: stop, comma: comma, name: name, told: told) })
        .filter { !$0.isEmpty }.map(\.oneLine).sentences(stop)
    }
    var sentences = [name(title)]
    for (kind, axis) in [("x", x), ("y", y), ("z", z), ("color", colorBar)]
    where !axis.label.isEmpty {
      let sentence = axis.scale == .log ? "\(kind): %@, logarithmic" : "\(kind): %@"
      sentences.append(told(sentence, [name(axis.label)]))
    }
    if let categories {
      sentences.append(
        told("Bars for %@", [categories.map(name).joined(separator: comma)]))
    }
    sentences += marks.map { $0.words(comma, name, told) }
    return sentences.map(\.oneLine).filter { !$0.isEmpty }.sentences(stop)
  }
}

extension [String] {
  /// One after the other, each with a stop at its end if it has none.
  fileprivate func sentences(_ stop: String) -> String {
    let end = stop.trimmingCharacters(in: .whitespaces)
    return map { $0.hasSuffix(end) || $0.last.map("?!？！".contains) == true ? $0 : $0 + end }
      .joined(separator: String(stop.dropFirst(end.count)))
  }
}

extension Mark {
  /// One clause: what it is, its name, how many values from where to where.
  fileprivate func words(
    _ comma: String, _ name: (String) -> String, _ told: (String, [String]) -> String
  ) -> String {
    let kind = diagram?.words(comma, name, told) ?? told(kind, [])
    let named = label.map { told("%@ '%@'", [kind, name($0)]) } ?? kind
    let numbers = (values ?? []).filter(\.isFinite)
    guard let least = numbers.min(), let most = numbers.max() else { return named }
    return told(
      "%@: %@ values from %@ to %@", [named, "\(values?.count ?? 0)", least.brief, most.brief])
  }
}
