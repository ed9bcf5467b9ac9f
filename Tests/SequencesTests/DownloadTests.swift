import Foundation
import Sequences
import Synchronization
import Testing

/// 300,000 bytes and their digest.
private let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
private let digest = Checksum.sha1("").of(content)

@Suite(.serialized) struct DownloadTests {
  /// Runs `body` with a server and a place for the file, and stops the server.
  func with(
    _ handler: @escaping @Sendable (LoopbackServer.Request, ([UInt8]) -> Bool) -> Void,
    _ body: (LoopbackServer, URL) throws -> Void
  ) throws {
    let server = try LoopbackServer(handler)
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("unroll-\(UUID().uuidString)")
    defer {
      server.stop()
      try? FileManager.default.removeItem(at: folder)
    }
    try body(server, folder.appendingPathComponent("sub/file.txt"))
  }

  func bytes(_ file: URL) -> [UInt8]? { (try? Data(contentsOf: file)).map { Array($0) } }

  func files(beside file: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: file.deletingLastPathComponent().path)
  }

  func reason(_ body: () throws -> Void) -> DownloadError.Reason? {
    #expect(throws: DownloadError.self, performing: body)?.reason
  }

  @Test func `a whole file comes, is checked, and is not fetched twice`() throws {
    let told = Mutex<[Int]>([])
    try with { _, send in
      _ = send(head("200 OK", length: content.count)) && send(content)
    } _: { server, file in
      let downloader = Downloader { received, total in
        #expect(total == content.count)
        told.withLock { $0.append(received) }
      }
      for _ in 0..<2 {
        try downloader.fetch(RemoteFile(server.url(), checksum: digest), to: file)
        #expect(bytes(file) == content)
      }
      #expect(server.seen.count == 1)
      let steps = told.withLock { $0 }
      #expect(steps == steps.sorted() && steps.last == content.count)
      #expect(try files(beside: file) == ["file.txt"])
    }
  }

  @Test func `a body cut short is taken up where it broke off`() throws {
    try with { request, send in
      let start = request.rangeStart ?? 0
      let stop = min(content.count, start + 110_000)
      let status =
        start == 0
        ? head("200 OK", length: content.count)
        : head(
          "206 Partial Content", length: content.count - start,
          "Content-Range: bytes \(start)-\(content.count - 1)/\(content.count)")
      _ = send(status) && send(Array(content[start..<stop]))
    } _: { server, file in
      try Downloader().fetch(RemoteFile(server.url(), checksum: digest), to: file)
      #expect(bytes(file) == content)
      #expect(server.seen.map(\.rangeStart) == [nil, 110_000, 220_000])
    }
  }

  @Test func `what has come stays for the next attempt, the file is not there before it is whole`()
    throws
  {
    let healthy = Mutex(false)
    try with { request, send in
      let start = request.rangeStart ?? 0
      if healthy.withLock({ $0 }) {
        _ =
          send(
            head(
              "206 Partial Content", length: content.count - start,
              "Content-Range: bytes \(start)-\(content.count - 1)/\(content.count)"))
          && send(Array(content[start...]))
      } else {
        _ = send(head("200 OK", length: content.count)) && send(Array(content[..<50_000]))
      }
    } _: { server, file in
      let once = Downloader(retries: 0)
      let failure = reason {
        try once.fetch(RemoteFile(server.url(), checksum: digest), to: file)
      }
      #expect(failure == .truncated(received: 50_000, of: content.count))
      #expect(bytes(file) == nil)
      healthy.withLock { $0 = true }
      try once.fetch(RemoteFile(server.url(), checksum: digest), to: file)
      #expect(bytes(file) == content && server.seen.last?.rangeStart == 50_000)
    }
  }

  @Test func `a server that knows no ranges sends all again`() throws {
    try with { request, send in
      _ =
        send(head("200 OK", length: content.count))
        && send(request.number == 0 ? Array(content[..<70_000]) : content)
    } _: { server, file in
      try Downloader().fetch(RemoteFile(server.url(), checksum: digest), to: file)
      #expect(bytes(file) == content && server.seen.count == 2)
    }
  }

  @Test func `a wrong checksum is refused and nothing is left`() throws {
    try with { _, send in
      _ = send(head("200 OK", length: 5)) && send(Array("hello".utf8))
    } _: { server, file in
      let failure = reason {
        try Downloader().fetch(RemoteFile(server.url(), checksum: digest), to: file)
      }
      #expect(failure == .checksum(expected: digest, received: Checksum.sha1("").of("hello".utf8)))
      let left = try files(beside: file)
      #expect(left.isEmpty)
      #expect(server.seen.count == 1)
    }
  }

  @Test func `the rest of another file does not pass, the whole is fetched anew`() throws {
    try with { request, send in
      let start = request.rangeStart ?? 0
      guard start < content.count else {
        _ = send(head("416 Range Not Satisfiable", length: 0))
        return
      }
      let status =
        start == 0
        ? head("200 OK", length: content.count)
        : head(
          "206 Partial Content", length: content.count - start,
          "Content-Range: bytes \(start)-\(content.count - 1)/\(content.count)")
      _ = send(status) && send(Array(content[start...]))
    } _: { server, file in
      let part = file.appendingPathExtension("part")
      try FileManager.default.createDirectory(
        at: part.deletingLastPathComponent(), withIntermediateDirectories: true)
      for stale in [Array("something else".utf8), content + [1, 2, 3]] {
        try Data(stale).write(to: part)
        try Downloader().fetch(RemoteFile(server.url(), checksum: digest), to: file)
        #expect(bytes(file) == content)
        try FileManager.default.removeItem(at: file)
      }
    }
  }

  @Test(arguments: [403, 404, 500]) func `an error of the server is named`(code: Int) throws {
    try with { _, send in
      _ = send(head("\(code) No", length: 9)) && send(Array("not found".utf8))
    } _: { server, file in
      #expect(
        reason { try Downloader().fetch(RemoteFile(server.url()), to: file) } == .status(code))
      #expect(bytes(file) == nil)
    }
  }

  @Test func `a silent server is given up, a slow one is waited for`() throws {
    try with { _, send in
      if send(head("200 OK", length: 10)) { Thread.sleep(forTimeInterval: 4) }
    } _: { server, file in
      let failure = reason {
        try Downloader(timeout: 1, retries: 0).fetch(RemoteFile(server.url()), to: file)
      }
      #expect(failure == .slow(seconds: 1))
    }
    try with { _, send in
      guard send(head("200 OK", length: 10)) else { return }
      for byte in 0..<10 {
        Thread.sleep(forTimeInterval: 0.3)
        guard send([UInt8(byte)]) else { return }
      }
    } _: { server, file in
      try Downloader(timeout: 2, retries: 0).fetch(RemoteFile(server.url()), to: file)
      #expect(bytes(file) == Array(0..<10))
    }
  }

  @Test func `without a connection the error says what to do`() throws {
    let server = try LoopbackServer { _, _ in }
    let address = server.url()
    server.stop()
    Thread.sleep(forTimeInterval: 0.2)
    try withFile([]) { file in
      let target = file.appendingPathExtension("new")
      let error = #expect(throws: DownloadError.self) {
        try Downloader(timeout: 5).fetch(RemoteFile(address), to: target)
      }
      guard case .offline? = error?.reason else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(error?.description.contains("--data or UNROLL_DATA") == true)
      #expect(error?.description.contains("\n") == false)
    }
  }

  @Test func `a folder that cannot be written is named`() throws {
    try with { _, send in
      _ = send(head("200 OK", length: 1)) && send([1])
    } _: { server, _ in
      let failure = try withFile([]) { file in
        reason {
          try Downloader().fetch(
            RemoteFile(server.url()), to: file.appendingPathComponent("file.txt"))
        }
      }
      guard case .write? = failure else {
        Issue.record("\(String(describing: failure))")
        return
      }
    }
  }
}

