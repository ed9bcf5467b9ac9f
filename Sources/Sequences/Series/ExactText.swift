/// Text that equals only text of the same scalars.
///
/// Swift's `==` joins what is canonically equivalent, such as "é" written as one scalar and as two;
/// the files and programs that names and words come from tell them apart.
struct ExactText: Hashable, Sendable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (a: ExactText, b: ExactText) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

  func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

/// The words that the codes 0, 1, 2, … of some columns stand for, by the columns' names. Names and
/// words are told apart by their scalars.
///
///     series.categories["wind"]                         // ["NW", "cv", "SE"]
public struct Categories: Equatable, Sendable, ExpressibleByDictionaryLiteral {
  private var words: [ExactText: [ExactText]] = [:]

  public init(_ words: [String: [String]] = [:]) {
    for (name, list) in words { self[name] = list }
  }

  public init(dictionaryLiteral elements: (String, [String])...) {
    for (name, list) in elements { self[name] = list }
  }

  /// A column's words; nil if it has none.
  public subscript(name: String) -> [String]? {
    get { words[ExactText(name)]?.map(\.text) }
    set { words[ExactText(name)] = newValue?.map(ExactText.init) }
  }

  /// The columns that hold words, in no order.
  public var names: [String] { words.keys.map(\.text) }

  public var isEmpty: Bool { words.isEmpty }

  func filter(_ isKept: (String) -> Bool) -> Categories {
    var result = self
    result.words = words.filter { isKept($0.key.text) }
    return result
  }
}

/// Names for a message: all of a few, the first of many.
func listed(_ names: [String]) -> String {
  let most = 12
  let shown = names.prefix(most).map { $0.count > 40 ? $0.prefix(40) + "…" : $0 }
  let rest = names.count - most
  return shown.joined(separator: ", ") + (rest > 0 ? ", … and \(rest) more" : "")
}
