import Figures
import Foundation
import TestSupport
import Testing

/// Labels of date axes can be read at every span.
@Suite struct DateAxisTests {
  static let spans: [(String, Double)] = [
    ("millisecond", 0.001), ("20ms", 0.02), ("second", 1), ("minute", 60), ("hour", 3600),
    ("6h", 21_600),
    ("day", 86_400), ("2.5d", 216_000), ("week", 604_800), ("month", 2_592_000),
    ("quarter", 7_776_000), ("year", 31_557_600), ("3y", 9.5e7), ("decade", 3.15576e8),
    ("century", 3.15576e9), ("millennium", 3.15576e10),
  ]
  /// A night in 2010, the year before 1970, a century ago, the year 1.
  static let starts: [Double] = [
    1_262_304_000 + 79_937.25, -31_449_600, -1_893_456_000, -62_135_596_800,
  ]

  static func series(_ start: Double, _ span: Double) -> Figure {
    var figure = Figure("PM2.5", x: .dates("time"), y: "µg/m³")
    figure.line(
      x: (0...100).map { start + span * Double($0) / 100 }, y: (0...100).map { sin(Double($0) / 9) }
    )
    return figure
  }

  @Test(arguments: spans)
  func everySpanCanBeRead(_ name: String, _ span: Double) throws {
    for start in Self.starts {
      for size in [Figure.Size.wide, .init(width: 640, height: 400), .square] {
        var figure = Self.series(start, span)
        figure.size = size
        let texts = try SVGText.all(in: figure)
        #expect(SVGText.faults(texts, size: size) == [], "\(name) from \(start)")
        let labels = texts.filter {
          $0.text.contains(#/^-?[\d:.-]+( [\d:.]+)?$|^[A-Z][a-z]{2}$/#)
            && $0.top > Double(size.height) * 0.7
        }
        #expect(labels.count >= (size == .wide ? 3 : 2), "\(name) from \(start)")
        if size == .wide { #expect(Set(labels.map(\.text)).count == labels.count) }
      }
    }
    try Self.series(Self.starts[0], span).write(to: Folder.gallery().url, name: "dates-\(name)")
  }

  @Test func labelsTellTheRightMoments() throws {
    // From Python's datetime.
    #expect(
      try ticks(Self.series(1_262_304_000, 7 * 86_400)) == [
        "2010-01-01", "2010-01-02", "2010-01-03", "2010-01-04", "2010-01-05", "2010-01-06",
        "2010-01-07",
        "2010-01-08",
      ])
    #expect(
      try ticks(Self.series(-2_208_988_800, 10 * 31_557_600)) == [
        "1900", "1901", "1902", "1903", "1904", "1905", "1906", "1907", "1908", "1909", "1910",
      ])
    #expect(
      try ticks(Self.series(951_782_400, 2 * 86_400)).contains("2000-02-29 00:00"))
    #expect(
      try ticks(Self.series(-62_135_596_800, 3.15576e10)).prefix(3) == ["0100", "0200", "0300"])
  }

  func ticks(_ figure: Figure) throws -> [String] {
    let folder = Folder()
    let script = try String(
      contentsOf: figure.write(to: folder.url, name: "it").script, encoding: .utf8)
    let line = try #require(script.split(separator: "\n").last { $0.hasPrefix("set xtics (") })
    return line.matches(of: #/'([^']*)'/#).map { String($0.1) }
  }

  /// gnuplot resolves a number to a part of its size, 10 ms today.
  @Test func everyMillisecondIsDrawn() throws {
    var figure = Figure("1 kHz", x: .dates("time"), y: "V")
    let start = 1_700_000_000.0
    figure.line(x: (0..<400).map { start + Double($0) / 1000 }, y: (0..<400).map { Double($0 % 7) })
    figure.verticalLine(x: start + 0.1)
    let folder = Folder()
    let files = try figure.write(to: folder.url, name: "it")
    let script = try String(contentsOf: files.script, encoding: .utf8)
    let rows = script.split(separator: "\n").filter { $0.contains(#/^0(\.\d+)? \d$/#) }
    #expect(rows.count == 400)
    #expect(Set(rows.map { $0.split(separator: " ")[0] }).count == 400)
    // Doubles at today's seconds are 2.4e-7 apart.
    let line = try #require(script.firstMatch(of: #/set arrow from first ([\d.]+), graph 0/#))
    #expect(abs(Double(line.1)! - 0.1) < 3e-7)
  }

  @Test func formatsAndStepsOfOnesOwn() throws {
    var figure = Self.series(1_262_304_000, 10 * 31_557_600)
    figure.x.format = "%b %Y"
    #expect(try ticks(figure).prefix(2) == ["Jan 2010", "Jan 2012"])
    #expect(SVGText.faults(try SVGText.all(in: figure), size: figure.size) == [])
    figure.x.ticks = .every(86_400)
    #expect(SVGText.faults(try SVGText.all(in: figure), size: figure.size) == [])
    var short = Self.series(1_262_304_000, 0.004)
    short.x.format = "%M:%.3S"
    #expect(try ticks(short) == ["00:00.000", "00:00.001", "00:00.002", "00:00.003", "00:00.004"])
    // All of one day: said once.
    var day = Self.series(1_262_304_000, 3600)
    day.x.format = "%Y-%m-%d"
    #expect(try ticks(day) == ["2010-01-01"])
  }

  @Test func panelsAndUprightAxes() throws {
    let panels = Figure.grid(
      "Dates", columns: 3, Self.spans[2..<8].map { Self.series(Self.starts[0], $0.1) })
    let texts = try SVGText.all(in: panels)
    #expect(SVGText.faults(texts, size: panels.size) == [])
    var upright = Figure("Upright", x: "value", y: .dates("time"))
    upright.line(x: [1, 2, 3], y: [0, 5e7, 1e8])
    #expect(SVGText.faults(try SVGText.all(in: upright), size: upright.size) == [])
    try upright.write(to: Folder.gallery().url, name: "dates-upright")
    try panels.write(to: Folder.gallery().url, name: "dates-panels")
  }

  @Test func oneMoment() throws {
    var figure = Figure("One", x: .dates("time"))
    figure.line(x: [1_262_304_000 + 3600.25], y: [5])
    let script = try String(
      contentsOf: figure.write(to: Folder.gallery().url, name: "dates-one").script, encoding: .utf8)
    #expect(script.contains(#"set xtics ('2010-01-01'."\n".'01:00:00.250000'"#))
  }

  /// What is too far away for a calendar is drawn as a number.
  @Test func beyondTheCalendar() throws {
    for end in [1e17, 1e300] {
      try Self.series(0, end).write(to: Folder().url, name: "it")
    }
  }
}
