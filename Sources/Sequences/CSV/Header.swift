import Arrays

/// The columns' names in a file, and where they stand.
struct Header {
  let names: [String]
  /// What the file has otherwise than one might think.
  private(set) var notes: [String] = []
  /// Whether a field in quotes is text whatever it holds. In a file that puts names into quotes which
  /// need none, quotes say nothing.
  private(set) var quotesAreText = true
  private var places: [ExactName: [Int]] = [:]
  private let line: Int

  /// Reads the records up to the header, or up to the first if there is none. `asked` are names that
  /// stand in the header; when the first record has not all of them and another soon after it has,
  /// that one is the header.
  init(_ records: inout RecordScanner, format: CSVFormat, asked: [String]) throws {
    for row in 0...(format.header ?? 0) {
      guard try records.next() else {
        throw CSVError(
          file: records.name, line: 1,
          problem: row == 0 ? "the file is empty" : "there is no record \(row) with a header")
      }
    }
    self.init(records, format)
    if format.header == 0, !has(asked) {
      let first = self
      if (try? records.find(asked)) == true {
        self.init(records, format)
        notes.append(
          "the header stands in line \(line); the lines before it are passed over")
      } else if let name = asked.first(where: { first.places[ExactName($0)] == nil }) {
        throw CSVError(file: records.name, line: first.line, problem: first.absence(of: name))
      }
    }
    records.header = names
  }

  private init(_ records: borrowing RecordScanner, _ format: CSVFormat) {
    line = records.line
    var width = records.fieldCount
    guard format.header != nil else {
      names = (0..<width).map { "\($0 + 1)" }
      for place in 0..<width { places[ExactName(names[place])] = [place] }
      return
    }
    // What ends in a delimiter has a column more, without a name.
    while width > 1, records.isBlank(width - 1) { width -= 1 }
    names = (0..<width).map { records.title($0) }
    for (place, name) in names.enumerated() { places[ExactName(name), default: []].append(place) }
    let quoting = Quoting(format)
    quotesAreText = !names.indices.contains {
      records.isQuoted($0) && !quoting.isNeeded(names[$0], isName: true)
    }
  }

  private func has(_ asked: [String]) -> Bool {
    asked.allSatisfy { places[ExactName($0)] != nil }
  }

  private func absence(of name: String) -> String {
    "there is no column \"\(name)\", only \(listed(names))"
  }

  /// Where a column stands; an error if it stands nowhere, or twice.
  func place(of name: String, _ records: borrowing RecordScanner) throws -> Int {
    guard let places = places[ExactName(name)] else { throw records.error(absence(of: name)) }
    guard places.count == 1 else {
      throw records.error("the name stands over \(places.count) columns", column: name)
    }
    return places[0]
  }
}
