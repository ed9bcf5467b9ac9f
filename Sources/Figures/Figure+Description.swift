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
  ///   - name: a text of the figure in that language.
  ///   - told: what is said for a sentence, with values for its `%@`.
  package func altText(
    stop: String, name: (String) -> String,
    told: (_ text: String, _ values: [String]) -> String
  ) -> String {
    let end = stop.trimmingCharacters(in: .whitespaces)
    if let panels {
      return ([name(title)] + panels.figures.map { $0.altText(stop: stop, name: name, told: told) })
        .filter { !$0.isEmpty }.map { $0.hasSuffix(end) ? $0 : $0 + end }.map(\.oneLine)
        .joined(separator: String(stop.dropFirst(end.count)))
    }
    var sentences = [name(title)]
    for (kind, axis) in [("x", x), ("y", y), ("z", z), ("color", colorBar)]
    where !axis.label.isEmpty {
      let sentence = axis.scale == .log ? "\(kind): %@, logarithmic" : "\(kind): %@"
      sentences.append(told(sentence, [name(axis.label)]))
    }
    if let categories {
      sentences.append(
        told("Bars for %@", [categories.map(name).joined(separator: ", ")]))
    }
    sentences += marks.map { $0.words(name, told) }
    return sentences.map(\.oneLine).filter { !$0.isEmpty }.joined(separator: stop) + end
  }
}

extension Mark {
  /// One clause: what it is, its name, how many values from where to where.
  fileprivate func words(
    _ name: (String) -> String, _ told: (String, [String]) -> String
  ) -> String {
    let kind = diagram?.words(name, told) ?? told(kind, [])
    let named = label.map { told("%@ '%@'", [kind, name($0)]) } ?? kind
    let numbers = (values ?? []).filter(\.isFinite)
    guard let least = numbers.min(), let most = numbers.max() else { return named }
    return told(
      "%@: %@ values from %@ to %@", [named, "\(values?.count ?? 0)", least.brief, most.brief])
  }
}
