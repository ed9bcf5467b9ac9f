import ArgumentParser
import Arrays
import CKernels
import Figures
import Foundation
import Notebook
import ThisBook

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unroll doctor",
    abstract:
      "Says what the chapters need of this machine: which is here, and how the rest comes here.",
    discussion:
      "✓ is here; ✗ is needed and missing, and the status is 1; – is missing and not needed.")

  @Option(help: ArgumentHelp("Where figures and pages are to go.", valueName: "folder"))
  var output: String?
  @Option(help: ArgumentHelp("A folder with real data sets.", valueName: "folder"))
  var data: String?
  @OptionGroup var language: LanguageOption

  func run() throws {
    var options = CommonOptions()
    (options.output, options.data) = (output, data)
    let findings = Doctor(options: options, output: options.outputFolder(source: #filePath))
      .findings()
    for finding in findings {
      StandardStreams.write(Visible.text(finding.line(in: UnrollAll.words)) + "\n")
    }
    if findings.contains(where: { $0.state == .missing }) { throw ExitCode(1) }
  }
}

/// `unroll doctor`: what the chapters need, whether it is here, and the line that installs it if not.
struct Doctor {
  let options: CommonOptions
  /// The folder that figures and pages go to.
  let output: URL

  enum State { case here, missing, notNeeded }

  struct Finding {
    var name: String
    var state: State
    /// Which one is here, or how it comes here.
    var text: String

    func line(in words: Wording) -> String {
      let mark = ["✓", "✗", "–"][[.here, .missing, .notNeeded].firstIndex(of: state)!]
      return "\(mark) \(words.told(name).padded(to: 16, .left)) \(words.told(text))"
    }
  }

  /// In the order in which a first run needs them.
  func findings() -> [Finding] {
    [compiler, chapters, gnuplot, fonts, figure(of: "x", .missing, name: "figures")]
      + [figure(of: "循环", .notNeeded, name: "Chinese figures"), place, space, processor, data]
  }

  /// What the first line of Package.swift asks for.
  private static let oldestSwift = (6, 1)

  private var compiler: Finding {
    let said = Self.said(["swift", "--version"])
    let install = "(https://www.swift.org/install/linux/)"
    guard let found = said.firstMatch(of: #/Swift version (\d+)\.(\d+)[^ )]*/#),
      let major = Int(found.1), let minor = Int(found.2)
    else {
      return Finding(
        name: "Swift", state: .notNeeded,
        text: "no 'swift' in any folder of PATH: this program runs, but nothing can be built "
          + install)
    }
    let oldest = Self.oldestSwift
    if (major, minor) >= oldest { return Finding(name: "Swift", state: .here, text: "\(found.0)") }
    return Finding(
      name: "Swift", state: .notNeeded,
      text: "\(found.0): this program runs, but to build takes \(oldest.0).\(oldest.1) or later "
        + install)
  }

  private var chapters: Finding {
    let missing = Book.unroll.programs.filter {
      !FileManager.default.isExecutableFile(atPath: Book.folder.appendingPathComponent($0).path)
    }
    return Finding(
      name: "chapters", state: missing.isEmpty ? .here : .missing,
      text: missing.isEmpty
        ? "all \(Book.unroll.programs.count) are built"
        : "\(missing.joined(separator: ", ")) not built: swift build -c release")
  }

  private var gnuplot: Finding {
    let version = Self.said(["gnuplot", "--version"]).split(separator: "\n").first
    guard let version else {
      return Finding(
        name: "gnuplot", state: .missing, text: FigureError.gnuplotNotFound.description)
    }
    let isOld = GnuplotVersion.isTooOld(String(version))
    return Finding(
      name: "gnuplot", state: isOld ? .missing : .here,
      text: isOld
        ? "\(version), figures need \(GnuplotVersion.oldest) or later" : String(version))
  }

  /// Who looks for them, and the one that figures ask for.
  private var fonts: Finding {
    if !Self.said(["fc-list", "DejaVu Sans", "family"]).isEmpty {
      return Finding(name: "fonts", state: .here, text: "DejaVu Sans")
    }
    let others = !Self.said(["fc-list", ":", "family"]).isEmpty
    return Finding(
      name: "fonts", state: .notNeeded,
      text: others
        ? "no DejaVu Sans, figures take another (on Debian and Ubuntu: apt-get install "
          + "fonts-dejavu-core)"
        : "'fc-list' is not in any folder of PATH, or knows none (on Debian and Ubuntu: apt-get "
          + "install fontconfig fonts-dejavu-core)")
  }

  /// Draws one with a text: nothing else shows that program, fonts and their search work together.
  private func figure(of text: String, _ otherwise: State, name: String) -> Finding {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("unroll-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      var figure = Figure(text, x: "", y: "")
      figure.line(y: [1, 2])
      let start = Date()
      _ = try figure.write(to: folder, name: "figure")
      return Finding(
        name: name, state: .here,
        text: String(format: "one was drawn in %.1f s", Date().timeIntervalSince(start)))
    } catch {
      return Finding(name: name, state: otherwise, text: error.line)
    }
  }

  private var place: Finding {
    do {
      try OutputFolder.check(output)
      return Finding(name: "output folder", state: .here, text: output.path)
    } catch {
      return Finding(name: "output folder", state: .missing, text: error.line)
    }
  }

  /// A full run leaves some fifty megabytes.
  private var space: Finding {
    var existing = output
    while !FileManager.default.fileExists(atPath: existing.path), existing.path != "/" {
      existing.deleteLastPathComponent()
    }
    let free =
      (try? FileManager.default.attributesOfFileSystem(forPath: existing.path)[.systemFreeSize])
      .flatMap { ($0 as? NSNumber)?.doubleValue } ?? .infinity
    return Finding(
      name: "free space", state: free > 200e6 ? .here : .missing,
      text: String(format: "%.1f GB", free / 1e9)
        + (free > 200e6 ? "" : "; 0.2 GB are needed, or another folder (--output)"))
  }

  private var processor: Finding {
    Finding(
      name: "processor", state: .here,
      text: "kernels for \(String(cString: ck_isa_name())) (UNROLL_ISA), \(Threads.count) of "
        + "\(Threads.available) cores in use (UNROLL_THREADS)")
  }

  private var data: Finding {
    do {
      let folder = try options.dataFolder()
      return Finding(
        name: "real data", state: folder == nil ? .notNeeded : .here,
        text: folder?.path
          ?? "neither --data nor UNROLL_DATA names a folder; the chapters run on their own")
    } catch {
      return Finding(name: "real data", state: .missing, text: error.line)
    }
  }

  /// What a program of PATH prints; empty where it isn't there.
  private static func said(_ words: [String]) -> String {
    let data = Book.output(of: URL(fileURLWithPath: "/usr/bin/env"), words)
    return String(decoding: data ?? Data(), as: UTF8.self)
  }
}
