import Foundation

/// `printf`, with a point in its numbers whatever locale the program has set for C's functions. On
/// the lowest floor because numbers are told on all: in descriptions, on figures, in chapters.
package func plainFormat(_ format: String, _ arguments: any CVarArg...) -> String {
  let before = uselocale(plainNumbers)
  defer { uselocale(before) }
  func write(into buffer: inout [CChar]) -> Int {
    withVaList(arguments) { Int(vsnprintf(&buffer, buffer.count, format, $0)) }
  }
  var buffer = [CChar](repeating: 0, count: 64)
  let length = write(into: &buffer)
  guard length >= 0 else { return "" }
  if length >= buffer.count {
    buffer = [CChar](repeating: 0, count: length + 1)
    _ = write(into: &buffer)
  }
  return String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

nonisolated(unsafe) private let plainNumbers = newlocale(1 << LC_NUMERIC, "C", nil)
