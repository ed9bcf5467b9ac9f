import Foundation
import PlainText

extension Figure {
  /// A text as a string of gnuplot's that prints as it is, whatever is in it: for the `commands` of
  /// figures and marks.
  public static func quoted(_ text: String) -> String { text.quoted }
}

extension String {
  /// A gnuplot string that prints as this text, whatever is in it.
  ///
  /// Between single quotes gnuplot reads everything as it stands (no escapes, no `` ` `` commands,
  /// no macros) but the single quote, for which doubling it works in some places only. So quotes
  /// are joined on between double quotes, `'it'."'".'s'`, and line breaks likewise. Quotes are
  /// looked for among the scalars: one that carries an accent is another `Character`.
  var quoted: String {
    lines.map { line in
      line.oneLine.unicodeScalars.split(separator: "'", omittingEmptySubsequences: false)
        .map { "'\(String($0))'" }
        .joined(separator: #"."'"."#)
    }.joined(separator: #"."\n"."#)
  }

  /// As `quoted`, for tick labels, which gnuplot takes for number formats.
  var quotedTick: String {
    // By scalars, for the same reason.
    unicodeScalars.reduce(into: "") { $0 += $1 == "%" ? "%%" : String($1) }.quoted
  }

  /// The text between line breaks of any kind: LF, CR, both together, and Unicode's.
  var lines: [String] {
    split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
  }

  /// One line for a comment, a message or a legend.
  var oneLine: String {
    lines.joined(separator: " ").unicodeScalars.reduce(into: "") {
      $0.unicodeScalars.append($1.properties.generalCategory == .control ? " " : $1)
    }
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
    if scale > 9 || scale < -9 { return formatted("%.3g") }
    let unit = pow(10, Double(scale))
    return ((self * unit).rounded() / unit).text
  }

  /// Written by a `printf` format (see `plainFormat`). The format is the
  /// caller's and must have one conversion of a number (`"%.1f ms"`, `"%d"`); other text may stand
  /// around it.
  func formatted(_ format: String) -> String {
    guard let match = format.wholeMatch(of: Self.printf), !format.unicodeScalars.contains("\0")
    else {
      fatalError("'\(format.oneLine)' is no format of one number, as \"%.1f\" is")
    }
    // A whole number is a Double here too.
    let isWhole = match.conversion == "d" || match.conversion == "i"
    let conversion = isWhole ? ".0f" : "\(match.precision ?? "")\(match.conversion)"
    let safe = "\(match.before)%\(match.flags)\(conversion)\(match.after)"
    return plainFormat(safe, self)
  }

  /// Whether `formatted` can use a format.
  static func isFormat(_ format: String) -> Bool { format.wholeMatch(of: printf) != nil }

  nonisolated(unsafe) private static let printf =
    #/(?<before>(?:[^%]|%%)*)%(?<flags>[-+ 0\#']*[0-9]{0,3})(?<precision>\.[0-9]{0,3})?l?(?<conversion>[feEgGFdi])(?<after>(?:[^%]|%%)*)/#
}
