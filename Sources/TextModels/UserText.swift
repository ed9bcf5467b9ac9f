import Arrays
import Foundation

/// A text file that a user brings, read as text or refused with the place of what is wrong.
public enum UserText {
  /// The text of a UTF-8 file, without a byte order mark; lines end in LF, whatever ended them in the
  /// file.
  ///
  /// - Throws: `TextError`: a file that cannot be read, is empty, holds no text or is of another
  ///   encoding.
  public static func read(_ file: URL) throws -> String {
    let name = file.lastPathComponent
    let bytes: Data
    do { bytes = try Data(contentsOf: file) } catch {
      throw TextError(file: name, problem: error.systemReason)
    }
    if bytes.isEmpty { throw TextError(file: name, problem: "is empty") }
    if bytes.contains(0) {
      throw TextError(file: name, problem: "is no text: it holds bytes that are zero")
    }
    let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes
    guard let text = String(validating: content, as: UTF8.self) else {
      let line = 1 + content.prefix(firstBroken(content)).count { $0 == UInt8(ascii: "\n") }
      throw TextError(file: name, line: line, problem: "is not UTF-8 here")
    }
    return text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
  }

  /// How many bytes come before the first that belongs to no character.
  private static func firstBroken(_ bytes: Data) -> Int {
    var decoder = UTF8(), source = bytes.makeIterator(), count = 0
    while case .scalarValue(let scalar) = decoder.decode(&source) { count += UTF8.width(scalar) }
    return count
  }
}

/// What is wrong with a text, and where.
public struct TextError: Error, Equatable, CustomStringConvertible {
  /// The file as it was named.
  public let file: String
  /// Counted from 1; nil for the file as a whole.
  public let line: Int?
  /// What is wrong, in words.
  public let problem: String

  /// For readers of one's own; `line` counts from 1.
  public init(file: String, line: Int? = nil, problem: String) {
    (self.file, self.line, self.problem) = (file, line, problem)
  }

  public var description: String {
    "\(file)\(line.map { ", line \($0)" } ?? ""): \(problem)".onOneLine
  }
}
