import Foundation
import Sequences

/// The pieces in which a network reads a text.
public enum TextForm: String, Codable, Sendable, CaseIterable {
  /// One by one, as a reader counts them; capital letters stay.
  case characters
  /// In small letters, punctuation marks too; a Chinese or Japanese character is a word.
  case words

  /// The first pieces of a text, at least one.
  func tokens(of text: String, atMost limit: Int) -> [String] {
    let all =
      self == .words
      ? WordTokenizer().tokens(of: text.composed(atMost: 20 * limit))
      : CharacterTokenizer().tokens(of: text.composed(atMost: limit))
    return all.isEmpty ? [""] : Array(all.prefix(limit))
  }
}

extension String {
  /// The beginning, with letters and their marks in one scalar where there is one: "é" is the same
  /// however it was typed.
  func composed(atMost characters: Int) -> String {
    String(prefix(characters)).precomposedStringWithCanonicalMapping
  }
}
