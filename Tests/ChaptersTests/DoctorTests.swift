import Foundation
import TestSupport
import Testing
import Unroll

/// `unroll doctor` on machines that lack something: each row says what, and what installs it.
@Suite struct DoctorTests {
  private let scratch = Scratch()

  private func doctor(_ environment: [String: String]) throws -> (status: Int32, rows: [String]) {
    let process = Process(), output = Pipe()
    process.executableURL = Book.folder.appendingPathComponent("unroll")
    process.arguments = ["doctor", "--output", scratch["out"].path]
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
