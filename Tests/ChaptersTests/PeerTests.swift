import Foundation
import Modules
import TestSupport
import Testing

/// A program in the peer's place: asked as Python would be, it answers with what the test says.
private final class FakePython {
  private let scratch = Scratch()
  var path: String { scratch["python"].path }

  init(_ body: String) throws {
    try Data("#!/bin/sh\n\(body)\n".utf8).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
  }
}

@Suite struct PeerTests {
  @Test func asksAndIsAnswered() throws {
    // The answer tells what was asked: 3 for a GRU, 28 characters, 6 steps.
    let python = try FakePython(
      """
      [ "$1" = -c ] || exit 1
      echo 9.9.9
      while read name classes steps; do
        [ "$name $classes $steps" = "gru 28 6" ] && echo 3.25 || echo 0.5
      done
      """)
    let peer = try PyTorchPeer(python: python.path)
    #expect(peer.version == "9.9.9")
    #expect(try peer.seconds(.gru, classes: 28, steps: 6) == 3.25)
    #expect(try peer.seconds(.bidirectionalLSTM, classes: 28, steps: 6) == 0.5)
  }

  @Test func noPythonThere() throws {
    let none = try FakePython("exit 1")
    for path in [none.path, none.path + "-gone"] {
      let error = #expect(throws: PyTorchPeer.PeerError.self) { try PyTorchPeer(python: path) }
      #expect(error?.description.hasPrefix("--peer \(path): ") == true)
    }
  }

  @Test(arguments: [
    "exit 3", "read line; exit 3", "read line; echo nan; cat", "read line; echo soon; cat",
  ])
  func endsOrTalksNonsense(_ behavior: String) throws {
    let python = try FakePython("echo 1; \(behavior)")
    let peer = try PyTorchPeer(python: python.path)
    #expect(throws: PyTorchPeer.PeerError.self) { try peer.seconds(.lstm, classes: 28, steps: 6) }
  }
}
