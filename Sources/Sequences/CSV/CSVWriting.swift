import Foundation

extension TimeSeries {
  /// Writes the series as CSV, as `csv` has it, in the format's encoding. The file is written beside
  /// its place and moved there when it is whole. Throws `CSVError`.
  public func write(
    csv file: URL, time timeName: String = "time", format: CSVFormat = CSVFormat()
  ) throws {
    let text = csv(time: timeName, format: format)
    let bytes = try encoded(text, in: format.encoding ?? "utf-8", file)
    do { try Data(bytes).write(to: file, options: .atomic) } catch {
      throw CSVError(file: file.path, problem: "cannot be written: \(error.systemReason)")
    }
  }

  /// The series as the text of a CSV file: the stamps in ISO 8601 (UTC), all in one format; a
  /// missing number as nothing, infinite ones as `inf` and `-inf`, categories as words. Whatever the
  /// series holds, `TimeSeries(csvText:)` with the same format reads it again to the bit; stamps
  /// that the calendar has no room for are written as `@` and their seconds.
  ///
  /// Of the format, `sep`, `header` (nil or not), `comment`, `decimal` and the missing values count.
  public func csv(time timeName: String = "time", format: CSVFormat = CSVFormat()) -> String {
    format.check()
    let separator = String(format.sep ?? ","), quoting = Quoting(format)
    let numbers = NumberWriter(format, quoting), stamps = StampWriter(times)
    var text = ""
    if format.header != nil {
      text +=
        ([timeName] + names).map { quoting.written($0, isName: true) }
        .joined(separator: separator) + "\n"
    }
    let words = names.map { name in
      categories[name]?.map { quoting.written($0, isName: true) }
    }
    for row in times.indices {
      text += quoting.written(stamps.text(times[row]))
      for (column, words) in zip(columns, words) {
        text += separator
        if let words, !column[row].isNaN {
          text += words[Int(column[row])]
        } else {
          text += numbers.text(column[row])
        }
      }
      text += "\n"
    }
    return text
  }
}

/// Writes a column's numbers: as short as they can be without becoming others.
private struct NumberWriter {
  private let quoting: Quoting
  private let decimal: String
  private let missing: String

  init(_ format: CSVFormat, _ quoting: Quoting) {
    self.quoting = quoting
    decimal = String(format.decimal)
    let texts = format.missing
    missing = texts.contains("") ? "" : texts[0]
  }

  func text(_ value: Double) -> String {
    if value.isNaN { return quoting.written(missing) }
    if abs(value) < 1e15, value == value.rounded(), !(value == 0 && value.sign == .minus) {
      return quoting.written(String(Int(value)))
    }
    let text = value.description
    return quoting.written(
      decimal == "." ? text : text.replacingOccurrences(of: ".", with: decimal))
  }
}

private func encoded(_ text: String, in encoding: String, _ file: URL) throws -> [UInt8] {
  if Transcoder.isUTF8(encoding) { return Array(text.utf8) }
  guard let transcoder = Transcoder(from: "utf-8", to: encoding) else {
    throw CSVError(file: file.path, problem: "there is no encoding \(shortened(encoding))")
  }
  var bytes = Array(text.utf8), result: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 1 << 16)
  let end = bytes.withUnsafeMutableBufferPointer { all in
    var input = all
    while true {
      var left = 0
      let end = piece.withUnsafeMutableBufferPointer { room in
        var output = room
        defer { left = output.count }
        return transcoder.convert(&input, into: &output)
      }
      result += piece[..<(piece.count - left)]
      if end != .outputFull { return end }
    }
  }
  guard end == .inputUsed else {
    throw CSVError(
      file: file.path, problem: "cannot be written: \(encoding) has not all of its characters")
  }
  return result
}
