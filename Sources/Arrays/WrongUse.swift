import Foundation

#if canImport(Runtime)
  import Runtime
#endif

/// Stops the program: the caller used an operation wrongly. The text stays in release builds.
///
/// The line that is named is the caller's, the nearest one outside this library: looked up when the
/// program stops, so that no operation has to carry it along.
package func wrongUse(_ message: @autoclosure () -> String) -> Never {
  let place = callersLine().map { "\($0): " } ?? ""
  FileHandle.standardError.write(Data("\(place)Fatal error: \(message())\n".utf8))
  abort()
}

/// `file:line` of the nearest call from outside this library; nil where the program carries no lines,
/// or its user wants no backtraces: a large program's lines take a second to read.
private func callersLine() -> String? {
  #if canImport(Runtime)
    let settings =
      ProcessInfo.processInfo.environment["SWIFT_BACKTRACE"]?.split(separator: ",") ?? []
    guard !settings.contains("enable=no"), !settings.contains("symbolicate=off") else { return nil }
    guard let trace = try? Backtrace.capture(limit: 64).symbolicated() else { return nil }
    let sources =
      URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().path + "/"
    for frame in trace.frames {
      // Compiler-made frames and the standard library's have no file of their own.
      guard let place = frame.symbol?.sourceLocation, place.line > 0, place.path.hasPrefix("/"),
        !place.path.hasPrefix(sources)
      else { continue }
      return "\(place.path):\(place.line)"
    }
  #endif
  return nil
}
