/// Unicode's mathematical letters, which MathML needs where TeX changes the alphabet.
enum Alphabets {
  static func styled(_ text: String, _ alphabet: TeX.Alphabet) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { styled($0, alphabet) }))
  }

  private static func styled(_ letter: Unicode.Scalar, _ alphabet: TeX.Alphabet) -> Unicode.Scalar {
    if let exception = exceptions[alphabet]?[letter] { return exception }
    let starts: (upper: UInt32, lower: UInt32, digit: UInt32)
    switch alphabet {
    case .bold: starts = (0x1D400, 0x1D41A, 0x1D7CE)
    case .calligraphic: starts = (0x1D49C, 0x1D4B6, 0x30)
    case .blackboard: starts = (0x1D538, 0x1D552, 0x1D7D8)
    case .monospaced: starts = (0x1D670, 0x1D68A, 0x1D7F6)
    case .upright: return letter
    }
    switch letter.value {
    case 0x41...0x5A: return Unicode.Scalar(starts.upper + letter.value - 0x41)!
    case 0x61...0x7A: return Unicode.Scalar(starts.lower + letter.value - 0x61)!
    case 0x30...0x39: return Unicode.Scalar(starts.digit + letter.value - 0x30)!
    case 0x391...0x3A9 where alphabet == .bold: return Unicode.Scalar(letter.value + 0x1D317)!
    case 0x3B1...0x3C9 where alphabet == .bold: return Unicode.Scalar(letter.value + 0x1D311)!
    default: return letter
    }
  }

  /// Letters that Unicode had before it gave the alphabets a place of their own.
  private static let exceptions: [TeX.Alphabet: [Unicode.Scalar: Unicode.Scalar]] = [
    .blackboard: ["C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ"],
    .calligraphic: [
      "B": "ℬ", "E": "ℰ", "F": "ℱ", "H": "ℋ", "I": "ℐ", "L": "ℒ", "M": "ℳ", "R": "ℛ", "e": "ℯ",
      "g": "ℊ", "o": "ℴ",
    ],
    .bold: ["ϵ": "𝛜", "ϕ": "𝛟", "∂": "𝛛", "∇": "𝛁"],
  ]
}
