import Foundation
import Synchronization

/// Whether this machine can print a text. Without a font for a character pngcairo writes a damaged
/// picture and says nothing (seen with Chinese), so fontconfig is asked first.
enum Fonts {
  private static let known = Mutex<Set<Unicode.Scalar>>([])

  /// The characters of `text` beyond ASCII that no installed font has. All is well where
  /// fontconfig's `fc-list` cannot be found in `path`.
  static func missing(in text: some Sequence<Unicode.Scalar>, path: String) -> [Unicode.Scalar] {
    let asked = Set(text.filter { !$0.isASCII && !$0.properties.isDefaultIgnorableCodePoint })
      .subtracting(known.withLock { $0 })
    guard !asked.isEmpty, let list = program("fc-list", path: path) else { return [] }
    let characters = asked.sorted { $0.value < $1.value }
    // One question answers the usual case, that one font has them all.
    let missing =
      hasFont(characters, list: list) ? [] : characters.filter { !hasFont([$0], list: list) }
    known.withLock { $0.formUnion(asked.subtracting(missing)) }
    return missing
  }

  private static func hasFont(_ characters: [Unicode.Scalar], list: String) -> Bool {
    let codes = characters.map { String($0.value, radix: 16) }.joined(separator: " ")
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: list)
    process.arguments = [":charset=\(codes)", "family"]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return true }
    let found = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus != 0 || !found.isEmpty
  }
}
