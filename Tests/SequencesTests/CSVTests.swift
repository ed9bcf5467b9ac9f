import Arrays
import Foundation
import Sequences
import TestSupport
import Testing

/// A file of the given text in a folder of its own, which is gone after `body`.
@discardableResult
func withFile<R>(
  _ bytes: [UInt8], name: String = "data.csv", _ body: (URL) throws -> R
) throws -> R { try withTemporaryFile(bytes, name: name, body) }

/// The records of a CSV text as lists of texts.
func records(_ text: String, format: CSVFormat = CSVFormat()) throws -> [[String]] {
  let reader = try CSVReader(text: text, format: format)
  var records: [[String]] = []
  while try reader.next() { records.append((0..<reader.fieldCount).map { reader.text($0) }) }
  return records
}

struct CSVReaderTests {
  @Test func `quotes hold delimiters, quotes and line ends`() throws {
    let text = "a,\"b,c\",\"d \"\"e\"\"\"\r\n\"f\ng\",,\"\"\n"
    #expect(try records(text) == [["a", "b,c", "d \"e\""], ["f\ng", "", ""]])
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func `line ends, and none after the last line`(end: String) throws {
    for last in ["", end] {
      let text = ["a,b", "1,2", "3,4"].joined(separator: end) + last
      #expect(try records(text) == [["a", "b"], ["1", "2"], ["3", "4"]])
    }
    #expect(try records("a,b" + end + end + "1,") == [["a", "b"], ["1", ""]])
  }

  @Test func `lines are counted through quotes, empty lines and a byte order mark`() throws {
    let reader = try CSVReader(text: "\u{FEFF}a,b\n\n\"x\r\ny\nz\",1\r\nlast,2")
    var lines: [Int] = []
    #expect(try reader.next())
    #expect(reader.text(0) == "a")
    lines.append(reader.line)
    while try reader.next() { lines.append(reader.line) }
    #expect(lines == [1, 3, 6])
  }

  @Test func `other delimiters and Unicode`() throws {
    #expect(
      try records("città;東京\n1;2", format: CSVFormat(sep: ";")) == [
        ["città", "東京"], ["1", "2"],
      ])
    #expect(try records("a\tb", format: CSVFormat(sep: "\t")) == [["a", "b"]])
  }

