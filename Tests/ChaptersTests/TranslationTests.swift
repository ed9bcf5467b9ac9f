import Applications
import Foundation
import Testing
import Unroll

// Chapter 6, translation: dates, their rivals, the network, and the part run as a reader runs it.

@Suite struct TranslationTests {
  @Test func daysOfTheCalendar() {
    #expect(Day(number: 0).iso == "1950-01-01" && Day(number: 0).weekday == 6)
    #expect(Day(number: Day.count - 1).iso == "2049-12-31")
    let days = (0..<Day.count).map(Day.init)
    #expect(Set(days.map(\.iso)).count == Day.count)
    // Weekdays that the papers of the day have: a Monday, a Tuesday, a Sunday.
    for (iso, weekday) in [("1999-05-03", 0), ("2000-02-29", 1), ("1969-07-20", 6)] {
      #expect(days.first { $0.iso == iso }?.weekday == weekday)
    }
  }

  @Test func aDateInManyForms() throws {
    let third = try #require((0..<Day.count).map(Day.init).first { $0.iso == "1999-05-03" })
    for (pattern, text) in [
      ("the {nth} of {month} {year}", "the 3rd of may 1999"),
      ("{month} {day}, '{yy}", "may 3, '99"), ("{day}.{m}.{year}", "3.5.1999"),
      ("{dd}/{mm}/{yy}", "03/05/99"), ("{day}.{roman}.{year}", "3.v.1999"),
      ("{weekday}, {day} {month} {year}", "monday, 3 may 1999"),
      ("{month} the {ordinal}, {year}", "may the third, 1999"),
      ("{wd} {day} {mon} {year}", "mon 3 may 1999"), ("{year}{mm}{dd}", "19990503"),
    ] {
      #expect(DateForms.patterns.contains(pattern))
      #expect(DateForms.text(third, pattern) == text)
    }
    #expect(DateForms.ordinals.count == 31 && DateForms.ordinals[20] == "twenty-first")
    let endings = (0..<31).map { DateForms.text(Day(number: $0), "{nth}") }
    #expect(endings[0] == "1st" && endings[1] == "2nd" && endings[10] == "11th")
    #expect(endings[11] == "12th" && endings[12] == "13th" && endings[21] == "22nd")
  }

