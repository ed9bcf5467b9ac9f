/// A question that the reader answers before the run does.
public struct Prediction: Sendable {
  let answers: [String]
  /// What the reader said in the terminal, if it was asked there.
  let said: Int?

  /// A, B, C …
  static func letter(_ answer: Int) -> String { String(UnicodeScalar(UInt8(65 + answer))) }
}

extension Page {
  /// Asks, before something is measured, what will come out: whoever has guessed remembers what was. In
  /// the terminal `--step` waits for the guess.
  ///
  ///     let guess = page.predict(
  ///       "How much longer does twice the sequence take?",
  ///       answers: ["as long", "twice as long", "four times as long"])
  ///     let ratio = measured()
  ///     page.reveal(guess, right: ratio < 1.5 ? 0 : ratio < 3 ? 1 : 2, "\(ratio) times as long.")
  ///
  /// - Parameters:
  ///   - question: inline Markdown, with formulas between `$`.
  ///   - answers: three or so, of which one will be right; the same kind of text.
  /// - Returns: what `reveal` takes when the answer is known.
  public func predict(_ question: String, answers: [String]) -> Prediction {
    guard (2...26).contains(answers.count) else {
      fatalError("page.predict: \(answers.count) answers; there are 2 to 26")
    }
    let (question, answers) = (told(question), answers.map { told($0) })
    let record = QuestionRecord(
      words: Markdown.parse(question).inlines, answers: answers.map { Markdown.parse($0).inlines })
    add(record)
    let said = options.step ? terminal.waitForAnswer(of: answers.count) : nil
    return Prediction(answers: answers, said: said)
  }

  /// Says which answer the run has given; the pages show it folded.
  ///
  /// - Parameters:
  ///   - prediction: the question that was asked.
  ///   - right: the place of the answer among those of the question, as this run measured it.
  ///   - sentence: what was measured; inline Markdown.
  public func reveal(_ prediction: Prediction, right: Int, _ sentence: String) {
    guard prediction.answers.indices.contains(right) else {
      fatalError("page.reveal: answer \(right) of \(prediction.answers.count), which begin with 0")
    }
    add(
      RevealRecord(
        letter: Prediction.letter(right), isGuessed: prediction.said.map { $0 == right },
        answer: Markdown.parse(prediction.answers[right]).inlines,
        words: Markdown.parse(told(sentence)).inlines))
  }
}

/// A question with its answers, before anything is measured.
package struct QuestionRecord: Sendable {
  var words: [Inline]
  var answers: [[Inline]]

  /// As a paragraph and a list, each answer behind its letter.
  func blocks(_ wording: Wording) -> [Block] {
    [
      .paragraph(words),
      .list(
        start: nil,
        items: answers.enumerated().map { place, answer in
          [.paragraph([.strong([.text(Prediction.letter(place))]), .text(wording.colon)] + answer)]
        }),
    ]
  }
}

/// Which answer it was.
package struct RevealRecord: Sendable {
  var letter: String
  /// Whether the reader had said so, if asked.
  var isGuessed: Bool?
  var answer: [Inline]
  var words: [Inline]

  /// What the pages fold it behind.
  static let summary = "What was measured"

  func paragraph(_ wording: Wording) -> [Inline] {
    [.strong([.text(letter)]), .text(wording.colon)] + answer + [.text(wording.stop)] + words
  }
}
