import Foundation
import TestSupport
import Testing
import TextModels

@Suite struct UserTextTests {
  private func read(_ bytes: [UInt8]) throws -> String {
    try withTemporaryFile(bytes, name: "a.txt") { try UserText.read($0) }
  }

  @Test func whateverEndsALineBecomesLF() throws {
    #expect(try read([0xEF, 0xBB, 0xBF] + Array("é\r\n水\rend".utf8)) == "é\n水\nend")
  }

  @Test func whatIsNoTextIsRefusedWithItsPlace() {
    for (bytes, message) in [
      ([], "a.txt: is empty"),
      ([65, 0, 66], "a.txt: is no text: it holds bytes that are zero"),
      (Array("水\nb\nc".utf8) + [0xE9, 10, 65], "a.txt, line 3: is not UTF-8 here"),
    ] as [([UInt8], String)] {
      do {
        _ = try read(bytes)
        Issue.record("\(bytes) was read")
      } catch { #expect("\(error)" == message) }
    }
    #expect(throws: TextError(file: "none.txt", problem: "No such file or directory")) {
      try UserText.read(URL(fileURLWithPath: "/none.txt"))
    }
  }
}
