import Foundation

extension String {
  /// A gnuplot string that prints as this text, whatever is in it.
  ///
  /// Between single quotes gnuplot reads everything as it stands (no escapes, no `` ` `` commands,
  /// no macros) but the single quote, for which doubling it works in some places only. So quotes
  /// are joined on between double quotes, `'it'."'".'s'`, and line breaks likewise. Scalar by
  /// scalar: a quote with an accent on it is one `Character` and still ends a string of gnuplot's.
  var quoted: String {
    withPlainLineEnds.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      .map { line in
        line.split(separator: "'", omittingEmptySubsequences: false)
          .map { "'\(String($0).oneLine)'" }
          .joined(separator: #"."'"."#)
      }
      .joined(separator: #"."\n"."#)
  }

  /// The same text with its lines ended by LF, whether they were by LF, CR or both.
  var withPlainLineEnds: String {
    guard utf8.contains(UInt8(ascii: "\r")) else { return self }
    var result = UnicodeScalarView()
    var previous: Unicode.Scalar?
    for scalar in unicodeScalars {
      if scalar == "\r" || scalar != "\n" || previous != "\r" {
        result.append(scalar == "\r" ? "\n" : scalar)
      }
      previous = scalar
    }
    return String(result)
  }

  /// As `quoted`, for tick labels, which gnuplot takes for number formats.
  var quotedTick: String {
    String(UnicodeScalarView(unicodeScalars.flatMap { $0 == "%" ? ["%", "%"] : [$0] })).quoted
  }

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
    if scale > 9 { return plainFormat("%.3g", self) }
    let unit = pow(10, Double(scale))
    return ((self * unit).rounded() / unit).text
  }
}
