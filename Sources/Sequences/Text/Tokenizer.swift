import Foundation

/// Cuts a text into tokens and puts tokens together to a text.
public protocol Tokenizer: Sendable {
  /// The tokens of a text, in its order.
  func tokens(of text: String) -> [String]
  /// A text that has these tokens; what `tokens(of:)` dropped does not come back.
  func text(of tokens: [String]) -> String
}

/// One token a character, as a reader counts them: an accented letter or a Chinese character is
/// one, whatever its bytes.
public struct CharacterTokenizer: Tokenizer {
  /// There is nothing to choose.
  public init() {}
  public func tokens(of text: String) -> [String] { text.map(String.init) }
  public func text(of tokens: [String]) -> String { tokens.joined() }
}

/// One token a word or a punctuation mark. Words are runs of letters, digits and apostrophes inside
/// them; a Chinese, Japanese or Korean character is a word of its own, as no spaces part them.
public struct WordTokenizer: Tokenizer {
  /// Whether the text is put into lower case first.
  public let lowercased: Bool
  /// Whether punctuation marks are tokens; else they are left out.
  public let keepsPunctuation: Bool

  /// - Parameters:
  ///   - lowercased: whether the text is put into lower case first.
  ///   - keepsPunctuation: whether punctuation marks are tokens; else they are left out.
  public init(lowercased: Bool = true, keepsPunctuation: Bool = true) {
    (self.lowercased, self.keepsPunctuation) = (lowercased, keepsPunctuation)
  }

  public func tokens(of text: String) -> [String] {
    var tokens: [String] = []
    var word = ""
    func endWord() {
      if !word.isEmpty { tokens.append(word) }
      word = ""
    }
    let characters = Array(lowercased ? text.lowercased() : text)
    for (place, character) in characters.enumerated() {
      if isIdeograph(character) {
        endWord()
        tokens.append(String(character))
      } else if character.isLetter || character.isNumber {
        word.append(character)
      } else if character == "'" || character == "’", !word.isEmpty,
        place + 1 < characters.count, characters[place + 1].isLetter
      {
        word.append(character)
      } else {
        endWord()
        if keepsPunctuation, !character.isWhitespace { tokens.append(String(character)) }
      }
    }
    endWord()
    return tokens
  }

  /// Words with spaces between them, closing marks close to the word before. What `tokens` dropped
  /// (case, line breaks) does not come back.
  public func text(of tokens: [String]) -> String {
    var text = ""
    var last: Character?
    for token in tokens {
      let closes = token.count == 1 && Self.closing.contains(token.first!)
      let ideographs = token.first.map(isIdeograph) == true && last.map(isIdeograph) == true
      if !text.isEmpty, !closes, !ideographs { text += " " }
      text += token
      last = token.last ?? last
    }
    return text
  }

  private static let closing = Set<Character>(".,;:!?)]}%。，、；：！？」』）")

  private func isIdeograph(_ character: Character) -> Bool {
    guard let scalar = character.unicodeScalars.first else { return false }
    switch scalar.value {
    // Hangul syllables may also be written letter by letter.
    case 0x1100...0x11FF, 0xA960...0xA97F, 0xD7B0...0xD7FF, 0x2E80...0x2FDF, 0x3005...0x3007,
      0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7AF, 0xF900...0xFAFF,
      0x20000...0x3FFFF:
      return true
    default: return false
    }
  }
}

/// A text with only letters in lower case and single spaces between words: the form in which *The
/// Time Machine* is usually modeled, 27 characters and no more. Letters of other alphabets stay.
public func lettersOnly(_ text: String) -> String {
  var result = ""
  // A space waits until a letter follows.
  var isBetween = false
  for character in text.lowercased() {
    if character.isLetter {
      if isBetween, !result.isEmpty { result += " " }
      isBetween = false
      result.append(character)
    } else {
      isBetween = true
    }
  }
  return result
}
