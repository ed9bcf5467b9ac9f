import Foundation

/// One request over plain HTTP/1.1 (RFC 9112), whose bytes are written down as they come.
///
/// Foundation's own reader of headers stops the program at a length of 2⁶³ − 1; what travels
/// without encryption anybody on the way may have written.
struct PlainTransfer {
  let address: URL
  let part: PartFile
  let timeout: Double
  let progress: (Int, Int?) -> Void

  /// Whether an address is one for this: no encryption, no proxy.
  static func serves(_ address: URL) -> Bool {
    let environment = ProcessInfo.processInfo.environment
    return address.scheme?.lowercased() == "http" && address.host() != nil
      && ["http_proxy", "all_proxy", "ALL_PROXY"].allSatisfy { environment[$0] == nil }
  }

  /// Waits until the answer has come. Gives another address if the server sends there.
  func run() throws(DownloadError) -> URL? {
    let start = part.count
    let connection = try connect()
    defer { close(connection) }
    var stream = Stream(address: address, connection: connection, timeout: timeout)
    try stream.send(request(from: start))
    var head = try stream.head()
    while (100..<200).contains(head.status) { head = try stream.head() }
    if (300..<400).contains(head.status), let place = head["location"],
      let next = URL(string: place, relativeTo: address)?.absoluteURL
    {
      return next
    }
    let isChunked = head["transfer-encoding"]?.lowercased().hasSuffix("chunked") == true
    let length =
      isChunked ? nil : head["content-length"].flatMap { Int($0) }.flatMap { $0 < 0 ? nil : $0 }
    let (isAccepted, total, reason) = Answer(
      status: head.status, range: head["content-range"], length: length
    ).prepare(part, from: start)
    if let reason { throw stream.error(reason) }
    guard isAccepted else { return nil }
    func keep(_ bytes: [UInt8]) throws(DownloadError) {
      do { try part.append(Data(bytes)) } catch { throw stream.error(.write("\(error)")) }
      progress(part.count, total)
    }
    if isChunked {
      while true {
        let size = try stream.line().prefix { $0.isHexDigit }
        guard let count = Int(size, radix: 16), count >= 0 else { throw stream.broken }
        if count == 0 { return nil }
        var left = count
        while left > 0 {
          guard let bytes = try stream.bytes(atMost: left) else { throw stream.broken }
          left -= bytes.count
          try keep(bytes)
        }
        _ = try stream.line()
      }
    }
    var left = length ?? .max
    while left > 0, let bytes = try stream.bytes(atMost: left) {
      left -= bytes.count
      try keep(bytes)
    }
    if let total, part.count < total {
      throw stream.error(.truncated(received: part.count, of: total))
    }
    return nil
  }

  private func request(from start: Int) -> String {
    let parts = URLComponents(url: address, resolvingAgainstBaseURL: true)
    let path = parts.map { $0.percentEncodedPath.isEmpty ? "/" : $0.percentEncodedPath } ?? "/"
    let query = parts?.percentEncodedQuery.map { "?\($0)" } ?? ""
    let host = (parts?.percentEncodedHost ?? "") + (address.port.map { ":\($0)" } ?? "")
    var lines = [
      "GET \(path)\(query) HTTP/1.1", "Host: \(host)", "User-Agent: unroll", "Accept: */*",
      // Else the length that is announced is not that of what is kept.
      "Accept-Encoding: identity", "Connection: close",
    ]
    if start > 0 { lines.append("Range: bytes=\(start)-") }
    return lines.joined(separator: "\r\n") + "\r\n\r\n"
  }

