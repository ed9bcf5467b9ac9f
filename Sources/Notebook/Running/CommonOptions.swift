import ArgumentParser
import Foundation
import Synchronization

/// What every chapter's program understands.
public struct CommonOptions: ParsableArguments, Sendable {
  // Unconditional, so that `--seed -3` is answered by what is wrong with it.
  /// From which all random numbers come; `--seed`.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The seed of all random numbers; the same seed gives the same numbers.", valueName: "seed"),
    transform: seedNumber)
  public var seed: UInt64 = 1

  /// The folder for figures and pages; nil: `Plots` of the chapter's package; `--output`.
  @Option(
    help: ArgumentHelp(
      "The folder for figures and pages (default: Plots of the chapter's package).",
      valueName: "folder"),
    completion: .directory)
  public var output: String?

  /// The folder with real data sets, as it was named; `--data`.
  @Option(
    help: ArgumentHelp(
      "The folder with real data sets (default: $UNROLL_DATA, else none).",
      valueName: "folder"),
    completion: .directory)
  public var data: String?

  /// Whether to train less and take smaller sizes; `--quick`.
  @Flag(help: "Train less and take smaller sizes, to see in seconds that all works.")
  public var quick = false

  /// Whether to wait for Enter between cells; `--step`.
  @Flag(help: "Wait for Enter between cells.")
  public var step = false

  /// Whether to print results only; `--quiet`.
  @Flag(help: "Print results only.")
  public var quiet = false

  /// How much of the code the terminal shows; `--code`.
  @Option(
    help: ArgumentHelp(
      "How much of the code the terminal shows: none, short (the beginning of each piece; the "
        + "pages hold all of it) or all.",
      valueName: "how much"))
  public var code = CodeTelling.short

  /// The pages to write; `--format`.
  @Option(
    help: ArgumentHelp(
      "The pages to write: any of md, html, ipynb, with commas between, or none.",
      valueName: "list"),
    transform: PageFormat.list)
  public var format: [PageFormat] = PageFormat.allCases

  /// The code of the language that all is told in, as `en`; `--language`, else the locale's if there is
  /// prose in it.
  @Option(
    help: ArgumentHelp(
      "The language of the prose: \(Languages.all.joined(separator: ", ")).",
      valueName: "code", visibility: Languages.all.count > 1 ? .default : .hidden),
    transform: Languages.chosen)
  public var language = Languages.ofLocale

  public init() {}

  public func validate() throws {
    for (name, value) in [("--output", output), ("--data", data)] where value?.isEmpty == true {
      throw ValidationError("\(name) needs the name of a folder, and got an empty one.")
    }
  }
}

@Sendable private func seedNumber(_ text: String) throws -> UInt64 {
  guard let seed = UInt64(text) else {
    throw ValidationError("'\(text)' is no seed; one is a whole number from 0 to \(UInt64.max).")
  }
  return seed
}

/// The languages that the running program has prose in.
package enum Languages {
  private static let translations = Mutex<[String]>([])

  package static var all: [String] { ["en"] + translations.withLock { $0 } }

  /// Says, before the command line is read, which there are beside English.
  package static func offer(_ languages: [String]) {
    translations.withLock { $0 = languages }
  }

  /// The language that the environment asks for, if there is prose in it, else English.
  package static var ofLocale: String {
    let asked = asked(in: ProcessInfo.processInfo.environment)
    return all.contains(asked) ? asked : "en"
  }

  /// The language that an environment asks for: `zh` for `LANG=zh_CN.UTF-8`.
  package static func asked(in environment: [String: String]) -> String {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].compactMap { environment[$0] }
      .first { !$0.isEmpty }
    let code = (locale ?? "").prefix { $0.isASCII && $0.isLetter }.lowercased()
    return code.isEmpty || code == "c" || code == "posix" ? "en" : code
  }

  /// The language of a command line that has not been read yet, for its help.
  package static func named(in arguments: [String]) -> String {
    var rest = arguments[...]
    while let word = rest.popFirst() {
      let name = word.prefix { $0 != "=" }
      guard name == "--language" else { continue }
      let code = word == name ? rest.first ?? "" : String(word.dropFirst(name.count + 1))
      return all.contains(code.lowercased()) ? code.lowercased() : "en"
    }
    return ofLocale
  }

  @Sendable package static func chosen(_ text: String) throws -> String {
    guard all.contains(text.lowercased()) else {
      let known = all.map { "'\($0)'" }.joined(separator: ", ")
      throw ValidationError("there is no prose in '\(text)', only in \(known).")
    }
    return text.lowercased()
  }
}

/// How much of a chapter's code is shown in the terminal.
public enum CodeTelling: String, CaseIterable, ExpressibleByArgument, Sendable {
  /// Nothing, the beginning of each piece, or all of it.
  case none, short, all
}

/// A page that a run leaves.
public enum PageFormat: String, CaseIterable, Sendable {
  /// Markdown, a page for the browser, a Jupyter notebook; the raw values are the files' endings.
  case md, html, ipynb

  static func list(_ text: String) throws -> [PageFormat] {
    if text == "none" { return [] }
    let names = text.split(separator: ",")
    if names.isEmpty { throw ValidationError("'\(text)' names no page format; say none for none.") }
    return try names.map { name in
      guard let format = PageFormat(rawValue: name.trimmingCharacters(in: .whitespaces)) else {
        throw ValidationError("'\(name)' is no page format; there are md, html and ipynb.")
      }
      return format
    }
  }
}

extension CommonOptions {
  /// The folder that holds a folder for each chapter: `Plots` of the package that `source` is a file of,
  /// or if no file is known, of the package in whose folders the program stands.
  package func outputFolder(source: String?) -> URL {
    if let output { return URL(fileURLWithPath: output, isDirectory: true) }
    var folder = source.map { URL(fileURLWithPath: $0) } ?? Book.folder
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let manifest = folder.appendingPathComponent("Package.swift").path
      if FileManager.default.fileExists(atPath: manifest) { break }
    }
    // The program was built elsewhere: the place where it was called has to do.
    if folder.path == "/" {
      folder = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
    }
    return folder.appendingPathComponent("Plots", isDirectory: true)
  }

  /// The folder with real data, which must be there if it is named.
  package func dataFolder() throws(NotebookError) -> URL? {
    let environment = ProcessInfo.processInfo.environment["UNROLL_DATA"]
    guard let path = data ?? environment, !path.isEmpty else { return nil }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { throw NotebookError("\(data == nil ? "UNROLL_DATA" : "--data"): no folder \(path)") }
    return URL(fileURLWithPath: path, isDirectory: true)
  }

  /// Those options that are followed by a value.
  package static let valued: Set = [
    "--seed", "--output", "--data", "--code", "--format", "--language",
  ]
  package static let flags: Set = ["--quick", "--step", "--quiet", "--help", "-h", "--version"]

  /// The options as a chapter's program takes them, for `unroll` to hand on.
  package func arguments(language: String) -> [String] {
    var arguments = ["--seed", "\(seed)", "--language", language]
    arguments += [
      "--format", format.isEmpty ? "none" : format.map(\.rawValue).joined(separator: ","),
    ]
    arguments += ["--code", code.rawValue]
    if let output { arguments += ["--output", output] }
    if let data { arguments += ["--data", data] }
    for (name, isSet) in [("--quick", quick), ("--step", step), ("--quiet", quiet)] where isSet {
      arguments.append(name)
    }
    return arguments
  }
}
