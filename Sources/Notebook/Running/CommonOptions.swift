import ArgumentParser
import Foundation

/// What every chapter's program understands.
public struct CommonOptions: ParsableArguments, Sendable {
  @Option(help: "The seed of all random numbers; the same seed gives the same numbers.")
  public var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "The folder for figures and pages (default: Plots of the checkout).",
      valueName: "folder"),
    completion: .directory)
  public var output: String?

  @Option(
    help: ArgumentHelp(
      "The folder with real data sets (default: $UNROLL_DATA, else none).",
      valueName: "folder"),
    completion: .directory)
  public var data: String?

  @Flag(help: "Train less and take smaller sizes, to see in seconds that all works.")
  public var quick = false

  @Flag(help: "Wait for Enter between cells.")
  public var step = false

  @Flag(help: "Print results only.")
  public var quiet = false

  @Option(
    help: ArgumentHelp(
      "The pages to write: any of md, html, ipynb, with commas between, or none.",
      valueName: "list"),
    transform: PageFormat.list)
  public var format: [PageFormat] = PageFormat.allCases

  @Option(
    help: ArgumentHelp(
      "The language of the prose, where there is a translation.",
      valueName: "code"),
    transform: languageCode)
  public var language = "en"

  public init() {}
}

public enum PageFormat: String, CaseIterable, Sendable {
  case md, html, ipynb

  static func list(_ text: String) throws -> [PageFormat] {
    if text == "none" { return [] }
    return try text.split(separator: ",").map { name in
      guard let format = PageFormat(rawValue: name.trimmingCharacters(in: .whitespaces)) else {
        throw ValidationError("'\(name)' is no page format; there are md, html and ipynb.")
      }
      return format
    }
  }
}

/// A language code becomes part of a file's name, so it must be one.
@Sendable private func languageCode(_ text: String) throws -> String {
  guard (2...12).contains(text.count), text.allSatisfy({ $0.isASCII && ($0.isLetter || $0 == "-") })
  else { throw ValidationError("'\(text)' is no language code such as en or zh.") }
  return text.lowercased()
}

extension CommonOptions {
  /// The folder that holds a folder for each chapter. `source` is a file of the checkout.
  package func outputFolder(source: String) -> URL {
    if let output { return URL(fileURLWithPath: output, isDirectory: true) }
    var folder = URL(fileURLWithPath: source)
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

  /// The options as a chapter's program takes them, for `unroll` to hand on.
  package var arguments: [String] {
    var arguments = ["--seed", "\(seed)", "--language", language]
    arguments += [
      "--format", format.isEmpty ? "none" : format.map(\.rawValue).joined(separator: ","),
    ]
    if let output { arguments += ["--output", output] }
    if let data { arguments += ["--data", data] }
    for (name, isSet) in [("--quick", quick), ("--step", step), ("--quiet", quiet)] where isSet {
      arguments.append(name)
    }
    return arguments
  }
}
