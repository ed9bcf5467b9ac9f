import Foundation
import Sequences
import Testing

/// What a text is as a stamp, as the calendar has it; nil if it is refused.
func read(_ text: String, _ format: TimeFormat = .iso8601) throws -> String? {
  do {
    let series = try TimeSeries(csvText: "t,x\n\"\(text)\",1", time: .column("t", format))
    return CivilTime(stamp: series.times[0]).description
  } catch let error as CSVError {
    #expect(error.line == 2 && error.column == "t", "\(error)")
    return nil
  }
}

struct DateTests {
  /// As pandas reads them, with two digits of a year as POSIX has them.
  @Test(arguments: [
    ("02/01/10", "2010-01-02"), ("02/01/69", "1969-01-02"), ("02/01/68", "2068-01-02"),
    ("2.1.99", "1999-01-02"), ("2. 1. 2010", "2010-01-02"), ("31/12/2010", "2010-12-31"),
    ("2 Jan 2010", "2010-01-02"), ("02-Jan-10", "2010-01-02"), ("2. January 2010", "2010-01-02"),
    ("Sept 2, 2010", "2010-09-02"), ("02/01/10 11:30 pm", "2010-01-02 23:30"),
    ("02.01.2010, 05:00", "2010-01-02 05:00"),
  ])
  func `day first`(text: String, expected: String) throws {
    #expect(try read(text, .dayFirst) == expected)
  }

  @Test(arguments: [
    ("1/2/10", "2010-01-02"), ("1/2/2010 5:00 PM", "2010-01-02 17:00"),
    ("1/2/2010 12:00 AM", "2010-01-02"), ("1/2/2010 12:15 p.m.", "2010-01-02 12:15"),
    ("Jan 2, 2010", "2010-01-02"), ("1/2/2010 5:00:01AM", "2010-01-02 05:00:01"),
  ])
  func `month first`(text: String, expected: String) throws {
    #expect(try read(text, .monthFirst) == expected)
  }

  @Test(arguments: [
    ("2010-1-2", "2010-01-02"), ("20100102", "2010-01-02"), ("20100102T0530Z", "2010-01-02 05:30"),
    ("2010", "2010-01-01"), ("2010-02", "2010-02-01"), ("2010-Jan-02", "2010-01-02"),
    ("2010-01-02T05:00:00 UTC", "2010-01-02 05:00"), ("2010-01-02 05:00 +0530", "2010-01-01 23:30"),
    ("2010-01-02 05:00-08", "2010-01-02 13:00"), ("0099-01-02", "0099-01-02"),
    ("@1262408400", "2010-01-02 05:00"), ("2010-01-02 9:05 AM", "2010-01-02 09:05"),
  ])
  func `year first`(text: String, expected: String) throws {
    #expect(try read(text) == expected)
  }

  @Test(arguments: [
    "2010-002", "10-01-02", "210-01-02", "2010-1-002", "2010-01/02", "2010-13-01", "2010-00-10",
    "2010-02-29", "2010-04-31", "2010-01-00", "2010-01-02 24:00", "2010-01-02 13:00 PM",
    "2010-01-02 0:30 AM", "2010-01-02 05:60", "2010-01-02 05:00:60", "2010-01-02 05:00 az",
    "2010-01-02 05:00 CET", "2010-01-02 05:00 +24:00", "2010-01 05:00", "20100102 05:00 x",
    "2010-W01", "201001", "02.01.2010", "Jan-10", "1262408400", "@1e300", "2010-01-02T", "2010--02",
    "201-01-02",
  ])
  func `what is no date, year first, is refused with its place`(text: String) throws {
    #expect(try read(text) == nil)
  }

  @Test(arguments: [
    "02/01/010", "02/01/1", "02/01/20100", "2010-01-02", "32/01/2010", "02/13/2010", "29.2.2010",
    "2/1", "Jan Jan 2010", "2-2010", "02 01 2010",
  ])
  func `what is no date, day first, is refused with its place`(text: String) throws {
    #expect(try read(text, .dayFirst) == nil)
  }

