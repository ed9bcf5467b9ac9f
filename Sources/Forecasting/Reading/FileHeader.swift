import Foundation
import PlainText
import Sequences

/// The names of a file's columns and its first rows, looked at before the file is read.
struct FileHeader {
  let file: String
  private(set) var names: [String] = []
  private var rows: [[String]] = []

  /// - Parameter naming: columns that the header has; it need not be the first line.
  init(_ file: URL, naming: [String]) throws {
    self.file = file.lastPathComponent
    let reader = try CSVReader(file)
    var first: [String]?
    while rows.count < 50, try reader.next() {
      let fields = (0..<reader.fieldCount).map {
        reader.text($0).trimmingCharacters(in: .whitespaces)
      }
      if fields.contains(where: { $0.unicodeScalars.contains { $0.value == 0 } }) {
        throw SeriesFileError.notText(file: self.file)
      }
      if first == nil { first = fields }
      if names.isEmpty, naming.contains(where: fields.contains) {
        names = fields
        rows = []
      } else {
        rows.append(fields)
      }
    }
    if names.isEmpty {
      guard let first else { throw CSVError(file: self.file, problem: "the file is empty") }
      names = first
      rows = Array(rows.dropFirst())
    }
  }

  func check(_ name: String) throws {
    guard !names.contains(name) else { return }
    throw SeriesFileError.noColumn(
      file: file, column: name, columns: names.filter { !$0.isEmpty },
      nearest: nearName(to: name, among: names))
  }

  /// The column that is most likely the time's: by its name, or because its fields are dates.
  func likelyTime(besides used: [String]) -> String? {
    let words = [
      "time", "date", "datetime", "timestamp", "day", "month", "year", "quarter", "week", "period",
      "ds", "index", "datum", "zeit", "fecha", "日期", "时间",
    ]
    let open = names.enumerated().filter { !used.contains($1) && !$1.isEmpty }
    func fields(_ place: Int) -> [String] {
      rows.compactMap { $0.count > place ? $0[place] : nil }.filter { !$0.isEmpty }
    }
    func areDates(_ place: Int) -> Bool {
      let all = fields(place)
      let date = #/\d{1,4}\s?[-\/.: ]\s?[Qq]?\d{1,2}([-\/.: ]\d{1,4})?.*|\d{4}[Qq]\d|\d{8}(T?\d+)?/#
      return !all.isEmpty && all.allSatisfy { $0.wholeMatch(of: date) != nil }
    }
    func areYears(_ place: Int) -> Bool {
      let all = fields(place).map { Int($0) ?? -1 }
      return all.count > 1 && all.allSatisfy { (1000...2999).contains($0) }
        && zip(all.dropFirst(), all).allSatisfy { $0 > $1 }
    }
    return open.first { areDates($0.offset) }?.element
      ?? open.first { words.contains($0.element.lowercased()) && areYears($0.offset) }?.element
  }
}
