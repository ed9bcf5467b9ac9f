import CGnuplot
import Foundation

/// The two files of a written figure.
public struct FigureFiles: Sendable, Equatable {
  /// The picture: PNG, or what the name's extension asked for.
  public var picture: URL
  /// The script that draws it.
  public var script: URL

  /// The picture, by what it usually is.
  public var png: URL { picture }
}

extension Figure {
  /// Writes `<name>.png` and `<name>.gp`, the script that draws it, into `folder`, which is made
  /// if it is not there. Both appear whole or not at all.
  ///
  /// A name that ends with `.svg`, `.pdf` or `.png` decides the picture's kind.
  ///
  /// gnuplot has two minutes for a picture, or the seconds that the environment variable
  /// `UNROLL_GNUPLOT_SECONDS` holds; then it is killed and the figure is an error.
  ///
  /// - Parameters:
  ///   - folder: where the files go.
  ///   - name: of the files, without their endings.
  ///   - theme: for a light page or for a dark one.
  @discardableResult
  public func write(
    to folder: URL, name: String, theme: Theme = .light
  ) throws(FigureError) -> FigureFiles {
    try write(
      to: folder, name: name, path: ProcessInfo.processInfo.environment["PATH"] ?? "", theme: theme)
  }

  /// As `write(to:name:)`, with the folders to look for gnuplot in, and the time it has.
  @discardableResult
  package func write(
    to folder: URL, name: String, path: String, seconds: Double? = nil, theme: Theme = .light
  ) throws(FigureError) -> FigureFiles {
    if name.isEmpty || name.hasPrefix(".") || name.contains("/") {
      fatalError("Figure.write: '\(name)' is not a file name; give one without /")
    }
    let (name, format) = PictureFormat.split(name)
    let limit = if let seconds { seconds } else { try TimeLimit.seconds() }
    let script = try script(name: name, format: format, theme: theme)
    guard let gnuplot = program("gnuplot", path: path) else { throw .gnuplotNotFound }
    try checkFonts(script, path: path, seconds: limit)

    let files = FigureFiles(
      picture: folder.appendingPathComponent("\(name).\(format)"),
      script: folder.appendingPathComponent(name + ".gp"))
    let mark = ".\(name).\(UUID().uuidString)"
    let halves = FigureFiles(
      picture: folder.appendingPathComponent("\(mark).\(format)"),
      script: folder.appendingPathComponent(mark + ".gp"))
    if let error = makeFolder(folder.path) {
      throw .cannotWrite(path: folder.path, reason: reason(error))
    }
    defer {
      unlink(halves.picture.path)
      unlink(halves.script.path)
    }
    try script.keep(
      as: halves.script, named: files.script.path, picture: files.picture.lastPathComponent)
    do {
      try script.draw(
        with: gnuplot, in: folder, picture: halves.picture.lastPathComponent,
        figure: title.oneLine, seconds: limit)
      try checkPicture(halves.picture, as: files.picture.path, format: format)
    } catch {
      // gnuplot draws on over a full disk and says nothing of it.
      if case .noAnswer = error { throw error }
      guard let cause = whyNotWritable(folder) else { throw error }
      throw .cannotWrite(path: files.picture.path, reason: reason(cause))
    }
    for (half, whole) in [(halves.script, files.script), (halves.picture, files.picture)]
    where rename(half.path, whole.path) != 0 {
      throw .cannotWrite(path: whole.path, reason: reason(errno))
    }
    return files
  }

  private func checkFonts(
    _ script: Script, path: String, seconds: Double
  ) throws(FigureError) {
    let missing: [Unicode.Scalar]
    do {
      missing = try Fonts.missing(in: script.text.unicodeScalars, path: path, seconds: seconds)
    } catch {
      throw .noAnswer(figure: title.oneLine, program: "fc-list", seconds: seconds)
    }
    if !missing.isEmpty {
      throw .noFont(
        figure: title.oneLine,
        characters: missing.prefix(10).map { "'\($0)'" }.joined(separator: " "))
    }
  }

  /// gnuplot can leave half a picture, or none, and still say that all is well.
  private func checkPicture(
    _ url: URL, as path: String, format: PictureFormat
  ) throws(FigureError) {
    guard let data = try? Data(contentsOf: url) else {
      throw .notAPicture(path: path, reason: "no file came out")
    }
    if let flaw = format.flaw(in: data, width: size.width, height: size.height) {
      throw .notAPicture(path: path, reason: flaw)
    }
  }
}

extension Script {
  /// Writes the script as a file, which will be `named`.
  fileprivate func keep(as url: URL, named path: String, picture: String) throws(FigureError) {
    var error: Int32 = 0
    guard let session = gnuplot_open_script(url.path, &error) else {
      throw .cannotWrite(path: path, reason: reason(error))
    }
    let sent = send(to: session, picture: picture)
    let result = gnuplot_close(session)
    if !result.complete || !sent {
      throw .cannotWrite(path: path, reason: reason(result.error))
    }
  }

  /// Runs the script through gnuplot inside `folder`.
  fileprivate func draw(
    with gnuplot: String, in folder: URL, picture: String, figure: String, seconds: Double
  ) throws(FigureError) {
    var error: Int32 = 0
    guard let session = gnuplot_open(gnuplot, folder.path, seconds, &error) else {
      throw .gnuplotFailed(figure: figure, reason: "\(gnuplot): \(reason(error))")
    }
    let sent = send(to: session, picture: picture)
    let result = gnuplot_close(session)
    defer { free(result.messages) }
    if result.timed_out { throw .noAnswer(figure: figure, program: "gnuplot", seconds: seconds) }
    let messages = result.messages.map { String(cString: $0) } ?? ""
    if let refusal = lines(of: messages).first(where: { $0.contains(#/\bline \d+: /#) }) {
      let remark = GnuplotVersion.remark(on: gnuplot, seconds: seconds)
      throw .gnuplotFailed(figure: figure, reason: refusal.oneLine + remark)
    }
    if !sent || !result.complete || result.status != 0 {
      let end =
        result.status > 128
        ? "ended by signal \(result.status - 128)" : "ended with status \(result.status)"
      let said = lines(of: messages).first.map { ": \($0.oneLine)" } ?? ""
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

/// Makes a folder and those it lies in where they are not there; why that failed, an errno value.
private func makeFolder(_ path: String) -> Int32? {
  var status = stat()
  if mkdir(path, 0o777) == 0 { return nil }
  switch errno {
  case EEXIST: return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR ? nil : ENOTDIR
  case ENOENT:
    let parent = (path as NSString).deletingLastPathComponent
    if parent.isEmpty || parent == path { return ENOENT }
    if let error = makeFolder(parent) { return error }
    return mkdir(path, 0o777) == 0 || errno == EEXIST ? nil : errno
  case let error: return error
  }
}

/// Why a picture cannot be written into a folder, an errno value; nil if it can.
private func whyNotWritable(_ folder: URL) -> Int32? {
  let probe = folder.appendingPathComponent(".probe.\(UUID().uuidString)").path
  let file = open(probe, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
  if file < 0 { return errno }
  defer {
    close(file)
    unlink(probe)
  }
  // More than any picture needs, in pieces: a nearly full disk takes the first of them.
  let piece = [UInt8](repeating: 0xA5, count: 1 << 16)
  for _ in 0..<16 where write(file, piece, piece.count) < 0 { return errno }
  return fsync(file) == 0 ? nil : errno
}
