import Foundation
import Sequences
import Testing

/// The same table in many encodings. The bytes are Python's `str.encode`.
struct EncodingTests {
  static let gbk: [UInt8] = [
    0x74, 0x2C, 0xB3, 0xC7, 0xCA, 0xD0, 0x0A, 0x32, 0x30, 0x31, 0x30, 0x2C, 0xB1, 0xB1, 0xBE, 0xA9,
    0x0A, 0x32, 0x30, 0x31, 0x31, 0x2C, 0xC9, 0xCF, 0xBA, 0xA3, 0x0A,
  ]  // t,城市 / 2010,北京 / 2011,上海
  static let windows1251: [UInt8] = [
    0x74, 0x2C, 0xE3, 0xEE, 0xF0, 0xEE, 0xE4, 0x0A, 0x32, 0x30, 0x31, 0x30, 0x2C, 0xCC, 0xEE, 0xF1,
    0xEA, 0xE2, 0xE0, 0x0A, 0x32, 0x30, 0x31, 0x31, 0x2C, 0xCE, 0xF0, 0xB8, 0xEB, 0x0A,
  ]  // t,город / 2010,Москва / 2011,Орёл
  static let latin1: [UInt8] = [
    0x74, 0x2C, 0x76, 0x69, 0x6C, 0x6C, 0x65, 0x0A, 0x32, 0x30, 0x31, 0x30, 0x2C, 0x47, 0x65, 0x6E,
    0xE8, 0x76, 0x65, 0x0A, 0x32, 0x30, 0x31, 0x31, 0x2C, 0x5A, 0xFC, 0x72, 0x69, 0x63, 0x68, 0x0A,
  ]  // t,ville / 2010,Genève / 2011,Zürich

  static let tables: [([UInt8], [String], [String], [String])] = [
    (gbk, ["gbk", "GB18030", "gb2312"], ["城市"], ["北京", "上海"]),
    (windows1251, ["windows-1251", "cp1251"], ["город"], ["Москва", "Орёл"]),
    (
      latin1, ["latin-1", "iso-8859-1", "windows-1252", "latin1"], ["ville"], ["Genève", "Zürich"]
    ),
  ]

