import Foundation

extension Figure {
  /// The figure in words, for readers who cannot see it: title, axes, and what is drawn with its
  /// range.
  public var altText: String { altText(stop: ". ") { $0 } }

  /// The same in another language: `told` has its words for each sentence, which ends with `stop`.
  package func altText(stop: String, told: (String) -> String) -> String {
    let end = stop.trimmingCharacters(in: .whitespaces)
    if let panels {
      return ([told(title)] + panels.figures.map { $0.altText(stop: stop, told: told) })
        .filter { !$0.isEmpty }.map { $0.hasSuffix(end) ? $0 : $0 + end }.map(\.oneLine)
        .joined(separator: String(stop.dropFirst(end.count)))
    }
    var sentences = [title]
    for (name, axis) in [("x", x), ("y", y), ("z", z), ("color", colorBar)]
    where !axis.label.isEmpty {
      sentences.append("\(name): \(axis.label)\(axis.scale == .log ? ", logarithmic" : "")")
    }
    if let categories { sentences.append("Bars for " + categories.joined(separator: ", ")) }
    sentences += marks.compactMap(\.words)
    return sentences.map(told).map(\.oneLine).filter { !$0.isEmpty }.joined(separator: stop) + end
  }
}

extension Mark {
  /// One clause: what it is, its name, how many values from where to where.
  fileprivate var words: String {
    let kind = diagram?.words ?? kind
    let name = label.map { "\(kind) '\($0)'" } ?? kind
    let numbers = (values ?? []).filter(\.isFinite)
    guard let least = numbers.min(), let most = numbers.max() else { return name }
    return "\(name): \(values?.count ?? 0) values from \(least.brief) to \(most.brief)"
  }
}
