import Foundation

/// Reads separated values (RFC 4180) line by line: quoted fields with delimiters, quotes and line
/// ends in them; lines that end in LF, CRLF or CR; a byte order mark; no line end after the last.
/// Empty lines are passed over.
///
///     let reader = try CSVReader(file)
///     while try reader.next() { print(reader.line, reader.text(0)) }
///
/// Works on bytes and reads the file piece by piece. SwiftCSV, the usual library, takes a whole
/// file as a `String`, gives no line with its errors, and is more than ten times slower on the
/// Beijing file than pandas; this reader is about as fast.
public final class CSVReader {
  /// The file's name, for errors.
  public let name: String
  /// The line the record just read begins at, from 1.
  public private(set) var line = 0
  /// How many fields the record just read has.
  public private(set) var fieldCount = 0

  private let format: CSVFormat
  private let delimiter: UInt8
  private let input: ByteBuffer
  private var fields = FieldList()
  private var nextLine = 1
  /// Whether any field of the record just read stood in quotes.
  private var wasQuoted = false
  /// The line of a quote that has no end in what has been read so far.
  private var openQuoteLine: Int?

  /// Opens a file. Throws `CSVError` if there is none or it cannot be read.
  public convenience init(_ file: URL, format: CSVFormat = CSVFormat()) throws {
    try self.init(input: ByteBuffer(file: file), name: file.lastPathComponent, format: format)
  }

  /// Reads what stands in a string.
  public convenience init(text: String, name: String = "text", format: CSVFormat = CSVFormat())
    throws
  {
    try self.init(input: ByteBuffer(bytes: Array(text.utf8)), name: name, format: format)
  }

  init(input: ByteBuffer, name: String, format: CSVFormat) throws {
    guard let delimiter = format.delimiter.asciiValue, format.decimalSeparator.asciiValue != nil
    else { wrongFormat(format) }
    (self.input, self.name, self.format, self.delimiter) = (input, name, format, delimiter)
    try refill()
    if input.starts(with: [0xEF, 0xBB, 0xBF]) { input.place = 3 }
    if input.starts(with: [0xFF, 0xFE]) || input.starts(with: [0xFE, 0xFF]) {
      throw error("the file is UTF-16; save it as UTF-8", line: 1)
    }
  }

  deinit { fields.deallocate() }

  /// An error about the record just read, or about a field of it.
  public func error(_ problem: String, column: String? = nil) -> CSVError {
    error(problem, line: line, column: column)
  }

  private func error(_ problem: String, line: Int, column: String? = nil) -> CSVError {
    CSVError(file: name, line: line, column: column, problem: problem)
  }

  /// Reads the next record. False at the end of the file.
  public func next() throws -> Bool {
    while true {
      line = nextLine
      if let record = try scan() {
        input.place = record.end
        nextLine += record.lines
        // An empty line is no record.
        if fieldCount == 1, fields[0].start == fields[0].end, !wasQuoted { continue }
        return true
      }
      if input.atEnd {
        guard let opened = openQuoteLine else { return false }
        throw error("the quote that is opened here is never closed", line: opened)
      }
      guard input.unread <= format.longestLine else {
        throw error("the line is longer than \(format.longestLine) bytes; is this a CSV file?")
      }
      try refill()
    }
  }

  private func refill() throws {
    do { try input.refill() } catch { throw CSVError(file: name, problem: "\(error)") }
  }

  /// Finds the fields of the record that begins at the buffer's place: where it ends and how many
  /// lines it takes, or nil if it may go on in what has not been read yet.
  private func scan() throws -> (end: Int, lines: Int)? {
    // Everything the loop looks at is local: it runs for every byte of a file.
    let bytes = input.bytes, count = input.count, atEnd = input.atEnd, delimiter = delimiter
    let lineEnd = UInt8(0x0A), carriageReturn = UInt8(0x0D), quote = UInt8(0x22)
    var fields = fields
    var i = input.place, lines = 1, found = 0, quoted = false
    openQuoteLine = nil
    if i == count { return nil }
    defer {
      self.fields = fields
      fieldCount = found
      wasQuoted = quoted
    }
    while true {
      var field = Field(start: i, end: i)
      if i < count, bytes[i] == quote {
        quoted = true
        openQuoteLine = line + lines - 1
        i += 1
        field.start = i
        while true {
          guard i < count else { return nil }
          let byte = bytes[i], next = i + 1 < count ? bytes[i + 1] : 0
          if byte == quote {
            if i + 1 == count, !atEnd { return nil }
            guard next == quote else { break }
            field.hasEscapes = true
            i += 1
          } else if byte == lineEnd || (byte == carriageReturn && next != lineEnd) {
            lines += 1
          }
          i += 1
        }
        openQuoteLine = nil
        field.end = i
        i += 1
        guard
          i == count || bytes[i] == delimiter || bytes[i] == lineEnd
            || bytes[i] == carriageReturn
        else {
          throw error("field \(found + 1) goes on after its closing quote", line: line + lines - 1)
        }
      } else {
        while i < count {
          let byte = bytes[i]
          if byte == delimiter || byte == lineEnd || byte == carriageReturn { break }
          i &+= 1
        }
        field.end = i
      }
      fields.set(found, field)
      found += 1
      // Where the bytes end the field may go on, unless the file ends there too.
      guard i < count else { return atEnd ? (i, lines) : nil }
      let byte = bytes[i]
      i += 1
      if byte == lineEnd { return (i, lines) }
      if byte == carriageReturn {
        if i == count { return atEnd ? (i, lines) : nil }
        return (bytes[i] == lineEnd ? i + 1 : i, lines)
      }
    }
  }

  /// A field of the record just read, as text.
  public func text(_ field: Int) -> String {
    let text = String(decoding: bytes(field), as: UTF8.self)
    return fields[field].hasEscapes ? text.replacingOccurrences(of: "\"\"", with: "\"") : text
  }

  /// The bytes of a field of the record just read; valid until the next one is.
  func bytes(_ field: Int) -> UnsafeBufferPointer<UInt8> {
    guard field < fieldCount else { noField(field, fieldCount, name, line) }
    let place = fields[field]
    return UnsafeBufferPointer(start: input.bytes + place.start, count: place.end - place.start)
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
  var start, end: Int
  /// Whether quotes in it are written twice.
  var hasEscapes = false
}

/// The fields of a record, in memory that is used again for the next and must be given back.
private struct FieldList {
  private var fields = UnsafeMutablePointer<Field>.allocate(capacity: 64)
  private var capacity = 64

  func deallocate() { fields.deallocate() }

  subscript(place: Int) -> Field { fields[place] }

  @inline(__always) mutating func set(_ place: Int, _ field: Field) {
    if place == capacity { grow() }
    fields[place] = field
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<Field>.allocate(capacity: 2 * capacity)
    larger.update(from: fields, count: capacity)
    fields.deallocate()
    (fields, capacity) = (larger, 2 * capacity)
  }
}