struct ChecksumTests {
  @Test func `digests of RFC 1321 and RFC 3174, and of every length about a block's`() {
    let million = [UInt8](repeating: 0x61, count: 1_000_000)
    #expect(Checksum.md5("").of("".utf8) == .md5("d41d8cd98f00b204e9800998ecf8427e"))
    #expect(Checksum.md5("").of("abc".utf8) == .md5("900150983cd24fb0d6963f7d28e17f72"))
    #expect(Checksum.md5("").of(million) == .md5("7707d6ae4e027c70eea2a935c2296f21"))
    #expect(Checksum.sha1("").of("".utf8) == .sha1("da39a3ee5e6b4b0d3255bfef95601890afd80709"))
    #expect(Checksum.sha1("").of("abc".utf8) == .sha1("a9993e364706816aba3e25717850c26c9cd0d89d"))
    #expect(Checksum.sha1("").of(million) == .sha1("34aa973cd4c4daa4f61eeb2bdbad27316534016f"))
    let sixty = [UInt8](repeating: 0x61, count: 64)
    #expect(Checksum.md5("").of(sixty) == .md5("014842d480b571495a4a0363793f7367"))
    #expect(
      Checksum.md5("").of("1234567890123456789012345678901234567890".utf8)
        != Checksum.md5("").of("1234567890123456789012345678901234567891".utf8))
  }
}