  private func connect() throws(DownloadError) -> Int32 {
    func offline(_ text: String) -> DownloadError {
      DownloadError(address: address, reason: .offline(text))
    }
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    let host = address.host()!.filter { $0 != "[" && $0 != "]" }
    let status = getaddrinfo(host, "\(address.port ?? 80)", &hints, &found)
    guard status == 0 else { throw offline(String(cString: gai_strerror(status))) }
    defer { freeaddrinfo(found) }
    var problem = "no address"
    var next = found
    while let place = next?.pointee {
      next = place.ai_next
      let connection = socket(
        place.ai_family, place.ai_socktype | Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue),
        place.ai_protocol)
      guard connection >= 0 else { continue }
      if Glibc.connect(connection, place.ai_addr, place.ai_addrlen) == 0 { return connection }
      if errno == EINPROGRESS {
        guard Stream.isReady(connection, for: POLLOUT, within: timeout) else {
          close(connection)
          throw DownloadError(address: address, reason: .slow(seconds: timeout))
        }
        var failure: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(connection, SOL_SOCKET, SO_ERROR, &failure, &size)
        if failure == 0 { return connection }
        errno = failure
      }
      problem = FileProblem.last.description
      close(connection)
    }
    throw offline(problem)
  }
}

/// Bytes of a connection in the order they come.
private struct Stream {
  let address: URL
  let connection: Int32
  let timeout: Double
  private var buffer: [UInt8] = []

  init(address: URL, connection: Int32, timeout: Double) {
    (self.address, self.connection, self.timeout) = (address, connection, timeout)
  }

  struct Head {
    let status: Int
    let fields: [(name: String, value: String)]
    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }
  }

  func error(_ reason: DownloadError.Reason) -> DownloadError {
    DownloadError(address: address, reason: reason)
  }

  var broken: DownloadError { error(.offline("the server's answer is no HTTP, or was cut short")) }

  static func isReady(_ connection: Int32, for event: Int32, within seconds: Double) -> Bool {
    var watched = pollfd(fd: connection, events: Int16(event), revents: 0)
    let limit = Int32(max(1, min(seconds * 1000, 1e9)))
    while true {
      let count = poll(&watched, 1, limit)
      if count < 0, errno == EINTR { continue }
      return count > 0
    }
  }

  func send(_ text: String) throws(DownloadError) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(connection, $0.baseAddress!, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        guard Self.isReady(connection, for: POLLOUT, within: timeout) else {
          throw error(.slow(seconds: timeout))
        }
      } else if errno != EINTR {
        throw error(.offline(FileProblem.last.description))
      }
    }
  }

  /// Waits for more; false when the other side has closed.
  private mutating func fill() throws(DownloadError) -> Bool {
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = recv(connection, &piece, piece.count, 0)
      if count > 0 {
        buffer += piece[..<count]
        return true
      }
      // A connection that breaks ends like one that is closed: what is missing will be noticed.
      if count == 0 || errno == ECONNRESET { return false }
      guard errno == EAGAIN || errno == EINTR else {
        throw error(.offline(FileProblem.last.description))
      }
      guard Self.isReady(connection, for: POLLIN, within: timeout) else {
        throw error(.slow(seconds: timeout))
      }
    }
  }

  /// Some of the bytes that come next, nil at the end.
  mutating func bytes(atMost count: Int) throws(DownloadError) -> [UInt8]? {
    if buffer.isEmpty {
      guard try fill() else { return nil }
    }
    let bytes = Array(buffer.prefix(count))
    buffer.removeFirst(bytes.count)
    return bytes
  }

  /// A line without its end. One of more than 16 kB is refused.
  mutating func line() throws(DownloadError) -> String {
    while true {
      if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        let line = buffer[..<end]
        buffer.removeFirst(end + 1)
        return String(
          decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
      }
      guard buffer.count < 1 << 14, try fill() else { throw broken }
    }
  }

  mutating func head() throws(DownloadError) -> Head {
    let words = try line().split(separator: " ", maxSplits: 2)
    guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
      throw broken
    }
    var fields: [(name: String, value: String)] = []
    while true {
      let line = try line()
      if line.isEmpty { return Head(status: status, fields: fields) }
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, fields.count < 200 else { throw broken }
      fields.append(
        (parts[0].lowercased(), parts[1].trimmingCharacters(in: .whitespaces)))
    }
  }
}
