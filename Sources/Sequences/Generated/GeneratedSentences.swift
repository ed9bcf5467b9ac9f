import Arrays

/// Sentences of a small language made up by this library. What kind a word is of is known, and so is
/// whether a row of words is a sentence: what a model has found out of both can be counted.
extension Generated {
  /// A kind of words: those of one kind stand in the same places.
  public enum WordClass: String, CaseIterable, Sendable {
    case determiner, person, animal, food, place
    /// What a living being, or food, is like.
    case nature, taste
    case adverb
    /// What all do with food, people with people, animals with animals.
    case eating, talking, hunting
    /// Going is to a place, resting at one.
    case going, resting
    case direction, position
    case period

    /// The words, the most frequent first; no word is of two kinds.
    public var words: [String] { Generated.lexicon[self]! }
  }

  fileprivate static let lexicon: [WordClass: [String]] = [
    .determiner: "the this that one every some",
    .person: "woman man girl boy teacher farmer sailor child",
    .animal: "dog cat horse fox bird mouse goat wolf",
    .food: "bread soup rice cheese cake honey plums beans",
    .place: "river house garden market forest harbor hill field",
    .nature: "old young hungry quiet tired clever",
    .taste: "fresh sweet warm cold salty cheap",
    .adverb: "often never slowly always seldom gladly",
    .eating: "eats tastes finds smells wants keeps",
    .talking: "greets asks thanks calls teaches helps",
    .hunting: "chases bites follows fears hears watches",
    .going: "walks runs goes comes hurries wanders",
    .resting: "sleeps waits sits lives plays rests",
    .direction: "to from toward past",
    .position: "in near behind beside",
    .period: ".",
  ].mapValues { $0.split(separator: " ").map(String.init) }

  private static let classes = Dictionary(
    uniqueKeysWithValues: WordClass.allCases.flatMap { kind in kind.words.map { ($0, kind) } })

  /// The kind of a word of the language, nil for others.
  public static func wordClass(of word: String) -> WordClass? { classes[word] }

  /// Sentences, each with its period: "the old sailor often walks to this harbor .".
  ///
  /// The words of a kind come with shares of 1, 1/2, 1/3 …, adjectives and adverbs in every third
  /// place where they may stand.
  public static func sentences(_ count: Int, generator: Generator = .default) -> [[String]] {
    guard count >= 0 else { wrongUse("Generated.sentences: \(count) sentences") }
    var sentence: [String] = []
    func chance(_ share: Double) -> Bool { generator.uniform() < share }
    func add(_ kind: WordClass) {
      let words = kind.words
      var left = generator.uniform() * (1...words.count).reduce(0) { $0 + 1 / Double($1) }
      var place = 0
      while place < words.count - 1 {
        left -= 1 / Double(place + 1)
        if left < 0 { break }
        place += 1
      }
      sentence.append(words[place])
    }
    func addNoun(_ kind: WordClass, _ adjective: WordClass?) {
      add(.determiner)
      if let adjective, chance(1 / 3) { add(adjective) }
      add(kind)
    }
    return (0..<count).map { _ in
      sentence = []
      let subject: WordClass = chance(0.5) ? .person : .animal
      addNoun(subject, .nature)
      if chance(1 / 3) { add(.adverb) }
      switch Int(4 * generator.uniform()) {
      case 0:
        add(.eating)
        addNoun(.food, .taste)
      case 1:
        add(subject == .person ? .talking : .hunting)
        addNoun(subject, .nature)
      case 2:
        add(.going)
        add(.direction)
        addNoun(.place, nil)
      default:
        add(.resting)
        add(.position)
        addNoun(.place, nil)
      }
      add(.period)
      return sentence
    }
  }

  /// Whether words are a sentence of the language, with its period.
  public static func isSentence(_ words: some Sequence<String>) -> Bool {
    var kinds = words.map { wordClass(of: $0) }[...]
    func take(_ kind: WordClass) -> Bool {
      guard kinds.first == kind else { return false }
      kinds.removeFirst()
      return true
    }
    func takeNoun(_ kind: WordClass, _ adjective: WordClass?) -> Bool {
      guard take(.determiner) else { return false }
      if let adjective { _ = take(adjective) }
      return take(kind)
    }
    guard take(.determiner) else { return false }
    _ = take(.nature)
    guard let subject = [WordClass.person, .animal].first(where: take) else { return false }
    _ = take(.adverb)
    let isRight: Bool
    if take(.eating) {
      isRight = takeNoun(.food, .taste)
    } else if take(subject == .person ? .talking : .hunting) {
      isRight = takeNoun(subject, .nature)
    } else if take(.going) {
      isRight = take(.direction) && takeNoun(.place, nil)
    } else {
      isRight = take(.resting) && take(.position) && takeNoun(.place, nil)
    }
    return isRight && take(.period) && kinds.isEmpty
  }
}
