extension Figure {
  /// The figure in words, for readers who cannot see it: title, axes, and what is drawn with its
  /// range.
  public var altText: String {
    var sentences = [title]
    for (name, axis) in [("x", x), ("y", y)] where !axis.label.isEmpty {
      sentences.append("\(name): \(axis.label)\(axis.scale == .log ? " (logarithmic)" : "")")
    }
    sentences += marks.compactMap(\.words)
    return sentences.map(\.oneLine).filter { !$0.isEmpty }.joined(separator: ". ") + "."
  }
}

extension Mark {
  var words: String? {
    guard let values else { return label.map { "\(kind) '\($0)'" } }
    let numbers = values.filter(\.isFinite)
    let name = label.map { "\(kind) '\($0)'" } ?? kind
    guard let least = numbers.min(), let most = numbers.max() else { return name }
    return "\(name): \(values.count) values from \(least.brief) to \(most.brief)"
  }
}
