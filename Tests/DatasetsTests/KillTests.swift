import Foundation
import Datasets
import TestSupport
import Testing

private let content = (0..<400_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }

/// How often tests kill: `UNROLL_KILLS=200` for more.
private let kills = ProcessInfo.processInfo.environment["UNROLL_KILLS"].flatMap { Int($0) } ?? 20

@Suite struct KillTests {
  /// Programs that download one file into one folder are killed at moments spread over the time
  /// that a download takes.
  @Test func `a download that is killed leaves the whole file or none`() async throws {
    let scratch = Scratch(), folder = scratch["data"]
    let server = try LoopbackServer { request, send in
      let start = request.rangeStart ?? 0
      let range = "Content-Range: bytes \(start)-\(content.count - 1)/\(content.count)"
      let isRest = start > 0 && start < content.count
      var isOpen = send(
        isRest
          ? head("206 Partial Content", length: content.count - start, range)
          : head("200 OK", length: content.count))
      for piece in stride(from: isRest ? start : 0, to: content.count, by: 20_000) where isOpen {
        isOpen = send(Array(content[piece..<min(piece + 20_000, content.count)]))
        usleep(500)
      }
    }
    defer { server.stop() }
    let file = folder.appendingPathComponent("file.bin")
    let checksum = Checksum.sha1("").of(content)
    var killed = 0
    for round in 0..<kills {
      let (path, address) = (file.path, server.url().absoluteString)
      let pause = UInt32(round % 20) * 1500
      let digest = "\(checksum)".split(separator: " ").last.map(String.init)!
      let result = await #expect(processExitsWith: .failure) {
        [
          path = path as String, address = address as String, pause = pause as UInt32,
          digest = digest as String
        ] in
        Thread.detachNewThread {
          usleep(pause)
          kill(getpid(), SIGKILL)
        }
        try Downloader().fetch(
          RemoteFile(URL(string: address)!, checksum: .sha1(digest)),
          to: URL(fileURLWithPath: path))
        exit(3)
      }
      if result?.exitStatus == .signal(SIGKILL) { killed += 1 }
      if let found = try? Data(contentsOf: file) {
        #expect(Array(found) == content, "\(found.count) bytes after \(pause) µs")
        try FileManager.default.removeItem(at: file)
      } else {
        #expect(result?.exitStatus == .signal(SIGKILL))
      }
    }
    #expect(killed > 0)
    try Downloader().fetch(RemoteFile(server.url(), checksum: checksum), to: file)
    #expect(try Array(Data(contentsOf: file)) == content)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["file.bin"])
  }
}
