import Arrays

import Foundation

/// Finds the records of a file of separated values and the fields in them: what `CSVReader` is
/// made of. It runs over every byte of a file, and so it is a value that nothing else shares.
struct RecordScanner: ~Copyable {
  let name: String
  /// The line the record just read begins at, from 1.
  private(set) var line = 0
  /// How many fields the record just read has.
  private(set) var fieldCount = 0
  /// What stands between fields.
  let separator: Character
  /// The columns' names, for errors, once they are known.
  var header: [String] = []

  private let longestLine: Int
  private let delimiter: UInt8
  private let comment: UInt8?
  private var input: ByteBuffer
  private var fields = FieldList()
  private var nextLine = 1
  /// How many line ends stand within quotes of the record just read.
  private var linesInQuotes = 0
  /// The line of a quote that has no end in what has been read so far.
  private var openQuoteLine: Int?
  /// Whether a comment follows the last field of the record just read.
  private var endsInComment = false

  /// `names` are asked for and stand in the header: where nothing says what is between fields, they
  /// do.
  init(
    _ input: consuming ByteBuffer, name: String, format: CSVFormat, names: [String] = []
  ) throws {
    let (lines, separator) = try Self.begin(&input, name, format, names)
    self.name = name
    self.separator = separator
    longestLine = format.longestLine
    delimiter = separator.asciiValue!
    comment = format.comment?.asciiValue
    nextLine = 1 + lines
    self.input = input
  }

  /// Moves to the first line that counts: how many lines stand before it, and what is between fields.
  private static func begin(
    _ input: inout ByteBuffer, _ name: String, _ format: CSVFormat, _ names: [String]
  ) throws -> (lines: Int, separator: Character) {
    format.check()
    var lines = 0
    do {
      if input.unread == 0 { try input.refill() }
      if input.starts(with: [0xEF, 0xBB, 0xBF]) { input.place += 3 }
      for _ in 0..<format.skipRows where try input.skipLine(longest: format.longestLine) {
        lines += 1
      }
    } catch {
      throw CSVError(file: name, problem: "\(error)")
    }
    let told = input.separatorLine()
    if let told {
      input.place = told.end
      lines += 1
    }
    return (
      lines, format.sep ?? told?.separator ?? input.likelySeparator(format, names: names)
    )
  }

  /// What was found out though the format does not say it.
  func notes(_ format: CSVFormat) -> [String] {
    var notes: [String] = []
    if format.encoding == nil, input.encoding != "utf-8" {
      notes.append("the file is \(input.encoding), as the mark at its beginning says")
    }
    if format.sep == nil, separator != "," {
      notes.append("between fields stands \(String(separator).debugDescription)")
    }
    return notes
  }

  /// How many bytes are still to be read, as far as one knows.
  var bytesAhead: Int { input.bytesAhead }

  /// An error about the record just read, or about a field of it.
  func error(_ problem: String, column: String? = nil) -> CSVError {
    error(problem, line: line, column: column)
  }

  private func error(_ problem: String, line: Int, column: String? = nil) -> CSVError {
    CSVError(file: name, line: line, column: column, problem: problem)
  }

  /// Reads the next record. False at the end of the file.
  mutating func next() throws -> Bool {
    while true {
      line = nextLine
      if let end = try scan() {
        input.place = end
        nextLine += 1 + linesInQuotes
        if end > input.undecodable { throw undecodable() }
        // An empty line is no record, nor is one of nothing but a comment.
        if fieldCount == 1, !isQuoted(0) {
          if bytes(0).isEmpty || (endsInComment && trimmed(bytes(0)).isEmpty) { continue }
        }
        return true
      }
      if input.atEnd {
        if input.undecodable != Int.max { throw undecodable() }
        guard let opened = openQuoteLine else { return false }
        throw error("the quote that is opened here is never closed", line: opened)
      }
      guard input.unread <= longestLine else {
        throw error("the line is longer than \(longestLine) bytes; is this a CSV file?")
      }
      try refill()
    }
  }

