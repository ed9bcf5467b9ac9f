import Foundation

/// A part of the package that reads bytes from outside: a file that somebody sends, a page, a header.
///
/// Whatever the bytes, it ends soon, touches no memory but its own, and either reads them or throws
/// an error of one line.
package struct Reader: Sendable {
  package let name: String
  /// Inputs that are read, or nearly, which the others are made from.
  package let seeds: @Sendable () throws -> [[UInt8]]
  /// Reads, and stops the program where what was read is not what a reader promises.
  let read: @Sendable ([UInt8]) throws -> Void

  package init(
    _ name: String, seeds: @escaping @Sendable () throws -> [[UInt8]],
    read: @escaping @Sendable ([UInt8]) throws -> Void
  ) {
    (self.name, self.seeds, self.read) = (name, seeds, read)
  }

  /// All readers, in the order of the package's floors.
  package static let all = data + [checkpoint] + book

  /// Takes one input. An error is an answer, if it is one that a person can read.
  package func take(_ bytes: [UInt8]) {
    do {
      try read(bytes)
    } catch {
      let text = "\(error)"
      if text.isEmpty || text.utf8.count > 2000 || text.utf8.contains(UInt8(ascii: "\n")) {
        fatalError("\(name): an error of \(text.utf8.count) bytes: \(text.prefix(300))")
      }
    }
  }
}

/// A folder of this process alone, in memory where the system has such, for readers of files.
package let scratch: URL = {
  let memory = "/dev/shm"
  let above = FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
  var template = Array("\(above)/unroll-fuzz-XXXXXX".utf8CString)
  guard let made = mkdtemp(&template) else { fatalError("no folder can be made in \(above)") }
  atexit { try? FileManager.default.removeItem(at: scratch) }
  return URL(fileURLWithPath: String(cString: made), isDirectory: true)
}()

/// A file of these bytes.
func file(_ bytes: [UInt8], _ name: String) throws -> URL {
  let url = scratch.appendingPathComponent(name)
  try Data(bytes).write(to: url)
  return url
}

/// What a reader promised and did not keep.
func broken(_ what: String) -> Never { fatalError(what) }
