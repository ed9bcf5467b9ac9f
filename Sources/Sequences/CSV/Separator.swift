// What the beginning of a file tells about what stands between its fields.

extension ByteBuffer {
  /// Moves behind the end of the line; false at the end of the file, or where the line is longer
  /// than it may be.
  mutating func skipLine(longest: Int) throws -> Bool {
    var end = place
    while true {
      while end < count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
      // After a CR there may be an LF.
      if end + 1 < count || (atEnd && end < count) {
        let pair = bytes[end] == 0x0D && end + 1 < count && bytes[end + 1] == 0x0A
        place = end + (pair ? 2 : 1)
        return true
      }
      if atEnd { place = count }
      guard !atEnd, unread <= longest else { return false }
      let seen = end - place
      try refill()
      end = place + seen
    }
  }

  /// A line `sep=;`, which spreadsheets write before all others: the character, and where the line
  /// ends.
  func separatorLine() -> (separator: Character, end: Int)? {
    let end = place + 5
    guard end <= count, starts(with: Array("sep=".utf8)),
      case let separator = Character(Unicode.Scalar(bytes[end - 1])),
      CSVFormat.separators.contains(separator) || "^~: ".contains(separator)
    else { return nil }
    if end == count { return atEnd ? (separator, end) : nil }
    guard bytes[end] == 0x0A || bytes[end] == 0x0D else { return nil }
    let pair = bytes[end] == 0x0D && end + 1 < count && bytes[end + 1] == 0x0A
    return (separator, end + (pair ? 2 : 1))
  }

  /// The character that makes all names stand in one of the first lines. Without names, or where
  /// none does: a comma if the first line has one, else what it has most of.
  func likelySeparator(_ format: CSVFormat, names: [String]) -> Character {
    let start = UnsafeBufferPointer(start: bytes + place, count: unread)
    func finds(_ names: [String], _ format: CSVFormat) throws -> Bool {
      var records = try RecordScanner(ByteBuffer(bytes: start), name: "", format: format)
      return try records.find(names)
    }
    var format = format
    format.skipRows = 0
    for separator in CSVFormat.separators where !names.isEmpty && separator != format.comment {
      format.sep = separator
      if (try? finds(names, format)) == true { return separator }
    }
    var counts = [Int](repeating: 0, count: CSVFormat.separators.count), isQuoted = false
    for byte in start.drop(while: { $0 == 0x0A || $0 == 0x0D }) {
      if byte == 0x22 { isQuoted.toggle() }
      if isQuoted { continue }
      if byte == 0x0A || byte == 0x0D { break }
      for (place, one) in CSVFormat.separators.enumerated() where one.asciiValue == byte {
        counts[place] += 1
      }
    }
    let most = counts[0] > 0 ? 0 : counts.indices.max { counts[$0] < counts[$1] }!
    return counts[most] > 0 ? CSVFormat.separators[most] : ","
  }
}