  /// As Python's `strptime`.
  @Test(arguments: [
    ("%Y-%j", "2010-002", "2010-01-02"), ("%Y-%j", "2012-366", "2012-12-31"),
    ("%d.%m.%y %H.%M", "02.01.10 05.30", "2010-01-02 05:30"),
    ("%Y%m%d%H%M%S", "20100102053001", "2010-01-02 05:30:01"),
    ("%a, %d %b %Y %T %z", "Sat, 02 Jan 2010 05:00:00 +0100", "2010-01-02 04:00"),
    ("%b %e %Y %I:%M%p", "Jan  2 2010 12:30AM", "2010-01-02 00:30"),
    ("%FT%R:%S.%f", "2010-01-02T05:30:01.25", "2010-01-02 05:30:01.25"),
    ("%D", "01/02/10", "2010-01-02"), ("%s", "1262408400", "2010-01-02 05:00"),
    ("%d%% %Y", "02% 2010", "2010-01-02"),
  ])
  func `a format of one's own`(pattern: String, text: String, expected: String) throws {
    #expect(try read(text, .format(pattern)) == expected)
  }

  @Test(arguments: [
    ("%Y-%j", "2010-366"), ("%Y-%j", "2010-000"), ("%Y-%m-%d", "10-01-02"),
    ("%Y-%m-%d", "2010-01-02 05:00"), ("%Y-%m-%d", "2010-02-30"), ("%I:%M %p %Y", "13:00 PM 2010"),
  ])
  func `what does not fit one's own format`(pattern: String, text: String) throws {
    #expect(try read(text, .format(pattern)) == nil)
  }

  @Test func `a pattern that cannot be read stops with a sentence`() async {
    await #expect(processExitsWith: .failure) { _ = try read("x", .format("%Y-%Q")) }
    await #expect(processExitsWith: .failure) { _ = try read("x", .format("%m-%d")) }
  }

  @Test func `years of two digits in a column of their own, others refused`() throws {
    func year(_ text: String) throws -> Int {
      let series = try TimeSeries(
        csvText: "y,m,x\n\(text),2,1", time: .parts(year: "y", month: "m"))
      return CivilTime(stamp: series.times[0]).year
    }
    #expect(try ["10", "69", "1969", "0007"].map(year) == [2010, 1969, 1969, 7])
    for wrong in ["5", "110", "20100", "-10", "1e300", "2010.5"] {
      let error = #expect(throws: CSVError.self) { try year(wrong) }
      #expect(error?.description == "text:2: column \"y\": \"\(wrong)\" is no part of a time")
    }
    let second = #expect(throws: CSVError.self) {
      try TimeSeries(csvText: "y,s,x\n2010,1e300,1", time: .parts(year: "y", second: "s"))
    }
    #expect(second?.line == 2)
  }

  /// A stamp that no calendar has is told in errors and written, without a trap.
  @Test func `stamps beyond the calendar`() throws {
    func series(_ text: String) throws -> TimeSeries {
      try TimeSeries(csvText: "t,x\n" + text, time: .column("t", .seconds))
    }
    for wrong in ["1e300", "-1e300", "9007199254740994"] {
      let error = #expect(throws: CSVError.self) { try series("0,1\n\(wrong),1") }
      #expect(error?.description == "text:3: column \"t\": \"\(wrong)\" is in no calendar")
    }
    let far = try series("-1e15,1\n9e15,2")
    #expect(far.description.hasPrefix("TimeSeries of 2 rows"))
    let made = TimeSeries(times: [-.infinity, 0, 1e300, .infinity], values: [1, 2, 3, 4])
    #expect(made.csv() == "time,value\n@-inf,1\n@0.0,2\n@1e+300,3\n@inf,4\n")
    #expect(made.description == "TimeSeries of 4 rows, -inf s … inf s (value)")
    #expect(made.regularStep == nil && "\(TimeStep.seconds(1e300))" == "1e+300 s")
    let error = #expect(throws: CSVError.self) { try series("9e15,1\n-9e15,2") }
    #expect(error?.line == 3)
  }

  @Test func `a span too long for its steps stops with a sentence`() async {
    await #expect(processExitsWith: .failure) {
      _ = TimeSeries(times: [0, 1e300], values: [1, 2]).resampled(every: .seconds(1))
    }
    await #expect(processExitsWith: .failure) { _ = CivilTime(stamp: 1e300) }
  }
}

