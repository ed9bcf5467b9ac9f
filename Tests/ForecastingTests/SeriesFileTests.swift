import Forecasting
import Foundation
import Sequences
import Testing

/// Files as people have them.
@Suite struct SeriesFileTests {
  private func read(
    _ text: String, _ column: String, time: String? = nil, exogenous: [String] = []
  ) throws -> SeriesFile {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).csv")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try SeriesFile(csv: file, column: column, time: time, exogenous: exogenous)
  }

  private func lines(_ header: String, _ count: Int, _ row: (Int) -> String) -> String {
    ([header] + (0..<count).map(row)).joined(separator: "\n") + "\n"
  }

  @Test func monthsOverDecadesLieOnOneGrid() throws {
    let text = lines("month,v", 360) {
      "\(1949 + $0 / 12)-\(String(format: "%02ld", $0 % 12 + 1)),\($0)"
    }
    let file = try read(text, "v")
    #expect(file.values == (0..<360).map(Double.init))
    #expect(file.clock?.step == .months(1))
    #expect(file.clock?.times(360..<361) == [CivilTime(year: 1979, month: 1).stamp])
  }

  @Test func decimalCommasAndDaysFirst() throws {
    let text = "Datum;Umsatz\r\n" + (1...20).map { "\($0).2.2020;1.2\($0 + 10),5\r\n" }.joined()
    let file = try read(text, "Umsatz")
    #expect(file.values == (1...20).map { 1210.5 + Double($0) })
    #expect(file.clock?.step == .days(1))
    #expect(file.notes.contains { $0.contains("decimal comma") })
  }

  @Test func monthsFirstWhereTheyAre() throws {
    let text = lines("date,v", 24) { "\($0 % 12 + 1)/1/\(2001 + $0 / 12),\($0)" }
    #expect(try read(text, "v").clock?.step == .months(1))
  }

  @Test func quartersYearsAndNoTimes() throws {
    let quarters = lines("quarter,v", 12) { "\(1956 + $0 / 4)Q\($0 % 4 + 1),\($0)" }
    #expect(try read(quarters, "v").clock?.step == .months(3))
    let years = lines("year,v", 12) { "\(1900 + $0),\($0)" }
    #expect(try read(years, "v").clock?.step == .years(1))
    let none = try read(lines("v", 12) { "\($0)" }, "v")
    #expect(none.clock == nil && none.values.count == 12)
    #expect(none.notes.contains { $0.contains("no column of times") })
  }

  @Test func gapsAreFilledAndTold() throws {
    let text = lines("time,v", 20) {
      "2020-01-\(String(format: "%02ld", $0 + 1)),\($0 % 5 == 3 ? "" : "\($0)")"
    }
    let file = try read(text.replacing("2020-01-07,6\n", with: ""), "v")
    #expect(file.values == (0..<20).map(Double.init))
    #expect(file.notes.contains { $0.contains("5 values of 'v' are missing, at most 1 in a row") })
  }

  @Test func workingDaysSkipWeekends() throws {
    // 2020-01-06 was a Monday.
    let days = (6...31).filter { ![11, 12, 18, 19, 25, 26].contains($0) }
    let text = lines("date,v", days.count) { "2020-01-\(String(format: "%02ld", days[$0])),\($0)" }
    let file = try read(text, "v")
    #expect(file.values == days.indices.map(Double.init))
    let next = try #require(file.clock?.times(days.count..<days.count + 2))
    #expect(
      next == [
        CivilTime(year: 2020, month: 2, day: 3).stamp,
        CivilTime(year: 2020, month: 2, day: 4).stamp,
      ])
  }

  @Test func otherColumnsLieOnTheSameGrid() throws {
    let text = lines("date,v,w", 10) {
      "2020-01-\(String(format: "%02ld", $0 + 1)),\($0 == 0 ? "" : "\($0)"),\(10 * $0)"
    }
    let file = try read(text, "v", exogenous: ["w"])
    #expect(file.values == (1...9).map(Double.init))
    #expect(file.exogenous == [(1...9).map { Double(10 * $0) }])
  }

  @Test(arguments: [
    ("date,sales\n2020-01-01,1\n", "sale", "no column 'sale'; did you mean 'sales'?"),
    ("date,sales\n2020-01-01,1\n", "profit", "there are date, sales"),
    ("a,b\n1,2\n1,x\n", "b", "3: column \"b\": \"x\" is no number"),
    ("d,b\n2020-01-02,1\n2020-01-01,2\n", "b", "earlier than that of the row before"),
    ("d,b\n2020-01-02,1\n2020-01-02,2\n", "b", "is that of the row before, too"),
    ("d,b\n2020-01-02,\n2020-01-03,NA\n", "b", "all values of 'b' are missing"),
    ("", "b", "empty"),
    ("a\u{0}b,c\n1,2\n", "c", "no text"),
  ])
  func whatIsWrongIsSaid(text: String, column: String, problem: String) throws {
    do {
      _ = try read(text, column)
      Issue.record("read: \(text.debugDescription)")
    } catch {
      #expect("\(error)".contains(problem), "\(error)")
      #expect(!"\(error)".contains("\n"))
    }
  }
}
