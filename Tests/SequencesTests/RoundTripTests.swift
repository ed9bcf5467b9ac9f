import Arrays
import Foundation
import Sequences
import TestSupport
import Testing

/// What is written is read, whatever it holds.
struct RoundTripTests {
  static let letters: [Unicode.Scalar] = [
    "a", "b", " ", "\t", ",", ";", "|", "\"", "\n", "\r", ".", "-", "#", "'", "0", "9", "@", "=",
    "\u{0}",
    "\u{E9}", "e", "\u{301}", "\u{1100}", "\u{1161}", "\u{AC00}", "\u{FEFF}", "\u{1D11E}", "京",
    "\u{2028}", "\u{A0}", "\u{85}", "\u{FFFD}", "N", "A", "\u{10FFFF}", "\u{200D}", "👩", "🚀",
  ]
  static let words = [
    "", "NA", "nan", "inf", "1", "sep=;", "#N/A", " x ", "\"", "\r\n", "2010-01-01",
  ]
  static let formats = [
    CSVFormat(), CSVFormat(sep: ";", decimal: ","), CSVFormat(sep: ",", decimal: ","),
    CSVFormat(sep: "\t", comment: "#"), CSVFormat(sep: "-"), CSVFormat(sep: "1", comment: "2"),
    CSVFormat(sep: ";", decimal: ",", thousands: "."),
    CSVFormat(naValues: ["?"], keepDefaultNA: false),
    CSVFormat(keepDefaultNA: false), CSVFormat(encoding: "utf-16"), CSVFormat(encoding: "gb18030"),
  ]

  struct Draw {
    let generator: Generator
    func below(_ bound: Int) -> Int { Int(generator.uniform() * Double(bound)) }
    func text() -> String {
      if below(4) == 0 { return words[below(words.count)] }
      var text = ""
      for _ in 0..<below(6) { text.unicodeScalars.append(letters[below(letters.count)]) }
      return text
    }
    func number() -> Double {
      switch below(8) {
      case 0: return .nan
      case 1: return [.infinity, -.infinity, 0, -0.0, 5e-324, 1.7976931348623157e308][below(6)]
      case 2: return Double(below(2_000_000) - 1_000_000)
      case 3: return Double(below(1000)) * 1e13
      default:
        // Any bits that are a number.
        let bits = Double(
          bitPattern: UInt64(generator.uniform() * 0x1p32) << 32
            | UInt64(generator.uniform() * 0x1p32))
        return bits.isFinite ? bits : 0.1
      }
    }
    func times(_ count: Int) -> [Double] {
      let starts = [0, -1e-9, 1.7e9, -3e9, 1e12, -8e15, 0.5]
      let steps = [86_400, 60, 3600, 1, 0.1, 0.001, 1e-6, 1e5 / 3, 0.25]
      var time = starts[below(starts.count)]
      let step = steps[below(steps.count)]
      return (0..<count).map { _ in
        defer { time = max(time.nextUp, time + step * Double(1 + below(3))) }
        return time
      }
    }
  }

  @Test(arguments: 0..<300) func `whatever it holds`(seed: UInt64) throws {
    let draw = Draw(generator: Generator(seed: seed))
    let count = draw.below(12)
    let times = draw.times(count)
    var names: [String] = []
    var seen: Set<[UInt8]> = []
    let timeName = draw.text()
    seen.insert(Array(timeName.utf8))
    for _ in 0..<draw.below(5) {
      let name = draw.text()
      if seen.insert(Array(name.utf8)).inserted { names.append(name) }
    }
    var categories = NameTable<[String]>()
    let columns = names.map { name in
      if draw.below(2) == 0 { return (0..<count).map { _ in draw.number() } }
      var words: [String] = []
      for _ in 0..<1 + draw.below(4) { words.append(draw.text()) }
      categories[name] = words
      return (0..<count).map { _ in
        draw.below(5) == 0 ? .nan : Double(draw.below(words.count))
      }
    }
    let series = TimeSeries(times: times, names: names, columns: columns, categories: categories)
    let format = Self.formats[Int(seed) % Self.formats.count]

    func check(_ back: TimeSeries) {
      #expect(back.times == times)
      #expect(back.names.map { Array($0.utf8) } == names.map { Array($0.utf8) })
      for name in names {
        let (a, b) = (series[name], back[name])
        if let words = series.categories[name] {
          let backWords = back.categories[name] ?? []
          for (x, y) in zip(a, b) {
            #expect(x.isNaN == y.isNaN)
            if !x.isNaN, !y.isNaN {
              #expect(words[Int(x)].utf8.elementsEqual(backWords[Int(y)].utf8))
            }
          }
        } else {
          #expect(zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern || $0.isNaN && $1.isNaN })
        }
      }
    }
    let text = series.csv(time: timeName, format: format)
    check(
      try TimeSeries(
        csvText: text, time: .column(timeName), categories: categories.keys, format: format))
    try withFile([]) { file in
      try series.write(csv: file, time: timeName, format: format)
      check(
        try TimeSeries(
          csv: file, time: .column(timeName), categories: categories.keys, format: format))
    }
  }

