import Figures
import Foundation
import PlainText

/// How numbers are told.
package enum Numbers {
  /// `value` with `digits` significant digits; very large and very small ones with an exponent.
  package static func text(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "−∞" : "∞" }
    let size = magnitude(value)
    if value != 0, size < -4 || size > 6 { return scientific(value, digits: digits) }
    return fixed(value, decimals: max(0, digits - 1 - size))
  }

  /// The values of a table's column, all with the decimals that the smallest of them needs.
  package static func column(_ values: [Double], digits: Int) -> [String] {
    let finite = values.filter { $0.isFinite && $0 != 0 }
    let decimals = digits - 1 - (finite.map(magnitude).min() ?? 0)
    let largest = finite.map(magnitude).max() ?? 0
    if decimals > 6 || largest > 8 {
      return values.map {
        $0 == 0 || !$0.isFinite ? text($0, digits: 1) : scientific($0, digits: digits)
      }
    }
    return values.map { $0.isFinite ? fixed($0, decimals: max(0, decimals)) : text($0, digits: 1) }
  }

  static func fixed(_ value: Double, decimals: Int) -> String {
    let text = plainFormat("%.\(decimals)f", value)
    // No "-0.00" for what is rounded to nothing.
    return text.hasPrefix("-") && !text.contains { ("1"..."9").contains($0) }
      ? String(text.dropFirst()) : text
  }

  private static func scientific(_ value: Double, digits: Int) -> String {
    plainFormat("%.\(digits - 1)e", value)
  }

  private static func magnitude(_ value: Double) -> Int {
    value == 0 ? 0 : Int(log10(abs(value)).rounded(.down))
  }
}

extension TableRecord {
  /// Numbers of a column are written alike and stand at the right; words stand at the left.
  init(
    headers: [String], rows: [[any CustomStringConvertible]], caption: String?, digits: Int,
    alignments: [Alignment]?
  ) {
    for (index, row) in rows.enumerated() where row.count != headers.count {
      fatalError(
        "page.table: row \(index) has \(row.count) entries for \(headers.count) headers \(headers)")
    }
    if let alignments, alignments.count != headers.count {
      fatalError("page.table: \(alignments.count) alignments for \(headers.count) headers")
    }
    let columns = headers.indices.map { column in rows.map { $0[column] } }
    let texts = columns.map { Self.texts($0, digits: digits) }
    self.headers = headers.map(Visible.text)
    self.rows = rows.indices.map { row in texts.map { $0[row] } }
    self.caption = caption.map(Visible.text)
    self.alignments =
      alignments
      ?? columns.map { column in
        let hasNumber = column.contains { Self.number($0) != nil || $0 is any BinaryInteger }
        return hasNumber ? .right : .left
      }
  }

  private static func texts(_ column: [any CustomStringConvertible], digits: Int) -> [String] {
    let numbers = column.compactMap(number)
    var formatted = Numbers.column(numbers, digits: digits)[...]
    return column.map { entry in
      number(entry) != nil ? formatted.removeFirst() : Visible.text(entry.description)
    }
  }

  private static func number(_ entry: any CustomStringConvertible) -> Double? {
    (entry as? any BinaryFloatingPoint).map { Double($0) }
  }
}
