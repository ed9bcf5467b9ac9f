import Unroll

/// Lets a model write: each character drawn goes back in as the next input.
package struct Composer {
  let model: WritingModel
  let text: WritingText
  package var sampler: Sampler
  let generator: Generator
  private var state: Tensor?
  private var logits: [Double]
  /// The character of each number; none of the special ones.
  private let characters: [Character?]
  /// What has been written, what was given included.
  package private(set) var written = ""

  package init(
    _ model: WritingModel, _ text: WritingText, _ sampler: Sampler, seed: UInt64
  ) {
    (self.model, self.text, self.sampler) = (model, text, sampler)
    generator = Generator(seed: seed)
    logits = [Double](repeating: 0, count: text.vocabulary.count)
    characters = text.vocabulary.tokens.map { $0.count == 1 ? $0.first : nil }
    // As if a line had just ended.
    read(text.ids(of: "\n"))
  }

  private mutating func read(_ ids: [Int]) {
    let (scores, last) = noGrad { model(Indices(ids).reshaped([ids.count, 1]), state) }
    state = last
    logits = scores.value[-1].doubles
  }

  /// Writes what is given.
  package mutating func write(_ given: String) {
    if given.isEmpty { return }
    written += given
    read(text.ids(of: given))
  }

  /// Draws one of the characters that are allowed and writes it; none if there is none.
  @discardableResult
  package mutating func draw(_ isAllowed: (Character) -> Bool = { _ in true }) -> Character? {
    var allowed = logits
    for (id, character) in characters.enumerated() where character.map(isAllowed) != true {
      allowed[id] = -.infinity
    }
    guard allowed.contains(where: { $0 > -.infinity }) else { return nil }
    let id = sampler.next(allowed, generator: generator)
    let character = characters[id]!
    written.append(character)
    read([id])
    return character
  }

  /// A line: to the end of a sentence or of a part of one, or of `perLine` letters and a mark.
  package mutating func writeLine(beginning: String = "", perLine: Int? = nil) {
    write(beginning)
    if let perLine {
      for _ in min(beginning.count(where: \.isLetter), perLine)..<perLine { draw(\.isLetter) }
      draw { !$0.isLetter && !$0.isNumber && !$0.isWhitespace }
      written += "\n"
      return
    }
    let hasSpaces = text.vocabulary.number(of: " ") != text.vocabulary.number(of: .unknown)
    let (least, most) = hasSpaces ? (25, 90) : (4, 16)
    for length in 1...most {
      guard let character = draw({ $0 != "\n" }) else { break }
      if length >= least, ".,;:!?。，；：！？、".contains(character) { break }
      if length >= most - 15, character == " " { break }
    }
    // The line's break is read as the space that it stands for.
    if hasSpaces, written.last != " " { read(text.ids(of: " ")) }
    if written.last == " " { written.removeLast() }
    written += "\n"
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
    by model: WritingModel, _ text: WritingText, _ sampler: Sampler, seed: UInt64
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
