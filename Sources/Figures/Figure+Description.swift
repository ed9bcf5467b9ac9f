extension Figure {
  /// The figure in words, for readers who cannot see it: title, axes, and what is drawn with its
  /// range.
  public var altText: String {
    if let panels {
      return ([title] + panels.figures.map(\.altText)).filter { !$0.isEmpty }
        .map { $0.hasSuffix(".") ? $0 : $0 + "." }.map(\.oneLine).joined(separator: " ")
    }
    var sentences = [title]
    for (name, axis) in [("x", x), ("y", y), ("z", z), ("color", colorBar)]
    where !axis.label.isEmpty {
      sentences.append("\(name): \(axis.label)\(axis.scale == .log ? ", logarithmic" : "")")
    }
    if let categories { sentences.append("Bars for " + categories.joined(separator: ", ")) }
    sentences += marks.compactMap(\.words)
    return sentences.map(\.oneLine).filter { !$0.isEmpty }.joined(separator: ". ") + "."
  }
}

extension Mark {
  /// One clause: what it is, its name, how many values from where to where.
  fileprivate var words: String {
    let name = label.map { "\(kind) '\($0)'" } ?? kind
    let numbers = (values ?? []).filter(\.isFinite)
    guard let least = numbers.min(), let most = numbers.max() else { return name }
    return "\(name): \(values?.count ?? 0) values from \(least.brief) to \(most.brief)"
  }
}
