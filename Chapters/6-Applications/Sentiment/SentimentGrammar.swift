import Unroll

/// A sentence, and whether it praises.
package struct JudgedSentence: Equatable, Sendable {
  package let text: String
  package let isPraise: Bool
}

/// Sentences in which what is meant depends on the order of words alone.
///
/// Each holds one word of praise and one of blame, and says which of them is meant. It comes with its
/// twin, the same words with those two exchanged, which means the opposite.
package enum SentimentGrammar {
  static let things = [
    "the film", "the plot", "the acting", "the ending", "the music", "the story", "every scene",
    "the dialogue",
  ]
  package static let praise = [
    "good", "moving", "funny", "clever", "fresh", "gripping", "honest", "lively", "subtle", "warm",
    "original", "touching", "bright", "graceful", "rich", "elegant",
  ]
  package static let blame = [
    "bad", "dull", "silly", "clumsy", "stale", "boring", "false", "lifeless", "crude", "cold",
    "tired", "tedious", "bleak", "awkward", "empty", "ugly",
  ]
  static let degrees = ["very", "really", "quite", "rather", "so", "truly"]
  /// `+` is what is meant, `-` what isn't, `#` a degree, `@` the thing. In some the first judgment
  /// counts, in some the second.
  static let templates = [
    "@ is not # - but # +", "@ is # + and not # -", "@ is # + , never # -",
    "they say @ is # - , in truth it is # +", "no one could call @ # - , it is # +",
    "@ is # + , though some call it # -", "far from being # - , @ is # +",
  ]

  /// Pairs of a sentence and its twin, in random order.
  ///
  /// - Parameter held: whether to join words of praise and blame that are held back for the test;
  ///   no pair of words is both in a training and in a test sentence.
  package static func sentences(twins: Int, held: Bool, _ generator: Generator) -> [JudgedSentence]
  {
    func pick<Part>(_ parts: [Part]) -> Part {
      parts[Int(generator.uniform() * Double(parts.count))]
    }
    var rng = generator
    return (0..<twins).flatMap { _ -> [JudgedSentence] in
      var good = 0, bad = 0
      repeat {
        (good, bad) = (pick(Array(praise.indices)), pick(Array(blame.indices)))
      } while ((good + bad) % 4 == 0) != held
      let frame = pick(templates).split(separator: " ").map { part -> String in
        part == "@" ? pick(things) : part == "#" ? pick(degrees) : String(part)
      }
      return [true, false].map { isPraise in
        let (meant, denied) =
          isPraise ? (praise[good], blame[bad]) : (blame[bad], praise[good])
        let words = frame.map { $0 == "+" ? meant : $0 == "-" ? denied : $0 }
        return JudgedSentence(text: words.joined(separator: " "), isPraise: isPraise)
      }
    }.shuffled(using: &rng)
  }
}
