/// Collects the stamps and numbers of a CSV file's records.
struct RowReader {
  /// A field of every record, and the column of the series that it goes to.
  struct Column {
    let field, place: Int
  }

  private let stamps: StampReader
  private let columns: [Column]
  private var categories: [CategoryCoder]
  private let header: [String]
  /// Whether stamps may come in any order.
  private let sorts: Bool
  private let numbers: NumberParser
  private(set) var times: [Double] = []
  private(set) var values: [[Double]]

  /// Columns at the `categories` hold words, all others numbers.
  init(
    stamps: StampReader, columns fields: [Int], categories: Set<Int>, header: [String],
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
  var words: [String: [String]] {
    Dictionary(uniqueKeysWithValues: categories.map { (header[$0.column.field], $0.words) })
  }

  /// Reads the records that follow, and first the one just read if `includesCurrent`.
  ///
  /// The numbers go into a block of a few hundred rows, column by column, and from there into the
  /// arrays: an array makes sure at every single `append` that it has no other owner.
  mutating func read(_ records: inout RecordScanner, includesCurrent: Bool) throws {
    let rows = 512
    let block = UnsafeMutablePointer<Double>.allocate(capacity: values.count * rows)
    let stampBlock = UnsafeMutablePointer<Double>.allocate(capacity: rows)
    defer {
      block.deallocate()
      stampBlock.deallocate()
    }
    let stamps = stamps
    var last = -Double.infinity
    var more = try includesCurrent || records.next()
    while more {
      var row = 0
      let ahead = records.bytesAhead
      while more, row < rows {
        guard records.fieldCount == header.count else {
          throw records.error(
            "\(records.fieldCount) fields, where the first line has \(header.count)")
        }
        let stamp = try stamps.read(records, row: times.count + row)
        guard stamp > last || sorts else { throw disorder(stamp, last, records) }
        last = stamp
        stampBlock[row] = stamp
        for column in columns {
          guard let value = numbers.parse(records.bytes(column.field)) else {
            throw records.error(
              "\(shortened(records.text(column.field))) is no number",
              column: header[column.field])
          }
          block[column.place &* rows &+ row] = value
        }
        for k in categories.indices {
          let column = categories[k].column
          let word = records.text(column.field, trimmed: true)
          block[column.place * rows + row] =
            numbers.isMissing(word.utf8) ? .nan : categories[k].code(of: word)
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

  private mutating func reserve(rows: Int) {
    times.reserveCapacity(rows)
    for place in values.indices { values[place].reserveCapacity(rows) }
  }

  private func disorder(
    _ stamp: Double, _ last: Double, _ records: borrowing RecordScanner
  ) -> CSVError {
    records.error(
      stamp == last
        ? "the time \(CivilTime(stamp: stamp)) is that of the row before, too"
        : "the time \(CivilTime(stamp: stamp)) is earlier than that of the row before, "
          + "\(CivilTime(stamp: last))")
  }

  /// Puts the rows in the order of their stamps, with one row for each stamp.
  mutating func sort(keeping kept: StampOrder.Kept) {
    let order = times.indices.sorted { (times[$0], $0) < (times[$1], $1) }
    var rows: [Int] = []
    for row in order {
      if let last = rows.last, times[last] == times[row] {
        if case .last = kept { rows[rows.count - 1] = row }
      } else {
        rows.append(row)
      }
    }
    times = rows.map { times[$0] }
    values = values.map { column in rows.map { column[$0] } }
  }
}

/// Gives the words of a column codes: 0, 1, 2, … in the order in which they appear.
private struct CategoryCoder {
  let column: RowReader.Column
  private(set) var words: [String] = []
  private var codes: [String: Double] = [:]

  init(_ column: RowReader.Column) { self.column = column }

  mutating func code(of word: String) -> Double {
    if let code = codes[word] { return code }
    words.append(word)
    codes[word] = Double(codes.count)
    return codes[word]!
  }
}

/// A field as it stands in a message: quoted, and not all of it if it is long.
func shortened(_ text: String) -> String {
  text.count <= 40 ? text.debugDescription : text.prefix(40).debugDescription + " …"
}
