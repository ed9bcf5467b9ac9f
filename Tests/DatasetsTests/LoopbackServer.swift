import Foundation
import Glibc
import Synchronization

/// A tiny HTTP server on this machine's loopback address, for downloads that go wrong in a chosen
/// way. Each connection brings one request, which the handler answers with bytes.
final class LoopbackServer: Sendable {
  struct Request: Sendable {
    /// The request's first line and headers.
    let head: String
    /// How many requests came before it.
    let number: Int

    /// The first byte that is asked for by `Range`, if it is.
    var rangeStart: Int? {
      guard let found = head.firstRange(of: "bytes=") else { return nil }
      return Int(head[found.upperBound...].prefix { $0.isNumber })
    }
  }

  let port: UInt16
  private let socket: Int32
  private let requests = Mutex<[Request]>([])

  /// The requests so far.
  var seen: [Request] { requests.withLock { $0 } }

  func url(_ path: String = "file.txt") -> URL { URL(string: "http://127.0.0.1:\(port)/\(path)")! }

  /// `handler` writes its answer through the function it is given, which is false when the other
  /// side has gone.
  init(
    _ handler: @escaping @Sendable (Request, _ send: ([UInt8]) -> Bool) -> Void
  ) throws {
    signal(SIGPIPE, SIG_IGN)
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, length) == 0 && listen(socket, 8) == 0
          && getsockname(socket, $0, &length) == 0
      }
    }
    guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
    (self.socket, port) = (socket, UInt16(bigEndian: address.sin_port))
    Thread { [self] in
      while true {
        let connection = accept(socket, nil, nil)
        guard connection >= 0 else { return }
        Thread { self.answer(connection, handler) }.start()
      }
    }.start()
  }

  private func answer(
    _ connection: Int32, _ handler: (Request, ([UInt8]) -> Bool) -> Void
  ) {
    defer { close(connection) }
    var bytes = [UInt8](repeating: 0, count: 8192)
    var head = ""
    while !head.contains("\r\n\r\n") {
      let got = recv(connection, &bytes, bytes.count, 0)
      guard got > 0 else { return }
      head += String(decoding: bytes[..<got], as: UTF8.self)
    }
    let request = requests.withLock { all in
      all.append(Request(head: head, number: all.count))
      return all[all.count - 1]
    }
    handler(request) { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = bytes.withUnsafeBytes {
          Glibc.send(connection, $0.baseAddress! + sent, bytes.count - sent, 0)
        }
        guard count > 0 else { return false }
        sent += count
      }
      return true
    }
  }

  /// Takes no more requests.
  func stop() { shutdown(socket, Int32(SHUT_RDWR)) }
}

/// The head of an answer.
func head(_ status: String, length: Int, _ headers: String...) -> [UInt8] {
  let lines = ["HTTP/1.1 \(status)", "Content-Length: \(length)", "Connection: close"] + headers
  return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
}