struct ZoneTests {
  let berlin = TimeZone(identifier: "Europe/Berlin")!

  func hours(_ times: [String], _ ambiguous: RepeatedHour = .raise) throws -> TimeSeries {
    try TimeSeries(
      csvText: "t,x\n" + times.map { "\($0),1\n" }.joined(), time: .column("t"),
      timeZone: berlin, ambiguous: ambiguous)
  }

  @Test func `local times become UTC, and a zone in the text wins`() throws {
    let series = try hours([
      "2024-01-15 12:00", "2024-07-15 12:00", "2024-07-15 12:00Z", "2024-07-15 15:00+02:00",
    ])
    #expect(
      series.times.map { CivilTime(stamp: $0).description } == [
        "2024-01-15 11:00", "2024-07-15 10:00", "2024-07-15 12:00", "2024-07-15 13:00",
      ])
    let parts = try TimeSeries(
      csvText: "y,m,d,h,x\n2024,7,15,12,1",
      time: .parts(year: "y", month: "m", day: "d", hour: "h"),
      timeZone: berlin)
    #expect(CivilTime(stamp: parts.times[0]).hour == 10)
  }

  /// pandas: `tz_localize("Europe/Berlin", ambiguous="raise")` and `"infer"`.
  @Test func `the hour that comes twice in autumn is told`() throws {
    let rows = [
      "2024-10-27 01:00", "2024-10-27 02:00", "2024-10-27 02:00", "2024-10-27 03:00",
    ]
    let error = #expect(throws: CSVError.self) { try hours(rows) }
    #expect(
      error?.description
        == "text:3: column \"t\": 2024-10-27 02:00 comes twice in Europe/Berlin, where clocks were "
        + "put back; say ambiguous: .first or .second, or .infer for rows in order of time")
    let inferred = try hours(rows, .infer)
    #expect(inferred.regularStep == 3600 && CivilTime(stamp: inferred.times[1]).hour == 0)
    #expect(
      inferred.notes == ["times that come twice in Europe/Berlin: 2, told by their order"])
    #expect(try hours([rows[1]], .first).times[0] == inferred.times[1])
    #expect(try hours([rows[1]], .second).times[0] == inferred.times[2])
    let halves = try hours(
      ["02:00", "02:30", "02:00", "02:30", "03:00"].map { "2024-10-27 " + $0 }, .infer)
    #expect(halves.regularStep == 1800)
  }

  @Test func `the hour that is left out in spring is an error`() throws {
    let error = #expect(throws: CSVError.self) {
      try hours(["2024-03-31 01:30", "2024-03-31 02:30"])
    }
    #expect(
      error?.description
        == "text:3: column \"t\": there is no 2024-03-31 02:30 in Europe/Berlin, where clocks were "
        + "put forward")
    #expect(try hours(["2024-03-31 01:00", "2024-03-31 03:00"]).regularStep == 3600)
  }

  @Test func `order tells nothing where rows may come in any`() throws {
    #expect(throws: CSVError.self) {
      try TimeSeries(
        csvText: "t,x\n2024-10-27 02:00,1\n2024-10-27 02:00,2", time: .column("t"),
        order: .aggregated(.mean), timeZone: berlin, ambiguous: .infer)
    }
  }
}
