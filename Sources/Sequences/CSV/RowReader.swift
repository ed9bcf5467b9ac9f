import Arrays

/// Collects the stamps and numbers of a CSV file's records.
struct RowReader {
  /// A field of every record, and the column of the series that it goes to.
  struct Column {
    let field, place: Int
  }

  private let stamps: StampReader
  private let columns: [Column]
  private var categories: [CategoryCoder]
  private let header: Header
  /// Whether stamps may come in any order.
  private let sorts: Bool
  private let numbers: NumberParser
  private(set) var times: [Double] = []
  private(set) var values: [[Double]]
  /// How many rows without a single value were passed over, and how many had fields without a
  /// name and a value behind the others.
  private var blankRows = 0, longRows = 0

  /// Columns at the `categories` hold words, all others numbers.
  init(
    stamps: StampReader, columns fields: [Int], categories: Set<Int>, header: Header,
    format: CSVFormat, sorts: Bool
  ) {
    (self.stamps, self.header, self.sorts) = (stamps, header, sorts)
    let all = fields.enumerated().map { Column(field: $1, place: $0) }
    columns = all.filter { !categories.contains($0.field) }
    self.categories = all.filter { categories.contains($0.field) }.map { CategoryCoder($0) }
    numbers = NumberParser(format)
    values = Array(repeating: [], count: fields.count)
  }

  /// The words of the columns of categories, by the columns' names.
  var words: NameTable<[String]> {
    var words = NameTable<[String]>()
    for coder in categories { words[header.names[coder.column.field]] = coder.words }
    return words
  }

  /// What the rows have otherwise than one might think.
  var notes: [String] {
    var notes: [String] = []
    if blankRows > 0 { notes.append("rows without any value: \(blankRows), passed over") }
    if longRows > 0 { notes.append("rows that end in a separator: \(longRows)") }
    return notes
  }

  /// Reads the records that follow, and first the one just read if `includesCurrent`.
  ///
  /// The numbers go into a block of a few hundred rows, column by column, and from there into the
  /// arrays: an array makes sure at every single `append` that it has no other owner.
  mutating func read(_ records: inout RecordScanner, includesCurrent: Bool) throws {
    let rows = max(8, min(512, (1 << 20) / max(1, values.count)))
    let block = UnsafeMutablePointer<Double>.allocate(capacity: values.count * rows)
    let stampBlock = UnsafeMutablePointer<Double>.allocate(capacity: rows)
    defer {
      block.deallocate()
      stampBlock.deallocate()
    }
    // Constants of this function need not be retained in every row.
    let stamps = stamps, columns = columns, numbers = numbers
    let width = header.names.count, quotesAreText = header.quotesAreText
    var last = -Double.infinity
    var more = try includesCurrent || records.next()
    while more {
      var row = 0
      let ahead = records.bytesAhead
      while more, row < rows {
        if records.fieldCount != width, try !isRow(records, width) {
          more = try records.next()
          continue
        }
        let stamp: Double
        do {
          stamp = try stamps.read(records, row: times.count + row, after: last)
        } catch {
          guard records.isBlank() else { throw error }
          blankRows += 1
          more = try records.next()
          continue
        }
        guard stamp > last || sorts else { throw disorder(stamp, last, records) }
        last = stamp
        stampBlock[row] = stamp
        for column in columns {
          guard let value = numbers.parse(records.bytes(column.field)) else {
            throw wrongNumber(column.field, records)
          }
          block[column.place &* rows &+ row] = value
        }
        for k in categories.indices {
          let column = categories[k].column
          let isMissing =
            numbers.isMissing(trimmed(records.bytes(column.field)))
            && !(quotesAreText && records.isQuoted(column.field))
          block[column.place * rows + row] =
            isMissing ? .nan : categories[k].code(of: records.title(column.field))
        }
        row += 1
        more = try records.next()
      }
      if times.isEmpty {
        // As many rows as the file has if all are about as long as these, and a few more.
        let bytes = Double(max(1, ahead - records.bytesAhead))
        reserve(rows: Int(min(1e6, Double(row + 2) * Double(ahead) / bytes)))
      }
      times.append(contentsOf: UnsafeBufferPointer(start: stampBlock, count: row))
      for place in values.indices {
        values[place].append(
          contentsOf: UnsafeBufferPointer(start: block + place * rows, count: row))
      }
    }
  }

  /// Whether a record that has not as many fields as the header is a row all the same: with nothing
  /// in those that it has more. False if it has nothing in any.
  private mutating func isRow(_ records: borrowing RecordScanner, _ width: Int) throws -> Bool {
    if records.isBlank() {
      blankRows += 1
      return false
    }
    guard records.fieldCount > width, records.isBlank(from: width) else {
      let count = records.fieldCount
      throw records.error(
        "\(count) \(count == 1 ? "field" : "fields"), where the header has \(width)")
    }
    longRows += 1
    return true
  }

  private func wrongNumber(_ field: Int, _ records: borrowing RecordScanner) -> CSVError {
    records.error(
      "\(shortened(records.text(field))) is no number" + numbers.hint(records.bytes(field)),
      column: header.names[field])
  }

  private mutating func reserve(rows: Int) {
    times.reserveCapacity(rows)
    for place in values.indices { values[place].reserveCapacity(rows) }
  }

  private func disorder(
    _ stamp: Double, _ last: Double, _ records: borrowing RecordScanner
  ) -> CSVError {
    records.error(
      stamp == last
        ? "the time \(stampText(stamp)) is that of the row before, too"
        : "the time \(stampText(stamp)) is earlier than that of the row before, "
          + "\(stampText(last))")
  }

  /// Puts the rows in the order of their stamps, with one row for each stamp.
  mutating func arrange(_ order: StampOrder) {
    switch order {
    case .ascending: return
    case .sorted where zip(times, times.dropFirst()).allSatisfy({ $0 < $1 }): return
    default: break
    }
    let rows = times.indices.sorted { (times[$0], $0) < (times[$1], $1) }
    var groups: [ArraySlice<Int>] = []
    var start = 0
    for end in 1..<rows.count + 1 where end == rows.count || times[rows[end]] != times[rows[start]]
    {
      groups.append(rows[start..<end])
      start = end
    }
    switch order {
    case .ascending: break
    case .sorted(let kept):
      let chosen = groups.map { kept == .first ? $0.first! : $0.last! }
      values = values.map { column in chosen.map { column[$0] } }
    case .aggregated(let aggregation):
      values = values.map { column in
        groups.map { rows in aggregation(rows.map { column[$0] }) }
      }
    }
    times = groups.map { times[$0.first!] }
  }
}

/// Gives the words of a column codes: 0, 1, 2, … in the order in which they appear.
private struct CategoryCoder {
  let column: RowReader.Column
  private(set) var words: [String] = []
  private var codes: [ExactName: Double] = [:]

  init(_ column: RowReader.Column) { self.column = column }

  mutating func code(of word: String) -> Double {
    if let code = codes[ExactName(word)] { return code }
    let code = Double(words.count)
    words.append(word)
    codes[ExactName(word)] = code
    return code
  }
}

/// A field as it stands in a message: quoted, and not all of it if it is long.
func shortened(_ text: String) -> String {
  text.count <= 40 ? text.debugDescription : text.prefix(40).debugDescription + " …"
}
