import ArgumentParser
import Foundation
import Notebook
import Sequences
import Synchronization

/// Runs the chapters, one after the other, and writes an index over their pages.
@main struct UnrollAll: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unroll",
    abstract: "Recurrent neural networks in Swift, told step by step: runs the chapters.",
    usage: "unroll [options] [chapter ...]\nunroll list\nunroll download [data set ...]",
    discussion: """
      A chapter is named by its number or its program; without any, all are run. Each is a program
      of its own, with more options of its own: see its --help.

      'download' fetches real data sets, all or some of \(
        DataSet.allCases.map(\.rawValue).joined(separator: ", ")), into the folder that --data or \
      UNROLL_DATA names, else the user's cache folder.
      """,
    version: Book.version)

  @Argument(help: "Numbers or names of chapters, 'list' to name them all, or 'download'.")
  var chapters: [String] = []

  @OptionGroup var options: CommonOptions

  static func main() {
    do { try parseOrExitInOneLine().run() } catch { exit(withError: error) }
  }

  func validate() throws {
    if chapters.first == "download" {
      for name in chapters.dropFirst() where DataSet(rawValue: name) == nil {
        throw ValidationError(
          "There is no data set '\(name)', only "
            + DataSet.allCases.map(\.rawValue).joined(separator: ", ") + ".")
      }
      return
    }
    for name in chapters where name != "list" && Self.program(name) == nil {
      throw ValidationError("There is no chapter '\(name)'; 'unroll list' names them.")
    }
    if chapters.contains("list"), chapters.count > 1 {
      throw ValidationError("'list' stands alone.")
    }
  }

  func run() throws {
    if chapters == ["list"] { return list() }
    if chapters.first == "download" { return try download(Array(chapters.dropFirst())) }
    let folder = options.outputFolder(source: #filePath)
    do {
      try checkFolders(output: folder)
    } catch {
      Self.complain("\(error)")
      throw ExitCode(1)
    }
    let programs = chapters.isEmpty ? Book.programs : chapters.compactMap(Self.program)
    Interruption.watch { signal in
      Self.state.withLock {
        $0.signal = signal
        $0.child?.send(signal)
      }
      // The chapter is given a moment to clear up; when it has ended, so does this program.
      sleep(2)
    }
    let failed = try programs.filter { try !tell($0) }
    do {
      try writeIndex(in: folder)
    } catch {
      Self.complain("\(error)")
      throw ExitCode(1)
    }
    if !failed.isEmpty {
      Self.complain("failed: \(failed.joined(separator: ", "))")
      throw ExitCode(1)
    }
  }

  private func download(_ names: [String]) throws {
    do {
      try Download.run(names, into: options.data)
    } catch {
      Self.complain("\(error)")
      throw ExitCode(1)
    }
  }

  private static func program(_ name: String) -> String? {
    if let number = Int(name) {
      return Book.programs.first { Book.describe($0)?.number == number }
    }
    return Book.programs.first { $0 == name }
  }

  private static func complain(_ text: String) {
    FileHandle.standardError.write(Data("unroll: \(text)\n".utf8))
  }

  private func list() {
    for program in Book.programs {
      guard let chapter = Book.describe(program) else {
        print("   \(program)  (not built)")
        continue
      }
      print("\(chapter.number)  \(program): \(chapter.title). \(chapter.summary)")
    }
  }

  private func checkFolders(output: URL) throws {
    _ = try options.dataFolder()
    let probe = try OutputFolder(at: output)
    probe.discard()
  }

  /// Whether the chapter ended well.
  private func tell(_ program: String) throws -> Bool {
    let child: Child
    do {
      child = try Child(
        Book.folder.appendingPathComponent(program), arguments: options.arguments)
    } catch {
      Self.complain("\(error)")
      return false
    }
    Self.state.withLock { $0.child = child }
    let status = child.wait()
    let signal = Self.state.withLock { state in
      state.child = nil
      return state.signal
    }
    if let signal { throw ExitCode(128 + signal) }
    // Ctrl-C has reached the chapter first.
    if status == 128 + SIGINT { throw ExitCode(status) }
    if !options.quiet { Self.say("") }
    if status != 0 { Self.complain("\(program) ended with status \(status)") }
    return status == 0
  }

  /// The chapter that is running, and the signal that asks to end.
  private static let state = Mutex<(child: Child?, signal: Int32?)>((nil, nil))

  /// At once, so that it stands in order with what the chapters say.
  private static func say(_ line: String) {
    try? FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
  }

  private func writeIndex(in folder: URL) throws {
    let index = folder.appendingPathComponent("index.html")
    let runs = Book.programs.compactMap { RunDescription(in: folder.appendingPathComponent($0)) }
    guard !runs.isEmpty else { return }
    do {
      try Data(IndexPage.text(runs).utf8).write(to: index, options: .atomic)
    } catch {
      throw NotebookError("cannot write \(index.path)")
    }
    if !options.quiet { Self.say("Figures and pages: \(index.path)") }
  }
}
