import Foundation
import Sequences
import Testing

/// CSV files as people have them.
struct PeoplesCSVTests {
  func read(
    _ text: String, time: CSVTime = .column("time"), format: CSVFormat = CSVFormat(),
    order: StampOrder = .ascending
  ) throws -> TimeSeries {
    try TimeSeries(csvText: text, time: time, format: format, order: order)
  }

  /// A spreadsheet's file in Germany: pandas reads it with sep, decimal, thousands and dayfirst.
  @Test func `all at once`() throws {
    let text = """
      sep=;
      Station: 7, Ulm
      Einheit: °C; hPa

      Datum;Zeit;Temp;Druck;Regen;
      02.01.10;05:00;-1,5;1.013,2;#N/A;
      ;;;;;
      02.01.10;06:00;2;12.345.678;1e3;

      """
    let series = try read(
      text, time: .columns(date: "Datum", time: "Zeit", .dayFirst),
      format: CSVFormat(decimal: ",", thousands: "."))
    #expect(series.names == ["Temp", "Druck", "Regen"])
    #expect(
      series.times.map { CivilTime(stamp: $0).description } == [
        "2010-01-02 05:00", "2010-01-02 06:00",
      ])
    #expect(series["Temp"] == [-1.5, 2] && series["Druck"] == [1013.2, 12_345_678])
    #expect(close(series["Regen"], [.nan, 1000]))
    #expect(
      series.notes == [
        "between fields stands \";\"",
        "the header stands in line 5; the lines before it are passed over",
        "rows without any value: 1, passed over", "rows that end in a separator: 2",
      ])
    // The same by options.
    let told = try read(
      text, time: .columns(date: "Datum", time: "Zeit", .dayFirst),
      format: CSVFormat(sep: ";", skipRows: 4, decimal: ",", thousands: "."))
    #expect(told.times == series.times && told["Druck"] == series["Druck"])
    let counted = try read(
      text, time: .columns(date: "Datum", time: "Zeit", .dayFirst),
      format: CSVFormat(sep: ";", header: 2, decimal: ",", thousands: "."))
    #expect(counted.times == series.times)
  }

  @Test(arguments: [
    ("time;x\n2010-01-01;1\n", ";"), ("time\tx\n2010-01-01\t1\n", "\t"),
    ("time|x\n2010-01-01|1\n", "|"), ("sep=|\r\ntime|x\r\n2010-01-01|1\r\n", "|"),
    ("\n\ntime;\"x\"\n\"2010-01-01\";1", ";"), ("Made by: a, b\ntime;x\n2010-01-01;1\n", ";"),
  ])
  func `the separator is found and told`(text: String, separator: String) throws {
    let series = try read(text)
    #expect(series["x"] == [1] && series.names == ["x"])
    #expect(series.notes.first == "between fields stands \(separator.debugDescription)")
  }

  @Test func `nothing is told where nothing was found`() throws {
    #expect(try read("time,x;y\n2010-01-01,1\n").names == ["x;y"])
    #expect(try read("time,x;y\n2010-01-01,1\n").notes.isEmpty)
    #expect(try read("time;x\n2010-01-01;1\n", format: CSVFormat(sep: ";")).notes.isEmpty)
  }

  @Test func `comments`() throws {
    let text = """
      # made on Monday, "by hand
      time,x,y  # units: s, m
      2010-01-01,1,2
        # nothing, "yet
      2010-01-02,3,4# it's, "late
      2010-01-03,"5",6
      """
    for end in ["\n", "\r\n", "\r"] {
      let series = try read(
        text.replacingOccurrences(of: "\n", with: end), format: CSVFormat(comment: "#"))
      #expect(series["x"] == [1, 3, 5] && series["y"] == [2, 4, 6] && series.names == ["x", "y"])
    }
    let error = #expect(throws: CSVError.self) {
      try read(text + "\n2010-01-04,x,1", format: CSVFormat(comment: "#"))
    }
    #expect(error?.line == 7 && error?.column == "x")
    // Not as an option, it is text.
    #expect(throws: CSVError.self) { try read(text) }
  }

  @Test(arguments: [
    ("1,234", 1234.0), ("12,345,678.5", 12_345_678.5), ("-1,234.5e2", -123_450), ("123", 123),
    ("12,34,567", 1_234_567), ("0.5", 0.5), ("1,234,567", 1_234_567),
  ])
  func `groups of digits`(text: String, value: Double) throws {
    let format = CSVFormat(sep: ";", thousands: ",")
    #expect(try read("time;x\n2010-01-01;\(text)\n", format: format)["x"] == [value])
  }

  @Test(arguments: ["1,2", "1,23,4", ",123", "1234,567", "1,,234", "1,234,", "1,2345", "1.5,000"])
  func `groups that make no sense`(text: String) {
    let error = #expect(throws: CSVError.self) {
      try read("time;x\n2010-01-01;\(text)\n", format: CSVFormat(sep: ";", thousands: ","))
    }
    #expect(error?.line == 2 && error?.column == "x")
  }

  @Test func `other marks between groups, and what to say`() throws {
    for (mark, text) in [
      (Character("'"), "1'234'567"), ("\u{202F}", "1\u{202F}234\u{202F}567"), (" ", "1 234 567"),
    ] {
      let format = CSVFormat(thousands: mark)
      #expect(try read("time,x\n2010-01-01,\(text)\n", format: format)["x"] == [1_234_567])
    }
    for (text, hint) in [
      ("1,5", "; say decimal: \",\""), ("1,234,567", "; say thousands: \",\""),
      ("1,234", "; say thousands: \",\" or decimal: \",\""),
      ("1.234,5", "; say decimal: \",\", thousands: \".\""), ("mild", ""), ("1 2", ""),
      ("1\u{A0}234,5", #"; say decimal: ",", thousands: "\u{00A0}""#),
      ("1\u{202F}234", #"; say thousands: "\u{202F}""#), ("$1,000", ""), ("1\u{2019}5", ""),
    ] {
      let error = #expect(throws: CSVError.self) { try read("time;x\n2010-01-01;\(text)") }
      #expect(error?.problem == "\"\(text)\" is no number" + hint)
    }
    // Beside what has been said.
    for (text, hint) in [
      ("1.234,5", "; say thousands: \".\""), ("1.5", "; say decimal: \".\""), ("1.5.2", ""),
      ("1\u{A0}234,5", #"; say thousands: "\u{00A0}""#),
    ] {
      let error = #expect(throws: CSVError.self) {
        try read("time;x\n2010-01-01;\(text)", format: CSVFormat(decimal: ","))
      }
      #expect(error?.problem == "\"\(text)\" is no number" + hint)
    }
  }

  /// pandas' list of missing values, and infinite ones.
  @Test func `missing and infinite numbers`() throws {
    let missing = ["", "#N/A", "#NA", "<NA>", "n/a", "NULL", "None", "-nan", "-1.#IND", " NA "]
    let infinite = ["inf", "-inf", "Infinity", "-Infinity", "+INF"]
    let rows = (missing + infinite).enumerated().map { "\(2000 + $0),\"\($1)\"\n" }
    let x = try read("time,x\n" + rows.joined())["x"]
    #expect(x[..<missing.count].allSatisfy { $0.isNaN })
    #expect(
      Array(x[missing.count...]) == [.infinity, -.infinity, .infinity, -.infinity, .infinity])
    let own = CSVFormat(naValues: ["-99", "?"])
    let all = try read("time,x\n2010,?\n2011,-99\n2012,NA", format: own)["x"]
    #expect(all.count == 3 && all.allSatisfy { $0.isNaN })
    let only = CSVFormat(naValues: ["?"], keepDefaultNA: false)
    #expect(throws: CSVError.self) { try read("time,x\n2010,NA", format: only) }
  }

  @Test func `what ends in a separator, and what has a field too many`() throws {
    for text in [
      "time,x,\n2010,1,\n2011,2,\n", "time,x\n2010,1,\n2011,2,\n", "time,x,\n2010,1\n2011,2\n",
      "time,x, ,\n2010,1,,\n2011,2,, \n",
    ] {
      let series = try read(text)
      #expect(series.names == ["x"] && series["x"] == [1, 2], "\(text)")
    }
    let error = #expect(throws: CSVError.self) { try read("time,x,\n2010,1,\n2011,2,3\n") }
    #expect(error?.description == "text:3: 3 fields, where the header has 2")
    // Rows that keep their place on a grid stay, others without any value go.
    let grid = try read("x,y\n1,2\n,\n3,4", time: .rows(every: .hours(1)))
    #expect(close(grid["x"], [1, .nan, 3]))
    #expect(try read("time,x,y\n2010,1,1\n,,\n, ,,,\n2011,2,2").count == 2)
    #expect(throws: CSVError.self) { try read("time,x,y\n2010,1,1\n,,1\n") }
  }

  /// pandas' `groupby("time").mean()`.
  @Test func `several rows a stamp`() throws {
    let text = "time,x,w\n2011,4,b\n2010,1,a\n2010,3,c\n2010,,a\n"
    func joined(_ aggregation: Aggregation, _ columns: [String]? = ["x"]) throws -> TimeSeries {
      try TimeSeries(
        csvText: text, time: .column("time"), columns: columns,
        categories: columns == nil ? ["w"] : [], order: .aggregated(aggregation))
    }
    #expect(try joined(.mean)["x"] == [2, 4] && joined(.sum)["x"] == [4, 4])
    #expect(try joined(.count)["x"] == [2, 1] && joined(.maximum)["x"] == [3, 4])
    let deviation = try joined(.standardDeviation)["x"]
    #expect(close(deviation, [1.4142135623730951, .nan]))
    let last = try joined(.last, nil)
    #expect(last["x"] == [3, 4] && last["w"].map { last.categories["w"]![Int($0)] } == ["a", "b"])
    #expect(throws: CSVError.self) { try read(text) }
  }

  @Test func `words have no mean`() async {
    await #expect(processExitsWith: .failure) {
      _ = try TimeSeries(
        csvText: "time,w\n2010,a", time: .column("time"), categories: ["w"],
        order: .aggregated(.mean))
    }
  }

  @Test func `date and time in two columns`() throws {
    let time = CSVTime.columns(date: "d", time: "t", .format("%d/%m/%Y %I:%M %p"))
    let text = "d,t,x\n02/01/2010, 05:30 PM,1\n"
    let series = try read(text, time: time)
    #expect(series.names == ["x"] && CivilTime(stamp: series.times[0]).hour == 17)
    for wrong in ["02/01/2010,", ",05:30 PM", "02/01/2010,25:00 PM"] {
      let error = #expect(throws: CSVError.self) { try read(text + wrong + ",1", time: time) }
      #expect(error?.line == 3 && error?.column == "d")
    }
  }

  @Test func `a file whose quotes say nothing has missing words`() throws {
    func words(_ text: String) throws -> [String?] {
      let series = try TimeSeries(csvText: text, time: .column("time"), categories: ["w"])
      return series["w"].map { $0.isNaN ? nil : series.categories["w"]![Int($0)] }
    }
    #expect(
      try words("\"time\",\"w\"\n\"2010\",\"NA\"\n\"2011\",\"\"\n\"2012\",\"a\"") == [
        nil, nil, "a",
      ])
    #expect(
      try words("time,w\n2010,\"NA\"\n2011,\"\"\n2012,NA\n2013,\" a\"") == ["NA", "", nil, " a"])
  }

  /// The time for a header must grow with its length; with its square it would be 16 times as long.
  @Test func `a header of very many columns is read in a line's time, and not told in whole`()
    throws
  {
    func text(_ columns: Int) -> String {
      "time," + (0..<columns).map { "column\($0)" }.joined(separator: ",") + "\n2010,"
        + Array(repeating: "1", count: columns).joined(separator: ",") + "\n"
    }
    /// What this thread has worked, whatever else the machine does.
    func threadSeconds() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
    func seconds(_ columns: Int) throws -> Double {
      let text = text(columns)
      return try (0..<3).map { _ in
        let start = threadSeconds()
        let series = try read(text)
        #expect(series.names.count == columns && series["column\(columns - 1)"] == [1])
        _ = series.selecting(series.names).csv()
        return threadSeconds() - start
      }.min()!
    }
    let ratio = try (0..<4).map { _ in try seconds(50_000) / seconds(12_500) }.min()!
    #expect(ratio < 12)
    for text in [text(50_000), text(50_000).replacingOccurrences(of: "time", with: "when")] {
      let error = #expect(throws: CSVError.self) {
        try TimeSeries(csvText: text, time: .column("time"), columns: ["no"])
      }
      #expect(error?.description.count ?? 0 < 300)
    }
  }
}