  /// Every text means one day only, in years whose two digits could be a month or a day, and has
  /// only characters that the network knows.
  @Test func noTextMeansTwoDays() {
    var meanings: [String: Int] = [:]
    let known = Set(DateSymbols.source.tokens)
    for number in (18_628..<23_011) {
      let day = Day(number: number)
      for pattern in DateForms.patterns {
        let text = DateForms.text(day, pattern)
        #expect(meanings.updateValue(number, forKey: text) ?? number == number, "\(text)")
        if number % 97 == 0 {
          #expect(text.allSatisfy { known.contains(String($0)) })
          #expect(
            text.count <= DateQuestion.longest && DateQuestion.refusal(text) == nil, "\(text)")
          #expect(DateQuestion.accepts(day.iso, for: text), "\(text)")
        }
      }
    }
  }

  @Test func unseenDaysAreInNoTextToLearnFrom() {
    let split = DateSplit(seed: 7)
    #expect(split.unseen.count == 3_652 && split.learned.count == 32_873)
    #expect(Set(split.unseen).isDisjoint(with: split.learned))
    let written = DateSplit.written(50, of: split.unseen, generator: Generator(seed: 1))
    let days = Set(split.unseen.map { Day(number: $0) })
    #expect(written.allSatisfy { days.contains($0.day) })
  }

  @Test(arguments: [
    ("1999-05-03", "1999-05-03"), ("3.5.1999", "1999-05-03"), ("03/05/1999", "1999-05-03"),
    ("3 may 1999", "1999-05-03"), ("may 3, 1999", "1999-05-03"), ("the 3rd of may 1999", nil),
    ("3.5.99", nil),
  ])
  func fourRules(text: String, iso: String?) { #expect(DateRules().date(text) == iso) }

  @Test func theMostSimilarText() {
    let dates = [100, 200, 300].map { number in
      let day = Day(number: number)
      return WrittenDate(text: DateForms.text(day, "{day} {month} {year}"), form: 0, day: day)
    }
    // 11 april 1950, 20 july 1950, 28 october 1950
    #expect(dates[0].text == "11 april 1950")
    #expect(NearestDate(dates).date("12 april 1950") == "1950-04-11")
    #expect(NearestDate(dates).date("20. july 1950") == "1950-07-20")
  }

  @Test(arguments: [
    ("", "empty"), ("  ", "empty"), ("tomorrow", "'tomorrow' is no part"), ("5月3日", "'月'"),
    ("3 mai 1999?", "'?'"), ("may 1999", "has 2 parts"), ("1 2 3 4", "has 4 parts"),
    ("12345", "'12345' is no part"), (String(repeating: "3", count: 99), "longer than any date"),
    ("hello 3 may 1999", "'hello'"),
  ])
  func whatIsNoDateIsRefused(text: String, reason: String) throws {
    #expect(try #require(DateQuestion.refusal(text)).contains(reason))
  }

  @Test func answersAreChecked() {
    let text = "31 February 1999"
    #expect(DateQuestion.refusal(text) == nil)
    #expect(!DateQuestion.accepts("1999-02-31", for: text), "no such day")
    #expect(!DateQuestion.accepts("1999-02-28", for: text), "another day")
    #expect(DateQuestion.refusal("3rd of Setpember '98") == nil, "slips of the pen pass")
    #expect(DateQuestion.accepts("1998-09-03", for: "3rd of Setpember '98"))
    #expect(!DateQuestion.accepts("1998-02-03", for: "3rd of Setpember '98"))
    #expect(!DateQuestion.accepts("1999-5-3", for: "3 may 1999"))
    #expect(!DateQuestion.accepts("", for: "3 may 1999"))
  }

  /// What a sequence gives does not depend on the longer one beside it, and attention looks at what
  /// is there.
  @Test(arguments: [true, false]) func paddingIsNotRead(attends: Bool) {
    Generator.default.seed(4)
    let model = Translator(sourceCount: 10, targetCount: 12, hiddenSize: 8, attends: attends)
    let short = [3, 1, 4], long = [1, 5, 9, 2, 6, 5, 3]
    let together = model.greedy([short, long], maxLength: 6)
    let alone = model.greedy([short], maxLength: 6)
    #expect(together.answers[0] == alone.answers[0])
    for (weights, sequence) in zip(together.weights, [short, long]) {
      #expect(attends || weights.isEmpty)
      for row in weights {
        #expect(row.count == sequence.count && abs(row.reduce(0, +) - 1) < 1e-5)
      }
    }
    let one = model.beam(long, width: 1, maxLength: 6)[0].tokens
    #expect(one == together.answers[1], "a beam of one is greedy")
  }

  /// The loss of a batch is the mean of −log p that the beam gives its answers.
  @Test func lossAndBeamAgree() {
    Generator.default.seed(5)
    let model = Translator(sourceCount: 10, targetCount: 12, hiddenSize: 8)
    let found = model.beam([2, 7, 1, 8], width: 3, maxLength: 2).filter(\.isFinished)
    for hypothesis in found {
      let loss = model.loss([[2, 7, 1, 8]], [hypothesis.tokens]).item
      let steps = Double(hypothesis.tokens.count + 1)
      #expect(abs(loss * steps + hypothesis.logProbability) < 1e-4)
    }
    #expect(!found.isEmpty)
  }

  @Test func quickPartTellsItsResults() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("unroll-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let options = ["--quick", "--quiet", "--output", folder.path]
    let (status, errors) = try run("applications", ["--date", "the 3rd of May 1999"] + options)
    #expect(status == 0 && errors == "", "\(errors)")
    let pages = folder.appendingPathComponent("applications")
    let first = try results(in: pages)
    #expect(try #require(first["translation.exact"]) <= 1)
    #expect(try abs(#require(first["translation.rules.exact"]) - 0.129) < 1e-9)
    #expect(first["translation.nearest.exact"] == 0)
    #expect(try #require(first["translation.copy.attention.exact8"]) <= 1)
    let names = try FileManager.default.contentsOfDirectory(atPath: pages.path)
    #expect(names.count { $0.hasSuffix(".png") } == 3)
    #expect(names.contains("translation-quick.safetensors"))
    let text = try String(contentsOf: pages.appendingPathComponent("chapter.md"), encoding: .utf8)
    #expect(text.contains("the 3rd of May 1999"))
    // The kept models give the first seed's numbers again.
    let again = try run("applications", ["--part", "translation", "--load"] + options)
    #expect(again.status == 0 && again.errors == "", "\(again.errors)")
    #expect(try results(in: pages)["translation.beam.exact"] == first["translation.beam.exact"])
  }

  @Test(arguments: [
    (["--date", ""], "is no date: it is empty"), (["--date", "tomorrow"], "'tomorrow'"),
    (["--part", "video", "--date", "3 May 1999"], "the part translation"),
  ])
  func whatIsWrongIsSaidInOneLine(arguments: [String], text: String) throws {
    let outcome = try run("applications", arguments + ["--output", "/nonexistent/unroll"])
    #expect(outcome.status == 64)
    #expect(outcome.errors.hasPrefix("applications: ") && outcome.errors.contains(text))
    #expect(outcome.errors.count { $0 == "\n" } == 1)
  }
}
