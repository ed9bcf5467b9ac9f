import Foundation
import TestSupport
import Testing
import Unroll

/// `unroll doctor` on machines that lack something: each row says what, and what installs it.
@Suite struct DoctorTests {
  private let scratch = Scratch()

  private func doctor(
    _ environment: [String: String], _ arguments: String...
  ) throws -> (status: Int32, rows: [String]) {
    let process = Process(), output = Pipe()
    process.executableURL = Book.folder.appendingPathComponent("unroll")
    process.arguments = ["doctor", "--output", scratch["out"].path] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let rows = String(decoding: said, as: UTF8.self).split(separator: "\n").map(String.init)
    return (process.terminationStatus, rows)
  }

  private func row(_ name: String, _ rows: [String]) throws -> String {
    try #require(rows.first { $0.dropFirst(2).hasPrefix("\(name) ") }, "\(rows)")
  }

  @Test func anEmptyPATH() throws {
    let (status, rows) = try doctor(["PATH": scratch.path])
    #expect(status == 1)
    #expect(try row("Swift", rows).hasPrefix("– "))
    #expect(try row("chapters", rows).hasPrefix("✓ "))
    for name in ["gnuplot", "figures"] {
      let said = try row(name, rows)
      #expect(said.hasPrefix("✗ ") && said.hasSuffix("apt-get install gnuplot-nox)"))
    }
    #expect(try row("fonts", rows).hasSuffix("apt-get install fontconfig fonts-dejavu-core)"))
  }

  /// What is there, but too old, with what is asked of it.
  @Test func programsOfLongAgo() throws {
    try scratch.program("swift", "echo 'Swift version 5.9.2 (swift-5.9.2-RELEASE)'")
    try scratch.program("gnuplot", "echo 'gnuplot 5.2 patchlevel 8'")
    let (status, rows) = try doctor(["PATH": scratch.path])
    #expect(status == 1)
    let manifest = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Package.swift")
    let oldest = try #require(
      String(contentsOf: manifest, encoding: .utf8)
        .firstMatch(of: #/swift-tools-version: (\S+)/#)
    ).1
    #expect(
      try row("Swift", rows).hasSuffix(
        " Swift version 5.9.2: this program runs, but to build takes \(oldest) or later "
          + "(https://www.swift.org/install/linux/)"))
    #expect(
      try row("gnuplot", rows).hasSuffix(
        " gnuplot 5.2 patchlevel 8, figures need 5.4 or later"))
    for version in [oldest, "6.10", "10.0.1"] {
      try scratch.program("swift", "echo 'Swift version \(version) (swift-\(version)-RELEASE)'")
      #expect(try row("Swift", doctor(["PATH": scratch.path]).rows).hasPrefix("✓ "))
    }
  }

  /// Nothing that is missing is told in English.
  @Test func inChinese() throws {
    try scratch.program("swift", "echo 'Swift version 5.9.2 (swift-5.9.2-RELEASE)'")
    try scratch.program("gnuplot", "echo 'gnuplot 5.2 patchlevel 8'")
    try scratch.program("fc-list", "exit 0")
    for folder in [scratch["none"], scratch.url] {
      let (_, rows) = try doctor([
        "LC_ALL": "zh_CN.UTF-8", "PATH": folder.path, "UNROLL_DATA": scratch["none"].path,
      ])
      let told = rows.filter { !$0.contains("real data") && !$0.contains("真实数据") }
      #expect(told.count == 9)
      for row in told {
        let words = row.replacing(#/（.*）|\/\S+|[“‘].*[”’]/#, with: "")
        #expect(!words.contains(#/[a-z]{3,} [a-z]{3,} [a-z]{3,}/#), "\(row)")
      }
    }
  }

  /// The language that was asked for goes before the locale's.
  @Test func asked() throws {
    for (locale, language, name) in [("en_US", "zh", "处理器"), ("zh_CN", "en", "processor")] {
      let rows = try doctor(["LC_ALL": "\(locale).UTF-8"], "--language", language).rows
      #expect(rows.contains { $0.hasPrefix("✓ \(name) ") }, "\(rows)")
    }
    let (status, rows) = try doctor([:], "--language", "xx")
    #expect(status != 0 && rows.isEmpty)
  }

  @Test func noFontAtAll() throws {
    let file = scratch["fonts.conf"], none = scratch["none"].path
    try Data("<fontconfig><dir>\(none)</dir><cachedir>\(none)</cachedir></fontconfig>".utf8)
      .write(to: file)
    let (status, rows) = try doctor(["FONTCONFIG_FILE": file.path])
    #expect(status == 1)
    #expect(try row("figures", rows).hasSuffix("apt-get install fonts-dejavu-core)"))
    #expect(try row("Chinese figures", rows).hasSuffix("apt-get install fonts-wqy-microhei)"))
    #expect(try row("fonts", rows).contains("fonts-dejavu-core"))
  }

  @Test func aFolderThatIsNone() throws {
    let (status, rows) = try doctor(["UNROLL_DATA": scratch["nowhere"].path])
    #expect(status == 1)
    #expect(try row("real data", rows).hasPrefix("✗ "))
  }
}
