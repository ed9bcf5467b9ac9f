/// In which runs a sentence is to be true.
public enum ClaimScope: Sendable {
  /// In this one perhaps: with another seed it may come out the other way.
  case thisRun
  /// With every seed, if training is not cut short by `--quick`.
  case fullRuns
  /// With every seed, and in quick runs too.
  case everyRun
}

extension Page {
  /// Says a sentence that compares or explains, with what it rests on: as it stands if it holds in this
  /// run, and if not what holds instead.
  ///
  ///     page.claim(
  ///       "The LSTM remembers 100 steps, the plain RNN does not.", holds: lstm < 0.01 && rnn > 0.1,
  ///       in: .fullRuns)
  ///
  /// A sentence that was to hold in such a run and does not is told on stderr too, where tests see it.
  ///
  /// - Parameters:
  ///   - sentence: inline Markdown, with formulas between `$`.
  ///   - holds: whether the sentence is true in this run.
  ///   - otherwise: what is said if it does not hold; if left out, that it does not in this run.
  ///   - scope: in which runs it must hold.
  /// - Returns: `holds`.
  @discardableResult
  public func claim(
    _ sentence: String, holds: Bool, otherwise: String? = nil, in scope: ClaimScope = .thisRun
  ) -> Bool {
    // The one that is not said must have its translation too: another run says it.
    let said = told(holds || otherwise == nil ? sentence : Self.unsaid(sentence))
    let instead = otherwise.map { told(holds ? Self.unsaid($0) : $0) }
    let words = holds ? said : instead ?? self.words("Not in this run: %@", said)
    // What is said instead is so in this run.
    add(ClaimRecord(holds: holds || otherwise != nil, words: Markdown.parse(words).inlines))
    let isMeant =
      switch scope {
      case .thisRun: false
      case .fullRuns: !quick
      case .everyRun: true
      }
    if isMeant, !holds { note("this run contradicts a sentence of the text: \(sentence)") }
    return holds
  }

  /// A sentence that isn't said may lack what it would name: between two spaces.
  private static func unsaid(_ sentence: String) -> String {
    sentence.replacing("  ", with: " … ")
  }
}

extension [Block] {
  /// The words of paragraphs, one after the other.
  var inlines: [Inline] {
    flatMap { block -> [Inline] in
      switch block {
      case .paragraph(let inlines), .heading(_, let inlines): inlines
      default: []
      }
    }
  }
}
