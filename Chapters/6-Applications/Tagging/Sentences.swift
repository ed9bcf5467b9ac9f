import Unroll

/// A sentence with a tag for each word, in the scheme BIO: `B-person I-person O B-place`.
package struct TaggedSentence: Sendable {
  package let words, tags: [String]

  package init(words: [String], tags: [String]) { (self.words, self.tags) = (words, tags) }
}

/// Sentences filled in from patterns and lists of names.
package enum Sentences {
  package static let tags = [
    "O", "B-person", "I-person", "B-place", "I-place", "B-date", "I-date",
  ]

  package static let learned = [
    "{person} was born in {place} on {date} .", "{person} was born in {place} .",
    "On {date} {person} left {place} for {place} .", "{person} and {person} met in {place} .",
    "The letter from {person} came from {place} on {date} .",
    "In {place} nobody had heard of {person} .",
    "Yesterday {person} told us about the road to {place} .",
    "{person} lives in {place} , not far from {place} .",
    "The train to {place} leaves on {date} .", "Who is {person} ?",
    "We saw {person} at the station of {place} on {date} .",
    "Since {date} {person} has worked in {place} .", "{date} was a cold day in {place} .",
    "{person} paid 350 crowns for a house near {place} .",
    "The people of {place} remember {person} .", "Dr. {person} travels to {place} every week .",
    "Mrs. {person} gave 12 apples to {person} .", "From {place} to {place} it is 90 miles .",
    "{person} wrote to {person} on {date} .", "My sister married {person} on {date} in {place} .",
    "The museum of {place} bought a picture by {person} .",
    "{person} , who comes from {place} , speaks Dutch and Latin .",
    "It rained in {place} until {date} .",
    "Tell {person} that the meeting in {place} is on {date} .",
    "A ship from {place} reached {place} on {date} .",
    "{person} read the Morning Post in {place} .", "The trial of {person} began on {date} .",
    "{person} died on {date} .", "There are 1200 houses in {place} .",
    "Nobody in {place} believed {person} .", "After {date} the bridge at {place} was closed .",
    "Mr. {person} sold the Golden Lion to {person} .",
    "Our friends flew to {place} with {person} .",
    "On {date} snow fell on {place} .", "{person} said that {place} was beautiful .",
    "He asked {person} to wait until {date} .", "They moved from {place} to {place} on {date} .",
    "Before {date} no one in {place} knew {person} .",
    "I met {person} between {place} and {place} .", "The mayor of {place} thanked {person} .",
  ]

  /// What may stand before and behind a pattern to learn from, so that it is met in more than one
  /// surrounding.
  package static let openings = [
    "He says that", "In {place}", "On {date}", "We read :", "Yesterday", "{person} writes :",
    "Then", "They think that",
  ]
  package static let endings = [
    "on {date}", "in {place}", "with {person}", "for {person}", "near {place}", "since {date}",
    "after {date}", "again", ", said {person}", ", not in {place}", "until {date}",
  ]

  package static let unseen = [
    "{person} moved to {place} on {date} .",
    "The road from {place} to {place} was closed until {date} .",
    "Mr. {person} of {place} thanked {person} for the apples .",
    "On {date} the mayor met {person} in {place} .",
    "Nobody remembers {person} , who worked near {place} since {date} .",
    "{date} : {person} reached {place} .",
    "The house of {person} in {place} was sold on {date} .",
    "A letter to {person} was read in {place} .", "Is {place} far from {place} ?",
    "{person} told {person} about a ship to {place} .",
    "Mrs. {person} has lived in {place} since {date} .",
    "We travel from {place} to {place} with Dr. {person} on {date} .",
    "{place} bought 40 pictures by {person} .",
    "The Golden Lion in {place} was closed by {person} .",
    "It was {person} who wrote from {place} before {date} .",
    "My friends saw {person} and {person} at the bridge of {place} .",
  ]

  /// How dates stand in sentences; fields as in `DateForms`.
  private static let dates = [
    "{day} {month} {year}", "{month} {day} , {year}", "the {nth} of {month}", "{weekday}",
    "{weekday} the {nth}", "{month} {year}", "{day}.{m}.{year}", "{weekday} , {day} {month}",
    "the {nth} of {month} {year}", "{nth} {month}",
  ]

  /// Sentences by patterns and names drawn at random.
  ///
  /// - Parameter isVaried: whether openings and endings are put to some of the patterns.
  package static func made(
    _ count: Int, _ patterns: [String], _ names: NameLists, isVaried: Bool = false,
    generator: Generator
  ) -> [TaggedSentence] {
    func one<Element>(_ list: [Element]) -> Element {
      list[Int(generator.uniform() * Double(list.count))]
    }
    func person() -> String {
      switch generator.uniform() {
      case ..<0.5: "\(one(names.first)) \(one(names.last))"
      case ..<0.65: one(names.last)
      case ..<0.8: one(names.first)
      case ..<0.9: "\(one(names.first).prefix(1)). \(one(names.last))"
      default: "\(one(names.first)) \(one(["de", "van", "von"])) \(one(names.last))"
      }
    }
    func place() -> String {
      switch generator.uniform() {
      case ..<0.65: one(names.places)
      case ..<0.9: "\(one(names.prefixes)) \(one(names.places))"
      default: "\(one(names.places)) Bay"
      }
    }
    func date() -> String {
      let day = Day(number: Int(generator.uniform() * Double(Day.count)))
      // Months and days of the week have capitals in a sentence.
      return DateForms.text(day, one(dates)).listed.map { word in
        DateForms.months.contains(word) || DateForms.weekdays.contains(word)
          ? word.prefix(1).uppercased() + word.dropFirst() : word
      }.joined(separator: " ")
    }
    return (0..<count).map { _ in
      var words: [String] = [], tags: [String] = []
      var pattern = one(patterns).listed
      if isVaried, generator.uniform() < 0.4 {
        // A pattern's own first word is then within the sentence.
        if !pattern[0].hasPrefix("{"), !pattern[0].hasSuffix("."), pattern[0] != "I" {
          pattern[0] = pattern[0].lowercased()
        }
        pattern = one(openings).listed + pattern
      }
      if isVaried, generator.uniform() < 0.4 {
        pattern.insert(contentsOf: one(endings).listed, at: pattern.count - 1)
      }
      for piece in pattern {
        let (label, filled) =
          switch piece {
          case "{person}": ("person", person().listed)
          case "{place}": ("place", place().listed)
          case "{date}": ("date", date().listed)
          default: ("", [piece])
          }
        words += filled
        tags += filled.indices.map { label.isEmpty ? "O" : ($0 == 0 ? "B-" : "I-") + label }
      }
      return TaggedSentence(words: words, tags: tags)
    }
  }
}

/// How often a tag continues what has not begun: an `I-x` that follows neither `B-x` nor `I-x`.
package func impossibleSteps(_ tags: [String]) -> Int {
  zip(["O"] + tags, tags).count { last, tag in
    tag.hasPrefix("I-") && last.dropFirst(2) != tag.dropFirst(2)
  }
}
