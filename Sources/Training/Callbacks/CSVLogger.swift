import Foundation

/// Writes each epoch's figures as a line of a CSV file, while training goes on, as Keras' callback.
/// The file is whole after every epoch. A figure's name with a separator, a quote or a line break in
/// it stands between quotes (RFC 4180).
public final class CSVLogger: Callback {
  private let file: URL
  private let separator: String
  private let append: Bool
  private var names: [String] = []
  private var text = ""

  /// - Parameters:
  ///   - file: made when the first epoch has ended.
  ///   - separator: between two fields.
  ///   - append: go on with the file that is there, instead of starting it again.
  public init(_ file: URL, separator: String = ",", append: Bool = false) {
    self.file = file
    self.separator = separator
    self.append = append
  }

  public func onTrainBegin(_ session: any TrainingSession) throws {
    (names, text) = ([], "")
    guard append, FileManager.default.fileExists(atPath: file.path) else { return }
    do {
      text = try String(contentsOf: file, encoding: .utf8)
    } catch {
      throw TrainingError.cannotRead(file, error)
    }
    names = Array(firstRecord(of: text).dropFirst())
    if let last = text.utf8.last, last != UInt8(ascii: "\n") { text += "\n" }
  }

  public func onEpochEnd(_ epoch: Int, logs: inout Logs, _ session: any TrainingSession) throws {
    if names.isEmpty {
      names = logs.names
      text = csvRecord(["epoch"] + names, separator: separator)
    }
    text += csvRecord(
      ["\(epoch)"] + names.map { "\(logs[$0] ?? .nan)" }, separator: separator)
    do {
      try text.write(to: file, atomically: true, encoding: .utf8)
    } catch {
      throw TrainingError.cannotWrite(file, error)
    }
  }

  /// The fields of the first line, which ends in LF, CR or both.
  private func firstRecord(of text: String) -> [String] {
    let ends = [UInt8(ascii: "\n"), UInt8(ascii: "\r")], quote = UInt8(ascii: "\"")
    var fields: [[UInt8]] = [[]]
    var isQuoted = false, hasClosed = false
    var rest = Array(text.utf8)[...]
    while let byte = rest.first {
      if byte == quote {
        // Two quotes within quotes are one: closed and opened again.
        if hasClosed { fields[fields.count - 1].append(quote) }
        hasClosed = isQuoted
        isQuoted.toggle()
        rest = rest.dropFirst()
        continue
      } else if !isQuoted, ends.contains(byte) {
        break
      } else if !isQuoted, !separator.isEmpty, rest.starts(with: separator.utf8) {
        fields.append([])
        hasClosed = false
        rest = rest.dropFirst(separator.utf8.count)
        continue
      } else {
        hasClosed = false
        fields[fields.count - 1].append(byte)
      }
      rest = rest.dropFirst()
    }
    return fields.map { String(decoding: $0, as: UTF8.self) }
  }
}

/// A line of a CSV file, its end included (RFC 4180).
func csvRecord(_ fields: [String], separator: String = ",") -> String {
  // Scalar by scalar: CR LF is one `Character`, a quote with an accent on it another.
  let quoted = fields.map { field in
    let isSpecial = ["\"", "\r", "\n", separator].contains { sign in
      !sign.isEmpty && field.utf8.contains(sign.utf8)
    }
    let doubled = field.unicodeScalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] }
    return isSpecial ? "\"" + String(String.UnicodeScalarView(doubled)) + "\"" : field
  }
  return quoted.joined(separator: separator) + "\n"
}