  /// Reads on to a record that has all the names, which is one of the next hundred; false if none
  /// has.
  mutating func find(_ names: [String]) throws -> Bool {
    let names = Set(names.map(ExactName.init))
    for _ in 0..<100 {
      guard try next() else { return false }
      if fieldCount >= names.count,
        names.isSubset(of: (0..<fieldCount).map { ExactName(title($0)) })
      {
        return true
      }
    }
    return false
  }

  /// Says which field cannot be decoded.
  private func undecodable() -> CSVError {
    var place = 0
    while place + 1 < fieldCount, fields[place + 1].start <= input.undecodable { place += 1 }
    return error(input.problem, column: columnName(place))
  }

  /// A column's name, or its number if names are not known.
  func columnName(_ field: Int) -> String {
    header.indices.contains(field) ? header[field] : "\(field + 1)"
  }

  private mutating func refill() throws {
    do { try input.refill() } catch { throw CSVError(file: name, problem: "\(error)") }
  }

  /// Finds the fields of the record that begins at the buffer's place: where the record ends, or
  /// nil if it may go on in what has not been read yet.
  private mutating func scan() throws -> Int? {
    let bytes = input.bytes, count = input.count, delimiter = delimiter
    let comment = comment, marks = Marks(delimiter, comment)
    var list = fields.start, found = 0
    var start = input.place, end = start
    (linesInQuotes, openQuoteLine, endsInComment) = (0, nil, false)
    if start == count { return nil }
    // The eight bytes that are looked at, and those of them that can end a field.
    var place = start
    var ends = marks.found(in: bytes + place)
    while true {
      var closing = -1
      if start < count, bytes[start] == quote {
        start &+= 1
        closing = closingQuote(from: start)
        guard closing >= 0 else { return nil }
        place = closing + 1
        ends = marks.found(in: bytes + place)
      }
      while ends == 0, place &+ 8 < count {
        place &+= 8
        ends = marks.found(in: bytes + place)
      }
      end = min(count, place &+ ends.trailingZeroBitCount / 8)
      ends &= ends &- 1
      if found == fields.capacity { list = fields.grow() }
      list[found] = Field(start: start, end: closing < 0 ? end : closing)
      found &+= 1
      if closing >= 0, end > closing + 1 {
        throw error("field \(found) goes on after its closing quote", line: line + linesInQuotes)
      }
      guard end < count, bytes[end] == delimiter else { break }
      start = end &+ 1
    }
    fieldCount = found
    if let comment, end < count, bytes[end] == comment {
      endsInComment = true
      while end < count, bytes[end] != lineEnd, bytes[end] != carriageReturn { end &+= 1 }
    }
    // Where the bytes end the record may go on, unless the file ends there too.
    if end == count { return input.atEnd ? end : nil }
    let next = end + 1
    if bytes[end] == lineEnd { return next }
    if next == count { return input.atEnd ? next : nil }
    return bytes[next] == lineEnd ? next + 1 : next
  }

  /// Where the closing quote of a field stands whose text begins at `start`; the lines that end
  /// before it are counted. −1 if it is not in what has been read.
  private mutating func closingQuote(from start: Int) -> Int {
    let bytes = input.bytes, count = input.count
    openQuoteLine = line + linesInQuotes
    var i = start
    while i < count {
      let byte = bytes[i], next = i + 1 < count ? bytes[i + 1] : 0
      if byte == quote {
        if i + 1 == count, !input.atEnd { return -1 }
        guard next == quote else {
          openQuoteLine = nil
          return i
        }
        i += 1
      } else if byte == lineEnd || (byte == carriageReturn && next != lineEnd) {
        linesInQuotes += 1
      }
      i += 1
    }
    return -1
  }

