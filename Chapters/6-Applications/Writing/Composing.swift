import Unroll

extension Composer {
  package init(
    _ network: NextCharacterNetwork, _ text: CharacterText, _ sampler: Sampler, seed: UInt64
  ) {
    self.init(network, text.vocabulary, sampler, seed: seed)
  }

  /// A line: to the end of a sentence or of a part of one, or of `perLine` letters and a mark.
  package mutating func writeLine(beginning: String = "", perLine: Int? = nil) {
    write(beginning)
    if let perLine {
      for _ in min(beginning.count(where: \.isLetter), perLine)..<perLine { draw(\.isLetter) }
      draw { !$0.isLetter && !$0.isNumber && !$0.isWhitespace }
      endLine()
      return
    }
    let hasSpaces = vocabulary.number(of: " ") != vocabulary.number(of: .unknown)
    let (least, most) = hasSpaces ? (25, 90) : (4, 16)
    for length in 1...most {
      guard let character = draw({ $0 != "\n" }) else { break }
      if length >= least, ".,;:!?。，；：！？、".contains(character) { break }
      if length >= most - 15, character == " " { break }
    }
    // The line's break is read as the space that it stands for.
    if hasSpaces, written.last != " " { read(" ") }
    endLine()
  }
}

/// What is to be written.
package struct Assignment {
  package var prefix: String?
  package var acrostic: [Character]
  package var perLine: Int?
  package var characters: Int

  package init(
    prefix: String? = nil, acrostic: String? = nil, perLine: Int? = nil, characters: Int = 300
  ) {
    (self.prefix, self.perLine, self.characters) = (prefix, perLine, characters)
    self.acrostic = Array((acrostic ?? "").filter { !$0.isWhitespace })
  }

  /// What was given, of which the text learned must have something.
  var given: String { (prefix ?? "") + acrostic }

  package func written(
    by model: NextCharacterNetwork, _ text: CharacterText, _ sampler: Sampler, seed: UInt64
  ) -> String {
    var composer = Composer(model, text, sampler, seed: seed)
    if acrostic.isEmpty, perLine == nil {
      composer.write(prefix ?? "")
      for _ in 0..<characters { composer.draw() }
      return composer.written
    }
    // What a prefix has begun is the first line.
    var beginnings = prefix.map { [$0] } ?? []
    beginnings += acrostic.map(String.init)
    if acrostic.isEmpty { while beginnings.count < 8 { beginnings.append("") } }
    for beginning in beginnings { composer.writeLine(beginning: beginning, perLine: perLine) }
    return composer.written
  }
}

/// How much of what is written is copied.
package struct Copied: Sendable {
  /// The longest run that stands in the text learned, too.
  package let longest: [Int]
  /// The share of characters in runs of at least `run` that stand there.
  package let share: Double

  package init(_ written: [Int], from learned: [Int], run: Int = 20) {
    let lengths = matchLengths(of: written, in: learned)
    longest = Array(written[longestCommonSubstring(of: written, in: learned)])
    var copied = [Bool](repeating: false, count: written.count)
    for (end, length) in lengths.enumerated() where length >= run {
      for place in end + 1 - length...end { copied[place] = true }
    }
    share = Double(copied.count(where: \.self)) / Double(max(1, written.count))
  }
}
