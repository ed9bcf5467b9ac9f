import Foundation
import Datasets
import Sequences
import Synchronization
import TestSupport
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
    defer { server.stop() }
    try withTemporaryFolder { try body(server, $0.appendingPathComponent("sub/file.txt")) }
  }

  func bytes(_ file: URL) -> [UInt8]? { (try? Data(contentsOf: file)).map { Array($0) } }

  func files(beside file: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: file.deletingLastPathComponent().path)
  }

  func reason(_ body: () throws -> Void) -> DownloadError.Reason? {
    #expect(throws: DownloadError.self, performing: body)?.reason
  }

  @Test(arguments: [false, true])
  func `a whole file comes, is checked, and is not fetched twice`(usesFoundation: Bool) throws {
    let told = Mutex<[Int]>([])
    try with { _, send in
      _ = send(head("200 OK", length: content.count)) && send(content)
    } _: { server, file in
      var downloader = Downloader { received, total in
        #expect(total == content.count)
        told.withLock { $0.append(received) }
      }
      downloader.usesFoundation = usesFoundation
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

  @Test(arguments: [false, true])
  func `a body cut short is taken up where it broke off`(usesFoundation: Bool) throws {
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
      var downloader = Downloader()
      downloader.usesFoundation = usesFoundation
      try downloader.fetch(RemoteFile(server.url(), checksum: digest), to: file)
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
    // Silent for as long as it is waited for.
    let isGivenUp = DispatchSemaphore(value: 0)
    try with { _, send in
      if send(head("200 OK", length: 10)) { isGivenUp.wait() }
    } _: { server, file in
      let failure = reason {
        try Downloader(timeout: 1, retries: 0).fetch(RemoteFile(server.url()), to: file)
      }
      isGivenUp.signal()
      #expect(failure == .slow(seconds: 1))
    }
    try with { _, send in
      guard send(head("200 OK", length: 10)) else { return }
      // Longer than the time allowed in all, each pause far from it.
      for byte in 0..<10 {
        Thread.sleep(forTimeInterval: 0.7)
        guard send([UInt8(byte)]) else { return }
      }
    } _: { server, file in
      try Downloader(timeout: 6, retries: 0).fetch(RemoteFile(server.url()), to: file)
      #expect(bytes(file) == Array(0..<10))
    }
  }

  @Test func `without a connection the error says what to do`() throws {
    let server = try LoopbackServer { _, _ in }
    let address = server.url()
    server.stop()
    let scratch = Scratch(), target = scratch["new"]
    let error = #expect(throws: DownloadError.self) {
      try Downloader(timeout: 5).fetch(RemoteFile(address), to: target)
    }
    guard case .offline? = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.description.contains("put it into the data folder") == true)
    #expect(error?.description.contains("\n") == false)
  }

  @Test func `a folder that cannot be written is named`() throws {
    // A file stands where the folder should be.
    let scratch = Scratch(), file = scratch["file"]
    try Data().write(to: file)
    try with { _, send in
      _ = send(head("200 OK", length: 1)) && send([1])
    } _: { server, _ in
      let failure = reason {
        try Downloader().fetch(
          RemoteFile(server.url()), to: file.appendingPathComponent("file.txt"))
      }
      guard case .write? = failure else {
        Issue.record("\(String(describing: failure))")
        return
      }
    }
  }

  /// Sends bytes slowly, so that downloads meet; what is sent differs from request to request unless
  /// `honest`.
  func answer(
    _ request: LoopbackServer.Request, _ send: ([UInt8]) -> Bool, honest: Bool
  ) {
    let start = request.rangeStart ?? 0
    let status =
      start == 0
      ? head("200 OK", length: content.count)
      : head(
        "206 Partial Content", length: content.count - start,
        "Content-Range: bytes \(start)-\(content.count - 1)/\(content.count)")
    guard send(status) else { return }
    for place in stride(from: start, to: content.count, by: 10_000) {
      let piece = content[place..<min(place + 10_000, content.count)]
      guard send(piece.map { honest ? $0 : $0 ^ UInt8(truncatingIfNeeded: request.number) }) else {
        return
      }
      Thread.sleep(forTimeInterval: 0.001)
    }
  }

  @Test func `of eight downloads at once one fetches, the others find the file there`() throws {
    try with { request, send in
      self.answer(request, send, honest: true)
    } _: { server, file in
      let failures = Mutex<[String]>([])
      DispatchQueue.concurrentPerform(iterations: 8) { _ in
        do {
          try Downloader().fetch(RemoteFile(server.url(), checksum: digest), to: file)
        } catch { failures.withLock { $0.append("\(error)") } }
      }
      #expect(failures.withLock { $0 } == [])
      #expect(bytes(file) == content && server.seen.count == 1)
      let left = try files(beside: file)
      #expect(left == ["file.txt"])
    }
  }

  @Test func `without a digest a file is one answer's, whole`() throws {
    try with { request, send in
      self.answer(request, send, honest: false)
    } _: { server, file in
      DispatchQueue.concurrentPerform(iterations: 4) { _ in
        try? Downloader().fetch(RemoteFile(server.url()), to: file)
      }
      let sent = (0..<4).map { number in content.map { $0 ^ UInt8(number) } }
      #expect(sent.contains(bytes(file) ?? []))
      let left = try files(beside: file)
      #expect(left == ["file.txt"])
      // What an unknown program left is not gone on with: nothing would tell.
      let other = file.appendingPathExtension("2")
      try Data([1, 2, 3]).write(to: other.appendingPathExtension("part"))
      try Downloader().fetch(RemoteFile(server.url()), to: other)
      #expect(bytes(other)?.count == content.count)
    }
  }

  @Test func `a file that is there is compared, and left alone`() throws {
    try with { _, send in
      _ = send(head("200 OK", length: content.count)) && send(content)
    } _: { server, file in
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("my own".utf8).write(to: file)
      let remote = RemoteFile(server.url(), checksum: digest)
      let failure = reason { try Downloader().fetch(remote, to: file) }
      #expect(
        failure
          == .other(
            file: file.path, expected: digest, found: Checksum.sha1("").of("my own".utf8)))
      #expect(bytes(file) == Array("my own".utf8) && server.seen.isEmpty)
    }
  }

  /// What lies where a download would write may have been put there by someone else.
  @Test func `links are not followed, and nothing else is written over`() throws {
    try with { _, send in
      _ = send(head("200 OK", length: content.count)) && send(content)
    } _: { server, file in
      let manager = FileManager.default
      let folder = file.deletingLastPathComponent()
      try manager.createDirectory(at: folder, withIntermediateDirectories: true)
      let foreign = folder.appendingPathComponent("foreign.txt")
      let part = file.appendingPathExtension("part")
      let remote = RemoteFile(server.url(), checksum: digest)
      func refuse(_ make: () throws -> Void) throws {
        try Data("foreign".utf8).write(to: foreign)
        try make()
        guard case .write? = reason({ try Downloader().fetch(remote, to: file) }) else {
          Issue.record("was written")
          return
        }
        #expect(bytes(foreign) == Array("foreign".utf8) && server.seen.isEmpty)
        try? manager.removeItem(at: part)
        unlink(file.path)
      }
      try refuse { try manager.createSymbolicLink(at: part, withDestinationURL: foreign) }
      try refuse { try manager.linkItem(at: foreign, to: part) }
      try refuse { try manager.createDirectory(at: part, withIntermediateDirectories: false) }
      try refuse { #expect(mkfifo(part.path, 0o644) == 0) }
      try refuse {
        try manager.createSymbolicLink(
          at: file, withDestinationURL: folder.appendingPathComponent("nowhere"))
      }
    }
  }

  @Test(arguments: [
    "9223372036854775807", "9223372036854775808", "99999999999999999999",
    "4611686018427387904", "-1", "1e3", "",
  ])
  func `lengths that are no lengths`(length: String) throws {
    for start in [0, 5, 2_000] {
      try with { request, send in
        let range = "Content-Range: bytes \(start)-9999/10000"
        let isRest = start > 0 && request.rangeStart == start
        let status = isRest ? "206 Partial Content\r\n\(range)" : "200 OK"
        let head =
          "HTTP/1.1 \(status)\r\nContent-Length: \(length)\r\nConnection: close\r\n\r\n"
        _ = send(Array(head.utf8)) && send(Array("hello".utf8))
      } _: { server, file in
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(repeating: 1, count: start).write(to: file.appendingPathExtension("part"))
        // Whatever it makes of the length: it ends, and no wrong file is there.
        _ = reason {
          try Downloader(timeout: 5, retries: 1).fetch(
            RemoteFile(server.url(), checksum: digest), to: file)
        }
        #expect(bytes(file) == nil)
      }
    }
    DownloadProgress("x").update(.max, 1)
    DownloadProgress("x").update(.max, .max)
  }

  @Test func `answers in chunks, at other addresses, to the end of the connection`() throws {
    let answers = [
      "chunks":
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=1\r\n world\r\n0\r\n\r\n",
      "elsewhere": "HTTP/1.1 302 Found\r\nLocation: /chunks\r\nContent-Length: 0\r\n\r\n",
      "later": "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhello world",
      "round": "HTTP/1.1 302 Found\r\nLocation: /round\r\nContent-Length: 0\r\n\r\n",
      "local": "HTTP/1.1 302 Found\r\nLocation: file:///etc/hostname\r\n\r\n",
      "none": "", "other": "SSH-2.0-x\r\n\r\n",
      "endless": "HTTP/1.1 200 OK\r\nX: " + String(repeating: "a", count: 100_000),
      "huge": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nhello",
    ]
    try with { request, send in
      let path = request.head.split(separator: " ")[1].dropFirst()
      _ = send(Array((answers[String(path)] ?? "").utf8))
    } _: { server, file in
      for path in answers.keys {
        let target = file.appendingPathExtension(path)
        let failure = Result { try Downloader().fetch(RemoteFile(server.url(path)), to: target) }
        if ["chunks", "elsewhere", "later"].contains(path) {
          #expect(bytes(target) == Array("hello world".utf8))
        } else if case .failure(let error as DownloadError) = failure,
          case .offline = error.reason
        {
          #expect(bytes(target) == nil)
        } else {
          Issue.record("\(path): \(failure)")
        }
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

  @Test func `SHA-256 of FIPS 180-4's examples`() {
    func sha256(_ bytes: some Sequence<UInt8>) -> Checksum { Checksum.sha256("").of(bytes) }
    #expect(
      sha256("".utf8)
        == .sha256("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"))
    #expect(
      sha256("abc".utf8)
        == .sha256("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"))
    #expect(
      sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8)
        == .sha256("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"))
    #expect(
      sha256([UInt8](repeating: 0x61, count: 1_000_000))
        == .sha256("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"))
  }
}
