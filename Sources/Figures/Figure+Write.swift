import CGnuplot
import Foundation

/// The two files of a written figure.
public struct FigureFiles: Sendable, Equatable {
  public var png: URL
  public var script: URL
}

extension Figure {
  /// Writes `<name>.png` and `<name>.gp`, the script that draws it, into `folder`, which is made
  /// if it is not there. Both appear whole or not at all.
  @discardableResult
  public func write(to folder: URL, name: String) throws(FigureError) -> FigureFiles {
    try write(to: folder, name: name, path: ProcessInfo.processInfo.environment["PATH"] ?? "")
  }

  /// As `write(to:name:)`, with the folders to look for gnuplot in.
  @discardableResult
  package func write(to folder: URL, name: String, path: String) throws(FigureError) -> FigureFiles
  {
    if name.isEmpty || name.hasPrefix(".") || name.contains("/") {
      fatalError("Figure.write: '\(name)' is not a file name; give one without / and extension")
    }
    let script = try script(name: name)
    guard let gnuplot = program("gnuplot", path: path) else { throw .gnuplotNotFound }
    let missing = Fonts.missing(in: script.text.unicodeScalars, path: path)
    if !missing.isEmpty {
      throw .noFont(
        figure: title.oneLine,
        characters: missing.prefix(10).map { "'\($0)'" }.joined(separator: " "))
    }

    let files = FigureFiles(
      png: folder.appendingPathComponent(name + ".png"),
      script: folder.appendingPathComponent(name + ".gp"))
    let mark = ".\(name).\(UUID().uuidString)"
    let halves = FigureFiles(
      png: folder.appendingPathComponent(mark + ".png"),
      script: folder.appendingPathComponent(mark + ".gp"))
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw .cannotWrite(path: folder.path, reason: error.reason)
    }
    defer {
      unlink(halves.png.path)
      unlink(halves.script.path)
    }
    try script.keep(as: halves.script, picture: files.png.lastPathComponent)
    try script.draw(
      with: gnuplot, in: folder, picture: halves.png.lastPathComponent, figure: title.oneLine)
    try checkPicture(halves.png, as: files.png.path)
    for (half, whole) in [(halves.script, files.script), (halves.png, files.png)]
    where rename(half.path, whole.path) != 0 {
      throw .cannotWrite(path: whole.path, reason: reason(errno))
    }
    return files
  }

  /// gnuplot can leave half a picture, or none, and still say that all is well.
  private func checkPicture(_ url: URL, as path: String) throws(FigureError) {
    guard let data = try? Data(contentsOf: url) else {
      throw .notAPicture(path: path, reason: "no file came out")
    }
    if let flaw = PNG.flaw(in: data, width: size.width, height: size.height) {
      throw .notAPicture(path: path, reason: flaw)
    }
  }
}

extension Script {
  /// Writes the script as a file.
  fileprivate func keep(as url: URL, picture: String) throws(FigureError) {
    var error: Int32 = 0
    guard let session = gnuplot_open_script(url.path, &error) else {
      throw .cannotWrite(path: url.deletingLastPathComponent().path, reason: reason(error))
    }
    let sent = send(to: session, picture: picture)
    if !gnuplot_close(session).complete || !sent {
      throw .cannotWrite(path: url.path, reason: "the disk is full or gone")
    }
  }

  /// Runs the script through gnuplot inside `folder`.
  fileprivate func draw(
    with gnuplot: String, in folder: URL, picture: String, figure: String
  ) throws(FigureError) {
    var error: Int32 = 0
    guard let session = gnuplot_open(gnuplot, folder.path, &error) else {
      throw .gnuplotFailed(figure: figure, reason: "\(gnuplot): \(reason(error))")
    }
    let sent = send(to: session, picture: picture)
    let result = gnuplot_close(session)
    defer { free(result.messages) }
    let messages = result.messages.map { String(cString: $0) } ?? ""
    if let refusal = lines(of: messages).first(where: { $0.contains(#/\bline \d+: /#) }) {
      throw .gnuplotFailed(figure: figure, reason: refusal)
    }
    if !sent || !result.complete || result.status != 0 {
      let end =
        result.status > 128
        ? "ended by signal \(result.status - 128)" : "ended with status \(result.status)"
      let said = lines(of: messages).first.map { ": \($0)" } ?? ""
      throw .gnuplotFailed(figure: figure, reason: "it \(end) before all was drawn\(said)")
    }
  }

  /// What gnuplot printed but for warnings. A refused command is there as `line 3: why`; other
  /// lines come from libraries, which complain of a cache they cannot write and draw nevertheless.
  private func lines(of messages: String) -> [String] {
    messages.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty && !$0.lowercased().contains("warning") }
  }
}

/// The first executable file of that name in the folders of `path`.
func program(_ name: String, path: String) -> String? {
  path.split(separator: ":").lazy
    .map { URL(fileURLWithPath: String($0)).appendingPathComponent(name).path }
    .first { file in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: file, isDirectory: &isFolder)
        && !isFolder.boolValue && FileManager.default.isExecutableFile(atPath: file)
    }
}

private func reason(_ error: Int32) -> String { String(cString: strerror(error)) }

extension Error {
  /// What the system said, without the layers around it.
  fileprivate var reason: String {
    let error = self as NSError
    let inner = (error.userInfo[NSUnderlyingErrorKey] as? any Error).map { $0 as NSError }
    guard let inner, inner.domain == NSPOSIXErrorDomain else { return error.localizedDescription }
    return Figures.reason(Int32(inner.code))
  }
}
