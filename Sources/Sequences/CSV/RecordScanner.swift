import Foundation

/// Finds the records of a file of separated values and the fields in them: what `CSVReader` is
/// made of. It runs over every byte of a file, and so it is a value that nothing else shares.
struct RecordScanner: ~Copyable {
  let name: String
  /// The line the record just read begins at, from 1.
  private(set) var line = 0
  /// How many fields the record just read has.
  private(set) var fieldCount = 0

  private let longestLine: Int
  private let delimiter: UInt8
  private var input: ByteBuffer
  private var fields = FieldList()
  private var nextLine = 1
  /// How many line ends stand within quotes of the record just read.
  private var linesInQuotes = 0
  /// The line of a quote that has no end in what has been read so far.
  private var openQuoteLine: Int?

  init(_ input: consuming ByteBuffer, name: String, format: CSVFormat) throws {
    guard let delimiter = format.delimiter.asciiValue, format.decimalSeparator.asciiValue != nil
    else { wrongFormat(format) }
    (self.name, self.delimiter, longestLine) = (name, delimiter, format.longestLine)
    self.input = input
    try refill()
    if self.input.starts(with: [0xEF, 0xBB, 0xBF]) { self.input.place = 3 }
    if self.input.starts(with: [0xFF, 0xFE]) || self.input.starts(with: [0xFE, 0xFF]) {
      throw error("the file is UTF-16; save it as UTF-8", line: 1)
    }
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
        // An empty line is no record.
        if fieldCount == 1, bytes(0).isEmpty, !isQuoted(0) { continue }
        return true
      }
      if input.atEnd {
        guard let opened = openQuoteLine else { return false }
        throw error("the quote that is opened here is never closed", line: opened)
      }
      guard input.unread <= longestLine else {
        throw error("the line is longer than \(longestLine) bytes; is this a CSV file?")
      }
      try refill()
    }
  }

  private mutating func refill() throws {
    do { try input.refill() } catch { throw CSVError(file: name, problem: "\(error)") }
  }

  /// Finds the fields of the record that begins at the buffer's place: where the record ends, or
  /// nil if it may go on in what has not been read yet.
  private mutating func scan() throws -> Int? {
    let bytes = input.bytes, count = input.count, delimiter = delimiter
    let marks = Marks(delimiter)
    var list = fields.start, found = 0
    var start = input.place, end = start
    (linesInQuotes, openQuoteLine) = (0, nil)
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
  private func isQuoted(_ field: Int) -> Bool {
    let start = fields[field].start
    return start > 0 && input.bytes[start - 1] == quote
  }

  /// A field of the record just read, as text; without spaces around it if `trims`.
  func text(_ field: Int, trimmed trims: Bool = false) -> String {
    let bytes = trims ? trimmed(bytes(field)) : bytes(field)
    let text = String(decoding: bytes, as: UTF8.self)
    return isQuoted(field) ? text.replacingOccurrences(of: "\"\"", with: "\"") : text
  }

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

/// Finds what can end a field, delimiter, LF and CR, in eight bytes at a time.
private struct Marks {
  private let delimiters: UInt64

  init(_ delimiter: UInt8) { delimiters = Self.eight(delimiter) }

  /// The top bit of each byte that is one of the three; the first byte is the lowest.
  @inline(__always) func found(in bytes: UnsafePointer<UInt8>) -> UInt64 {
    let word = UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
    let others =
      Self.nonzero(word ^ delimiters) & Self.nonzero(word ^ Self.eight(lineEnd))
      & Self.nonzero(word ^ Self.eight(carriageReturn))
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

private func wrongFormat(_ format: CSVFormat) -> Never {
  fatalError(
    "CSVFormat: the delimiter \(format.delimiter) and the decimal separator "
      + "\(format.decimalSeparator) must be ASCII characters")
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
