/// A string as its bytes tell it: equal to another only if both are written with the same Unicode
/// scalars, as in Python and in every file format.
///
/// Swift's strings are equal already when a reader would see the same: "é" in one scalar and "é" in
/// two, or a Hangul syllable and its letters. Where strings come from another program, it may have
/// meant two things by them, so names from outside are compared in this form.
package struct ExactName: Hashable, Comparable, Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }

  package static func == (a: ExactName, b: ExactName) -> Bool { a.text.isExactly(b.text) }

  /// By the first scalar that differs: the order of Python's `sorted`.
  package static func < (a: ExactName, b: ExactName) -> Bool { a.text.precedes(b.text) }

  package func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

extension String {
  /// Whether two strings are written with the same Unicode scalars.
  package func isExactly(_ other: String) -> Bool {
    utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
  }

  /// Order by the first scalar that differs (that of UTF-8's bytes is the same).
  package func precedes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}

extension Sequence<String> {
  /// In the order of their scalars, whatever strings are equal for a reader.
  package func exactlySorted() -> [String] { sorted { $0.precedes($1) } }
}

extension Collection<String> {
  /// The place of a string that is written with the same scalars.
  package func exactIndex(of text: String) -> Index? { firstIndex { $0.isExactly(text) } }
}