  /// Whether a field of the record just read stands in quotes. What stands before one that does
  /// not is a delimiter, a line end, a byte order mark or nothing.
  func isQuoted(_ field: Int) -> Bool {
    let start = fields[field].start
    return start > 0 && input.bytes[start - 1] == quote
  }

  /// A field of the record just read, as text.
  func text(_ field: Int) -> String {
    guard isQuoted(field) else { return String(decoding: bytes(field), as: UTF8.self) }
    // Of two quotes one is meant.
    var isFirst = false
    let text = bytes(field).filter { byte in
      isFirst = byte == quote && !isFirst
      return byte != quote || isFirst
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// A field as a name or word: without spaces around it, unless it stands in quotes.
  func title(_ field: Int) -> String {
    isQuoted(field) ? text(field) : String(decoding: trimmed(bytes(field)), as: UTF8.self)
  }

  /// Whether the fields from one on hold nothing.
  func isBlank(from first: Int = 0) -> Bool {
    (first..<fieldCount).allSatisfy { isBlank($0) }
  }

  /// Whether a field holds nothing.
  func isBlank(_ field: Int) -> Bool { trimmed(bytes(field)).isEmpty && !isQuoted(field) }

  /// The bytes of a field of the record just read, quotes in it still doubled; valid until the next
  /// one is. Eight bytes behind them may be read.
  @inline(__always) func bytes(_ field: Int) -> UnsafeBufferPointer<UInt8> {
    guard field < fieldCount else { noField(field, fieldCount, name, line) }
    let place = fields[field]
    return UnsafeBufferPointer(start: input.bytes + place.start, count: place.end &- place.start)
  }
}

private let lineEnd: UInt8 = 0x0A
private let carriageReturn: UInt8 = 0x0D
private let quote: UInt8 = 0x22

/// Finds what can end a field, delimiter, LF, CR and what begins a comment, in eight bytes at a time.
private struct Marks {
  private let delimiters: UInt64
  private let comments: UInt64?

  init(_ delimiter: UInt8, _ comment: UInt8?) {
    delimiters = Self.eight(delimiter)
    comments = comment.map(Self.eight)
  }

  /// The top bit of each byte that is one of them; the first byte is the lowest.
  @inline(__always) func found(in bytes: UnsafePointer<UInt8>) -> UInt64 {
    let word = UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
    var others =
      Self.nonzero(word ^ delimiters) & Self.nonzero(word ^ Self.eight(lineEnd))
      & Self.nonzero(word ^ Self.eight(carriageReturn))
    if let comments { others &= Self.nonzero(word ^ comments) }
    return ~others & Self.eight(0x80)
  }

  /// The top bit of each byte that is not zero: adding 0x7F carries into it from any other bit.
  @inline(__always) private static func nonzero(_ word: UInt64) -> UInt64 {
    ((word & eight(0x7F)) &+ eight(0x7F)) | word
  }

  @inline(__always) private static func eight(_ byte: UInt8) -> UInt64 {
    UInt64(byte) &* 0x0101_0101_0101_0101
  }
}

private func noField(_ field: Int, _ count: Int, _ name: String, _ line: Int) -> Never {
  fatalError("CSVReader: field \(field) of \(count) in line \(line) of \(name)")
}

/// Where a field lies in the buffer, without its quotes.
private struct Field {
  let start, end: Int
}

/// The fields of a record, in memory that is used again for the next.
private struct FieldList: ~Copyable {
  private(set) var start = UnsafeMutablePointer<Field>.allocate(capacity: 64)
  private(set) var capacity = 64

  deinit { start.deallocate() }

  subscript(place: Int) -> Field { start[place] }

  /// Makes room for as many fields again; they lie elsewhere then.
  @inline(never) mutating func grow() -> UnsafeMutablePointer<Field> {
    let larger = UnsafeMutablePointer<Field>.allocate(capacity: 2 * capacity)
    larger.update(from: start, count: capacity)
    start.deallocate()
    (start, capacity) = (larger, 2 * capacity)
    return start
  }
}
