import Foundation
import PlainText

extension NDArray: CustomStringConvertible {
  /// The numbers as NumPy prints them: whole up to 1,000 of them, else the first and last three of
  /// each axis.
  public var description: String {
    if count == 0 { return "[]" }
    let cut = count > 1000
    let values = doubles
    let text = values.count > 1000 ? shownNumbers(values) : values
    let format = NumberFormat(text)
    func block(_ axis: Int, _ offset: Int) -> String {
      if axis == rank { return format.string(values[offset]) }
      let step = shape[(axis + 1)...].product
      let size = shape[axis]
      let places: [Int?] =
        cut && size > 6 ? [0, 1, 2, nil, size - 3, size - 2, size - 1] : Array(0..<size)
      let parts = places.map { place in
        place.map { block(axis + 1, offset + $0 * step) } ?? "..."
      }
      let blanks = String(repeating: " ", count: axis + 1)
      let separator =
        axis == rank - 1
        ? ", " : "," + String(repeating: "\n", count: rank - 1 - axis) + blanks
      return "[" + parts.joined(separator: separator) + "]"
    }
    return block(0, 0)
  }

  /// Of a long array, the numbers that are shown, so that the others do not widen the columns.
  private func shownNumbers(_ values: [Double]) -> [Double] {
    var shown: [Double] = []
    func collect(_ axis: Int, _ offset: Int) {
      if axis == rank {
        shown.append(values[offset])
        return
      }
      let step = shape[(axis + 1)...].product
      for place in 0..<shape[axis] where shape[axis] <= 6 || place < 3 || place >= shape[axis] - 3 {
        collect(axis + 1, offset + place * step)
      }
    }
    collect(0, 0)
    return shown
  }
}

/// One format for all numbers of an array: whole numbers without decimals, others with at most four,
/// very large or small ones with an exponent; all of one width.
private struct NumberFormat {
  private let pattern: String
  private var width = 0

  init(_ values: [Double]) {
    let finite = values.filter(\.isFinite)
    let largest = finite.map(Swift.abs).max() ?? 0
    let smallest = finite.filter { $0 != 0 }.map(Swift.abs).min() ?? 1
    if finite.allSatisfy({ $0 == $0.rounded() }) && largest < 1e8 {
      pattern = "%.0f"
    } else if largest >= 1e6 || smallest < 1e-4 {
      pattern = "%.4e"
    } else {
      pattern = "%.4f"
    }
    width = values.map { string($0).count }.max() ?? 0
  }

  func string(_ value: Double) -> String {
    let text =
      value.isNaN
      ? "nan" : value.isInfinite ? (value < 0 ? "-inf" : "inf") : plainFormat(pattern, value)
    return String(repeating: " ", count: Swift.max(0, width - text.count)) + text
  }
}