  static let dates: [([Double], [String])] = [
    ([0, 86_400], ["1970-01-01", "1970-01-02"]),
    ([0, 43_200], ["1970-01-01 00:00", "1970-01-01 12:00"]),
    ([0, 60, 61], ["1970-01-01 00:00:00", "1970-01-01 00:01:00", "1970-01-01 00:01:01"]),
    ([1_700_000_000, 1_700_000_000.1], ["2023-11-14 22:13:20.0", "2023-11-14 22:13:20.1"]),
    ([-0.25, 59.5], ["1969-12-31 23:59:59.75", "1970-01-01 00:00:59.50"]),
    (
      [0, 0.1 * 3],
      ["1970-01-01 00:00:00.00000000000000000", "1970-01-01 00:00:00.30000000000000004"]
    ),
    ([0, 1e12], ["@0.0", "@1000000000000.0"]), ([1e-300], ["@1e-300"]),
  ]

  /// One column has one format of dates, as pandas wants it.
  @Test(arguments: dates)
  func `one format of dates`(times: [Double], texts: [String]) throws {
    let series = TimeSeries(times: times.map { $0 }, values: times)
    let lines = series.csv().split(separator: "\n").dropFirst()
    #expect(lines.map { String($0.split(separator: ",")[0]) } == texts)
    #expect(try TimeSeries(csvText: series.csv(), time: .column("time")).times == times)
  }

  @Test func `a code of no word stops with a sentence`() async {
    await #expect(processExitsWith: .failure) {
      _ = TimeSeries(times: [0], names: ["w"], columns: [[1]], categories: ["w": ["a"]])
    }
  }
}

/// Nothing follows the locale that C's functions have. In a process of its own: a locale is the whole
/// process's.
struct LocaleTests {
  static let canBeMade =
    FileManager.default.isExecutableFile(atPath: "/usr/bin/localedef")
    && FileManager.default.fileExists(atPath: "/usr/share/i18n/locales/de_DE")

  @Test(.enabled(if: canBeMade, "needs localedef and its sources (package locales) for de_DE"))
  func `numbers have a point under a German locale`() async {
    await #expect(processExitsWith: .success) {
      let scratch = Scratch(), folder = scratch.url
      let maker = Process()
      maker.executableURL = URL(fileURLWithPath: "/usr/bin/localedef")
      maker.arguments = [
        "-i", "de_DE", "-f", "UTF-8", folder.appendingPathComponent("de_DE.UTF-8").path,
      ]
      try maker.run()
      maker.waitUntilExit()
      setenv("LOCPATH", folder.path, 1)
      try #require(setlocale(LC_ALL, "de_DE.UTF-8") != nil && strtod("2.5", nil) == 2)

      let texts = ["2.5E+25", "0.1", "1.7976931348623157e308", "9007199254740993.5", "-1.25e-30"]
      let values = [2.5e25, 0.1, 1.7976931348623157e308, 9007199254740993.5, -1.25e-30]
      let text = "x\n" + texts.joined(separator: "\n")
      let series = try TimeSeries(csvText: text, time: .rows(every: .seconds(0.5)))
      #expect(series["x"] == values)
      let back = try TimeSeries(csvText: series.csv(), time: .column("time"))
      #expect(back["x"] == values && back.times == series.times)
      #expect("\(NDArray([0.5, 1.25], shape: [2]))" == "[0.5000, 1.2500]")
    }
  }
}
