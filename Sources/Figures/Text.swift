import Foundation

extension String {
  /// A gnuplot string that prints as this text, whatever is in it.
  ///
  /// Between single quotes gnuplot reads everything as it stands (no escapes, no `` ` ``commands,
  /// no macros), a quote is doubled, and a line break has to be joined on from outside.
  var quoted: String {
    split(separator: "\n", omittingEmptySubsequences: false)
      .map { line in
        let printable = line.unicodeScalars.map {
          $0.properties.generalCategory == .control ? " " : $0
        }
        return "'" + String(String.UnicodeScalarView(printable)).replacing("'", with: "''") + "'"
      }
      .joined(separator: #"."\n"."#)
  }

  /// As `quoted`, for tick labels, which gnuplot takes for number formats.
  var quotedTick: String { replacing("%", with: "%%").quoted }

  /// One line for a comment or a message.
  var oneLine: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
  }
}

extension Double {
  /// The shortest text that is this number, without `.0`.
  var text: String {
    let text = "\(self)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// Four significant digits, for descriptions.
  var brief: String {
    guard isFinite, self != 0 else { return text }
    let scale = 4 - 1 - Int(log10(abs(self)).rounded(.down))
    if scale > 9 { return String(format: "%.3g", self) }
    let unit = pow(10, Double(scale))
    return ((self * unit).rounded() / unit).text
  }
}