  @Test(arguments: tables)
  func `read in its encoding, and told without`(
    bytes: [UInt8], names: [String], columns: [String], words: [String]
  ) throws {
    try withFile(bytes) { file in
      for name in names {
        let series = try TimeSeries(
          csv: file, time: .column("t"), categories: columns, format: CSVFormat(encoding: name))
        #expect(series.names == columns && series.categories[columns[0]] == words)
        // Written in it, the file is the same but for the dates.
        let again = file.deletingLastPathComponent().appendingPathComponent("again.csv")
        try series.write(csv: again, time: "t", format: CSVFormat(encoding: name))
        let back = try TimeSeries(
          csv: again, time: .column("t"), categories: columns, format: CSVFormat(encoding: name))
        #expect(back.categories == series.categories && back.times == series.times)
      }
      let error = try #require(
        #expect(throws: CSVError.self) { try TimeSeries(csv: file, time: .column("t")) })
      let isHeader = columns != ["ville"]
      #expect(error.line == (isHeader ? 1 : 2) && error.column == (isHeader ? "2" : "ville"))
      let likely = names.contains("latin1") ? "windows-1252" : names[0]
      #expect(
        error.problem.hasSuffix(
          "here is no UTF-8; the file seems to be in \(likely), say encoding: \"\(likely)\""),
        "\(error)")
    }
  }

  @Test(arguments: ["utf-16le", "utf-16be"]) func `UTF-16`(name: String) throws {
    let text = "t,città\n2010,\"東\n京\"\n2011,𝄞\n"
    let little = name == "utf-16le"
    let units = text.utf16.flatMap { unit in
      little ? [UInt8(unit & 255), UInt8(unit >> 8)] : [UInt8(unit >> 8), UInt8(unit & 255)]
    }
    let mark: [UInt8] = little ? [0xFF, 0xFE] : [0xFE, 0xFF]
    func read(_ bytes: [UInt8], _ encoding: String?) throws -> TimeSeries {
      try withFile(bytes) { file in
        try TimeSeries(
          csv: file, time: .column("t"), categories: ["città"],
          format: CSVFormat(encoding: encoding))
      }
    }
    for (bytes, encoding) in [(mark + units, nil), (mark + units, name), (units, name)] {
      let series = try read(bytes, encoding)
      #expect(series.categories["città"] == ["東\n京", "𝄞"])
      #expect(
        series.notes
          == (encoding == nil ? ["the file is utf-16, as the mark at its beginning says"] : []))
    }
    let error = #expect(throws: CSVError.self) { try read(units, nil) }
    #expect(
      error?.description == "data.csv:1: the file seems to be UTF-16 without a mark; say encoding: "
        + "\"\(name)\"")
    // Half a character at the end.
    #expect(throws: CSVError.self) { try read(units + [0x0A], name) }
  }

  @Test func `what is not of the encoding asked for, and encodings that are not there`() throws {
    try withFile(Array("t,w\n2010,a\n2011,".utf8) + [0x81, 0x0A]) { file in
      func read(_ encoding: String?) throws -> TimeSeries {
        try TimeSeries(
          csv: file, time: .column("t"), categories: ["w"], format: CSVFormat(encoding: encoding))
      }
      let error = #expect(throws: CSVError.self) { try read("windows-1252") }
      #expect(error?.line == 3 && error?.column == "w")
      #expect(error?.problem == "the bytes 81 A … are not windows-1252")
      for name in ["klingon", "", "utf-8//TRANSLIT"] {
        let unknown = #expect(throws: CSVError.self) { try read(name) }
        #expect(unknown?.problem == "there is no encoding \"\(name)\"")
      }
      #expect(throws: CSVError.self) {
        try TimeSeries(times: [0], names: ["東京"], columns: [[1]]).write(
          csv: file, format: CSVFormat(encoding: "latin-1"))
      }
      let bytes = try Data(contentsOf: file)
      #expect(bytes.count == 18)
    }
  }

  /// Every way in which bytes are no UTF-8 (Unicode's table of well-formed bytes), and every place at
  /// which the pieces of a file may end.
  @Test func `bytes that are no UTF-8 are found wherever they lie`() throws {
    let wrong: [[UInt8]] = [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x9F, 0xBF], [0xE4, 0xBA],
      [0xED, 0xA0, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80],
      [0xF5, 0x80, 0x80, 0x80],
      [0xFF], [0xE4, 0xBA, 0x0A], [0xF0, 0x9D, 0x84],
    ]
    for bytes in wrong {
      for end in [[], [UInt8(0x0A)]] {
        try withFile(Array("t,w\n2010,".utf8) + bytes + end) { file in
          let error = #expect(throws: CSVError.self, "\(bytes)") {
            try TimeSeries(csv: file, time: .column("t"), categories: ["w"])
          }
          #expect(error?.line == 2 && error?.column == "w", "\(bytes)")
        }
      }
    }
    // Around the end of the first piece, 131,072 bytes.
    let start = "t,w\n2010,"
    for gap in 131_056...131_074 {
      let fill = String(repeating: "x", count: gap - start.utf8.count)
      try withFile(Array((start + fill + "𝄞京é").utf8)) { file in
        let series = try TimeSeries(csv: file, time: .column("t"), categories: ["w"])
        #expect(series.categories["w"] == [fill + "𝄞京é"])
      }
      try withFile(Array((start + fill).utf8) + [0xE4, 0x0A]) { file in
        #expect(throws: CSVError.self) {
          try TimeSeries(csv: file, time: .column("t"), categories: ["w"])
        }
      }
    }
  }

  /// Four words that decoding with replacements would make one.
  @Test func `words are told apart by their scalars`() throws {
    let words = ["\u{E9}", "e\u{301}", "\u{1100}\u{1161}", "\u{AC00}"]
    let text = "t,\u{E9},e\u{301}\n" + words.enumerated().map { "201\($0),\($1),\($1)\n" }.joined()
    let series = try TimeSeries(
      csvText: text, time: .column("t"), categories: ["\u{E9}", "e\u{301}"])
    #expect(series["\u{E9}"] == [0, 1, 2, 3] && series["e\u{301}"] == [0, 1, 2, 3])
    #expect(series.categories["\u{E9}"]?.map { Array($0.utf8) } == words.map { Array($0.utf8) })
    let plain = TimeSeries(times: [0], names: ["\u{E9}", "e\u{301}"], columns: [[1], [2]])
    #expect(plain["\u{E9}"] == [1] && plain["e\u{301}"] == [2])
    #expect(plain.selecting(["e\u{301}"])["e\u{301}"] == [2])
    #expect(plain.setting("e\u{301}", to: [3])["\u{E9}"] == [1])
    let data = ForecastData(
      TimeSeries(
        times: (0..<40).map(Double.init), names: ["\u{E9}", "e\u{301}"],
        columns: [draw(40, seed: 1), draw(40, seed: 2)]), target: "e\u{301}", width: 3)
    #expect(data.training.targetColumn == 1)
  }
}
