import Arrays
import Testing

/// Names that a reader sees alike and that bytes tell apart: é in one scalar and in two, the Hangul
/// syllable 한 and its letters, Å and the sign for ångström.
private let alike = [
  "\u{E9}", "e\u{301}", "\u{D55C}", "\u{1112}\u{1161}\u{11AB}", "\u{C5}", "\u{212B}",
]

struct NameTableTests {
  @Test func `names are one only if their scalars are`() {
    var table = NameTable<Int>()
    for (number, name) in alike.enumerated() { table[name] = number }
    #expect(table.count == 6 && table.keys.exactlySorted().count == 6)
    for (number, name) in alike.enumerated() { #expect(table[name] == number) }
    #expect(table.filter { $0.key.unicodeScalars.count > 1 }.count == 2)
    #expect(table.removeValue(forKey: alike[0]) == 0)
    #expect(table[alike[0]] == nil && table[alike[1]] == 1 && table.count == 5)
    table[alike[1], default: 0] += 10
    #expect(table[alike[1]] == 11)
    #expect(NameTable(["\u{E9}": 1]) != NameTable(["e\u{301}": 1]))
  }

  @Test func `used as a dictionary`() {
    var table: NameTable = ["b": 2, "a": 1]
    #expect(table.description == #"["a": 1, "b": 2]"#)
    #expect(table == NameTable(["a": 1, "b": 2] as [String: Int]))
    #expect(table.mapValues { $0 * 2 } == ["a": 2, "b": 4])
    #expect(table.merging(["a": 5, "c": 3], uniquingKeysWith: +) == ["a": 6, "b": 2, "c": 3])
    table.merge([("b", 1)], uniquingKeysWith: +)
    #expect(Set(table.keys) == ["a", "b"] && table.values.sorted() == [1, 3])
    #expect(NameTable(uniqueKeysWithValues: table.map { ($0 + "_l0", $1) })["b_l0"] == 3)
    table["a"] = nil
    #expect(Array(table).map(\.key) == ["b"] && !table.isEmpty)
  }

  @Test func `in the order of Python's sorted`() {
    // sorted(["\u00e9", "e\u0301", "f", "e", "z", "\U0001F600", "\uffee"])
    #expect(
      ["\u{E9}", "e\u{301}", "f", "e", "z", "\u{1F600}", "\u{FFEE}"].exactlySorted()
        .map { Array($0.unicodeScalars).map(\.value) }
        == [[0x65], [0x65, 0x301], [0x66], [0x7A], [0xE9], [0xFFEE], [0x1F600]])
  }

  @Test func `a name given twice stops with a sentence`() async {
    await #expect(processExitsWith: .failure) {
      _ = NameTable(uniqueKeysWithValues: [("a", 1), ("a", 2)])
    }
  }
}

struct JSONTests {
  func object(_ text: String) throws -> [(name: String, value: JSON)] {
    guard case .object(let members) = try JSON(text.utf8) else { return [] }
    return members
  }

  @Test func `objects keep their names, order and numbers`() throws {
    let members = try object(
      "{\"\u{E9}\":1,\"e\u{301}\":[-2, 3.0, 1e2],\"a\\u0301\\n\\ud83d\\ude00\":{} , \"\u{E9}\":null} \n"
    )
    #expect(
      members.map { Array($0.name.unicodeScalars).map(\.value) } == [
        [0xE9], [0x65, 0x301], [0x61, 0x301, 10, 0x1F600], [0xE9],
      ])
    if case .array(let list) = members[1].value {
      #expect(list.map(\.int) == [-2, 3, 100])
    } else {
      Issue.record("no list")
    }
    #expect(members[0].value.int == 1 && members[2].value.int == nil)
    for (number, name) in ["9223372036854775808", "1e300", "-1e-5", "1.5"].enumerated() {
      #expect(try JSON(name.utf8).int == nil, "\(number)")
    }
    #expect(try JSON("9223372036854775807".utf8).int == .max)
  }

  @Test func `what is quoted is read back`() throws {
    let text = String(String.UnicodeScalarView((0..<0x500).compactMap { Unicode.Scalar($0) }))
    #expect(try JSON(JSON.quoted(text).utf8).string?.isExactly(text) == true)
  }

  @Test(arguments: [
    "", "{", "[1", "[1,]", "{\"a\"}", "{\"a\":}", "{a:1}", "[1e-]", "01", "1.", "-", "+1", "tru",
    "\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\n\"", "1 2", "nul",
  ])
  func `what is no JSON is refused`(text: String) {
    #expect(throws: JSON.Failure.self) { try JSON(text.utf8) }
  }

  @Test func `broken UTF-8 and deep nesting are refused`() {
    #expect(throws: JSON.Failure.self) { try JSON([0x22, 0xC3, 0x22]) }
    #expect(throws: JSON.Failure.self) { try JSON([0x22, 0xED, 0xA0, 0x80, 0x22]) }
    let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
    #expect(throws: JSON.Failure.self) { try JSON(deep.utf8) }
  }
}