  @Test func `text after a closing quote and an open quote name their line`() {
    #expect(
      throws: CSVError(
        file: "text", line: 2, problem: "field 2 goes on after its closing quote")
    ) { try records("a,b\n1,\"2\" x\n") }
    #expect(
      throws: CSVError(
        file: "text", line: 3, problem: "the quote that is opened here is never closed")
    ) { try records("a,b\n1,2\n3,\"4\n5,6\n") }
  }

  /// Pieces of a file end anywhere: every record must be the same wherever they do.
  @Test func `records that lie across the pieces of a file`() throws {
    var text = ""
    var expected: [[String]] = []
    for row in 0..<40_000 {
      let long = String(repeating: "x", count: row % 97)
      text += "\(row),\"\(long)\"\"\n\",\(long)\r\n"
      expected.append(["\(row)", long + "\"\n", long])
    }
    try withFile(Array(text.utf8)) { file in
      let reader = try CSVReader(file)
      var row = 0
      while try reader.next() {
        guard (0..<reader.fieldCount).map({ reader.text($0) }) == expected[row] else {
          Issue.record("row \(row)")
          return
        }
        row += 1
      }
      #expect(row == 40_000)
    }
  }

  /// Fields of every length, so that their ends fall on every place of the eight bytes that are
  /// looked at together, in one piece of memory and in the pieces of a file.
  @Test(arguments: [("\n", ","), ("\r\n", ";"), ("\r", "\t")])
  func `fields of any length`(end: String, delimiter: String) throws {
    let generator = Generator(seed: 7)
    // Also bytes that differ from a delimiter or line end by one bit.
    let letters = Array("ab -+.0\u{0B}\u{0C}\u{8D}\u{10A}*|京")
    func field() -> String {
      let length = Int(generator.uniform() * 20)
      return String(
        (0..<length).map { _ in letters[Int(generator.uniform() * Double(letters.count))] })
    }
    let expected = (0..<2000).map { _ in
      (0...Int(generator.uniform() * 80)).map { _ in field() }
    }.filter { $0 != [""] }
    let text = expected.map { $0.joined(separator: delimiter) }.joined(separator: end)
    let format = CSVFormat(sep: Character(delimiter))
    #expect(try records(text, format: format) == expected)
    try withFile(Array((text + end).utf8)) { file in
      let reader = try CSVReader(file, format: format)
      var found: [[String]] = []
      while try reader.next() { found.append((0..<reader.fieldCount).map { reader.text($0) }) }
      #expect(found == expected)
    }
  }

  @Test func `one gigabyte of a single line is refused, not read`() async {
    await #expect(processExitsWith: .success) {
      /// The bytes that this process, which does nothing else, has read so far.
      func bytesRead() throws -> Int {
        let counts = try String(contentsOfFile: "/proc/self/io", encoding: .utf8)
        return counts.firstMatch(of: #/rchar: (\d+)/#).flatMap { Int($0.1) } ?? 0
      }
      try withFile([]) { file in
        let handle = try FileHandle(forWritingTo: file)
        try handle.truncate(atOffset: 1 << 30)  // zeros that take no room on the disk
        try handle.close()
        let before = try bytesRead()
        #expect(
          throws: CSVError(
            file: "data.csv", line: 1,
            problem: "the line is longer than 1048576 bytes; is this a CSV file?")
        ) { try TimeSeries(csv: file, time: .column("time")) }
        if try bytesRead() - before > 16 << 20 { exit(1) }
      }
    }
  }

  @Test func `a file that is not there and a folder are named`() throws {
    try withFile([]) { file in
      let missing = file.deletingLastPathComponent().appendingPathComponent("x.csv")
      #expect(throws: CSVError(file: missing.path, problem: "No such file or directory")) {
        try CSVReader(missing)
      }
      #expect(throws: CSVError(file: file.deletingLastPathComponent().path, problem: "is a folder"))
      {
        try CSVReader(file.deletingLastPathComponent())
      }
    }
  }

  @Test func `numbers are read as strtod reads them`() throws {
    let texts =
      ["0", "-0", "1", "-1.5", "+2", ".5", "5.", "1e3", "1E-3", "123456789012345678", "1e22"]
      + [
        "0.1", "1e23", "4.9e-324", "1.7976931348623157e308", "0.30000000000000004",
        "9007199254740993",
      ]
      + (0..<500).map { "\(draw(1, seed: UInt64($0), in: -1e6...1e6)[0])" }
      + (0..<500).map { "\(draw(1, seed: UInt64($0))[0])e\($0 % 80 - 40)" }
    let format = CSVFormat(header: nil)
    let series = try TimeSeries(
      csvText: texts.joined(separator: "\n"), time: .rows(every: .seconds(1)), format: format)
    for (text, value) in zip(texts, series["1"]) {
      #expect(value.bitPattern == strtod(text, nil).bitPattern, "\(text)")
    }
    // Whole numbers of every length, and what is one but for a single byte.
    for length in 1...20 {
      let digits = Array("13579246801357924680".utf8.prefix(length))
      for sign in ["", "-", "+"] {
        let text = sign + String(decoding: digits, as: UTF8.self)
        let series = try TimeSeries(
          csvText: "9\n" + text, time: .rows(every: .seconds(1)), format: format)
        #expect(series["1"] == [9, strtod(text, nil)])
        for place in digits.indices {
          for wrong in ["/", ":", "p", "\u{00}", "é"] {
            let broken =
              sign + String(decoding: digits[..<place], as: UTF8.self) + wrong
              + String(decoding: digits[(place + 1)...], as: UTF8.self)
            #expect(throws: CSVError.self, "\(broken)") {
              try TimeSeries(
                csvText: broken, time: .rows(every: .seconds(1)), format: format)
            }
          }
        }
      }
    }
    for wrong in ["abc", "1 2", "--1", "1e", ".", "-", "0x10", "1,5", "1e999", "１"] {
      #expect(throws: CSVError.self, "\(wrong)") {
        try TimeSeries(
          csvText: "\"\(wrong)\"", time: .rows(every: .seconds(1)), format: format)
      }
    }
  }
}
