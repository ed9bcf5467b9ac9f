import Foundation

/// `String(format:)` with a point in its numbers, whatever locale the program has set for C's
/// functions, which `String(format:)` follows. (`Arrays` has the same; Notebook does not stand on it.)
package func plainFormat(_ format: String, _ arguments: any CVarArg...) -> String {
  let before = uselocale(plainNumbers)
  defer { uselocale(before) }
  return String(format: format, arguments: arguments)
}

nonisolated(unsafe) private let plainNumbers = newlocale(1 << LC_NUMERIC, "C", nil)
