import Arrays
import Foundation
import Sequences
import Testing

struct TimeSeriesCSVTests {
  func read(_ text: String, order: StampOrder = .ascending) throws -> TimeSeries {
    try TimeSeries(csvText: text, name: "data.csv", time: .column("time"), order: order)
  }

  @Test func `chosen columns, missing numbers, time from parts`() throws {
    let text = """
      No,year,month,day,hour,pm2.5,TEMP,wind
      1,2010,1,1,0,NA,-11,NW
      2,2010,1,1,1,,-12.5,SE
      3,2010,12,31,23, 129 ,NaN,cv
      """
    let series = try TimeSeries(
      csvText: text, time: .parts(year: "year", month: "month", day: "day", hour: "hour"),
      columns: ["TEMP", "pm2.5"])
    #expect(series.names == ["TEMP", "pm2.5"])
    #expect(close(series["TEMP"], [-11, -12.5, .nan]))
    #expect(close(series["pm2.5"], [.nan, .nan, 129]))
    #expect(
      series.times.map { CivilTime(stamp: $0).description } == [
        "2010-01-01", "2010-01-01 01:00", "2010-12-31 23:00",
      ])
  }

  @Test func `time formats`() throws {
    let expected = CivilTime(year: 2012, month: 3, day: 4, hour: 5, minute: 6, second: 7.5).stamp
    for text in [
      "2012-03-04 05:06:07.5", "2012/3/4T5:06:07,5", "2012-03-04T05:06:07.50Z",
      "2012-03-04T13:06:07.5+08:00", "2012-03-04 00:06:07.5-0500",
    ] {
      #expect(try read("time,x\n\"\(text)\",1").times == [expected], "\(text)")
    }
    func stamp(_ text: String, _ format: TimeFormat) throws -> Double {
      try TimeSeries(csvText: "t,x\n\(text),1", time: .column("t", format)).times[0]
    }
    let day = CivilTime(year: 2012, month: 3, day: 4)
    #expect(try stamp("4.3.2012", .dayFirst) == day.stamp)
    #expect(try stamp("03/04/2012 00:00", .monthFirst) == day.stamp)
    #expect(try stamp("2012-03", .iso8601) == CivilTime(year: 2012, month: 3).stamp)
    #expect(try stamp("1330819200", .seconds) == day.stamp)
    #expect(try stamp("1330819200000", .milliseconds) == day.stamp)
    for wrong in ["2012-13-01", "2011-02-29", "2012-03-04 24:00", "4.3.2012 x", "", "soon"] {
      #expect(throws: CSVError.self, "\(wrong)") { try stamp(wrong, .iso8601) }
    }
  }

  /// What is wrong with a file, and the one line that must say so.
  static let bad: [(String, String)] = [
    ("", "data.csv:1: the file is empty"),
    ("time,x\n2010-01-01,1\n2010-01-02\n", "data.csv:3: 1 field, where the header has 2"),
    ("time,x\n2010-01-01,1,2\n", "data.csv:2: 3 fields, where the header has 2"),
    (
      "time,x\r\n2010-01-01,1\r\n2010-01-02,mild\r\n",
      "data.csv:3: column \"x\": \"mild\" is no number"
    ),
    ("time,x\n\n\"2010-01-01\",\"1\n\"\n", "data.csv:3: column \"x\": \"1\\n\" is no number"),
    (
      "time,x\n2010-01-01,1\n2010-01-01,2\n",
      "data.csv:3: the time 2010-01-01 is that of the row before, too"
    ),
    (
      "time,x\n2010-01-02,1\n2010-01-01,2\n",
      "data.csv:3: the time 2010-01-01 is earlier than that of the row before, 2010-01-02"
    ),
    (
      "time,x\nlater,1\n",
      "data.csv:2: column \"time\": \"later\" is no time such as 2010-01-02 05:00"
    ),
    ("stamp,x\n2010-01-01,1\n", "data.csv:1: there is no column \"time\", only stamp, x"),
    ("time,x,x\n2010-01-01,1,2\n", "data.csv:1: column \"x\": the name stands over 2 columns"),
  ]

  @Test(arguments: bad) func `bad files get their line`(text: String, message: String) throws {
    let error = #expect(throws: CSVError.self) { try read(text) }
    #expect(error?.description == message)
  }

  @Test func `a wrong part of a time is named`() throws {
    let error = #expect(throws: CSVError.self) {
      try TimeSeries(
        csvText: "y,m,x\n2010,1,1\n2010,two,1", time: .parts(year: "y", month: "m"))
    }
    #expect(error?.description == "text:3: column \"m\": \"two\" is no part of a time")
    let other = #expect(throws: CSVError.self) {
      try TimeSeries(csvText: "y,m,x\n2010,13,1", time: .parts(year: "y", month: "m"))
    }
    #expect(other?.description == "text:2: there is no such time as 2010-13-01")
  }

  @Test func `odd but good files are read`() throws {
    let plain = try read("time,x\n2010-01-01,1\n2010-01-02,2\n")
    for text in [
      "time,x\n2010-01-01,1\n2010-01-02,2",  // no final newline
      "time,x\r\n2010-01-01,1\r\n2010-01-02,2\r\n",
      "\u{FEFF}time,x\n2010-01-01,1\n2010-01-02,2\n",
      "\"time\",\"x\"\n\"2010-01-01\",\"1\"\n\n2010-01-02, 2 \n\n",
    ] {
      let series = try read(text)
      #expect(series.times == plain.times && series["x"] == [1, 2] && series.names == ["x"])
    }
    #expect(try read("time,x\n").count == 0)
  }

  @Test func `rows can be sorted, and one of several kept`() throws {
    let text = "time,x\n2010-01-03,3\n2010-01-01,1\n2010-01-03,4\n2010-01-02,2\n"
    #expect(try read(text, order: .sorted(keeping: .first))["x"] == [1, 2, 3])
    #expect(try read(text, order: .sorted(keeping: .last))["x"] == [1, 2, 4])
  }

  @Test func `missing marks of one's own, decimal comma`() throws {
    let format = CSVFormat(sep: ";", decimal: ",", naValues: ["-999", "?"])
    let series = try TimeSeries(
      csvText: "x\n1,5\n-999\n?\n-999,0", time: .rows(every: .hours(1)), format: format)
    #expect(close(series["x"], [1.5, .nan, .nan, .nan]))
    let own = CSVFormat(sep: ";", decimal: ",")
    let back = try TimeSeries(
      csvText: series.csv(format: own), time: .column("time"), format: own)
    #expect(close(back["x"], series["x"]))
  }

  @Test func `words become codes in order of appearance`() throws {
    let text = """
      time,wind,PM,sky
      2010-01-01,NW,1,clear
      2010-01-02, cv ,2,"so ""so"", hazy"
      2010-01-03,NA,3,
      2010-01-04,NW,4,clear
      """
    let series = try TimeSeries(
      csvText: text, time: .column("time"), categories: ["sky", "wind"])
    #expect(series.names == ["wind", "PM", "sky"])
    #expect(close(series["wind"], [0, 1, .nan, 0]) && series["PM"] == [1, 2, 3, 4])
    #expect(close(series["sky"], [0, 1, .nan, 0]))
    #expect(
      series.categories == ["wind": ["NW", "cv"], "sky": ["clear", "so \"so\", hazy"]])
    // Written, they are words again.
    let again = try TimeSeries(
      csvText: series.csv(), time: .column("time"), categories: ["wind", "sky"])
    #expect(again.categories == series.categories && close(again["sky"], series["sky"]))
    // Chosen rows and columns keep their words, other numbers have none.
    #expect(series[1..<3].categories == series.categories)
    #expect(series.droppingMissing().categories == series.categories)
    #expect(series.selecting(["PM", "wind"]).categories == ["wind": ["NW", "cv"]])
    #expect(series.setting("sky", to: [0, 0, 0, 0]).categories == ["wind": ["NW", "cv"]])
    #expect(series.mapColumns { $0.map { $0 * 2 } }.categories.isEmpty)
    // Named beside the columns they come after them.
    let chosen = try TimeSeries(
      csvText: text, time: .column("time"), columns: ["PM"], categories: ["wind"])
    #expect(chosen.names == ["PM", "wind"] && close(chosen["wind"], [0, 1, .nan, 0]))
    let error = #expect(throws: CSVError.self) {
      try TimeSeries(csvText: text, time: .column("time"), categories: ["rain"])
    }
    #expect(
      error?.description == "text:1: there is no column \"rain\", only time, wind, PM, sky")
  }

  /// Rows are collected in blocks and room is made for as many as the file seems to have.
  @Test func `rows that grow longer, over several blocks`() throws {
    let count = 3000
    let values = (0..<count).map { Double($0) * Double($0) * 1001 }
    let text = "x,w\n" + values.map { "\(Int($0)),\(Int($0) % 7)w\n" }.joined()
    try withFile(Array(text.utf8)) { file in
      for order in [StampOrder.ascending, .sorted(keeping: .first)] {
        let series = try TimeSeries(
          csv: file, time: .rows(every: .hours(1)), categories: ["w"], order: order)
        #expect(series["x"] == values && series.regularStep == 3600)
        let words = try #require(series.categories["w"])
        let expected = values.map { "\(Int($0) % 7)w" }
        #expect(series["w"].map { words[Int($0)] } == expected)
      }
    }
  }

  @Test(arguments: 0..<20) func `reading what was written returns the series`(seed: UInt64) throws {
    let generator = Generator(seed: seed)
    let count = Int(generator.uniform() * 50)
    var time = (generator.uniform() * 2e9).rounded()
    let times = (0..<count).map { _ in
      time += 0.001 + (generator.uniform() * 1e6).rounded() / 1000
      return (time * 1000).rounded() / 1000
    }
    func column() -> [Double] {
      (0..<count).map { _ in generator.uniform() < 0.2 ? .nan : generator.normal() * 1e3 }
    }
    let series = TimeSeries(
      times: times, names: ["plain", "a \"quoted\", name\n"], columns: [column(), column()])
    try withFile([]) { file in
      try series.write(csv: file)
      let back = try TimeSeries(csv: file, time: .column("time"))
      #expect(back.names == series.names)
      #expect(zip(back.times, times).allSatisfy { abs($0 - $1) < 1e-6 } && back.count == count)
      for (a, b) in zip(back.columns, series.columns) {
        #expect(a.map(\.isNaN) == b.map(\.isNaN))
        #expect(zip(a, b).allSatisfy { $0 == $1 || $0.isNaN })
      }
    }
  }

  @Test func `writing where it cannot be done names the file and the reason`() throws {
    try withFile([]) { file in
      let absent = file.deletingLastPathComponent().appendingPathComponent("no/x.csv")
      #expect(
        throws: CSVError(
          file: absent.path, problem: "cannot be written: No such file or directory")
      ) { try AirlinePassengers.series.write(csv: absent) }
    }
  }

  @Test func `dates there and back`() {
    for stamp in stride(from: -3e10, through: 6e10, by: 86_400 * 37.5) {
      let time = CivilTime(stamp: stamp)
      #expect(time.isValid && time.stamp == stamp)
    }
    #expect(CivilTime(year: 2000, month: 2, day: 29, hour: 12).stamp == 951_825_600)
    #expect(CivilTime(stamp: -1).description == "1969-12-31 23:59:59")
    #expect(CivilTime(stamp: 59.9999999).description == "1970-01-01 00:01")
    #expect(!CivilTime(year: 1900, month: 2, day: 29).isValid)
  }
}
