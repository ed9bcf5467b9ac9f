import PlainText

extension Animation {
  /// The first and the last figure in words, for readers who cannot see what lies between.
  public var altText: String {
    altText(stop: ". ", name: \.self) { TextCatalog.filled($0, with: $1) }
  }

  /// The same in another language, as `Figure.altText`.
  package func altText(
    stop: String, comma: String = ", ", name: (String) -> String,
    told: (_ text: String, _ values: [String]) -> String
  ) -> String {
    guard let first = frames.first, let last = frames.last else { return "" }
    let ends = [first, last].map { $0.altText(stop: stop, comma: comma, name: name, told: told) }
    return told(
      "%@ pictures one after the other. The first: %@ The last: %@", ["\(frames.count)"] + ends)
  }
}
