import Foundation
import FoundationNetworking
import Synchronization

/// One request for a file, or for the rest of it, whose bytes are appended to a file as they come.
final class Transfer: NSObject, URLSessionDataDelegate, Sendable {
  private struct State {
    var handle: FileHandle?
    var received: Int
    var total: Int?
    var reason: DownloadError.Reason?
    /// Whether the answer's bytes are to be kept.
    var accepted = false
  }

  private let address: URL
  private let file: URL
  private let start: Int
  private let timeout: Double
  private let progress: @Sendable (Int, Int?) -> Void
  private let state: Mutex<State>
  private let done = DispatchSemaphore(value: 0)

  /// - Parameter start: how many bytes the file has already; they are not asked for again.
  init(
    _ address: URL, to file: URL, from start: Int, timeout: Double,
    _ progress: @escaping @Sendable (Int, Int?) -> Void
  ) {
    (self.address, self.file, self.start) = (address, file, start)
    (self.timeout, self.progress) = (timeout, progress)
    state = Mutex(State(received: start))
  }

  /// Waits until the answer has come. Throws `DownloadError`.
  func run() throws {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = timeout
    let session = URLSession(configuration: configuration, delegate: self, delegateQueue: nil)
    defer { session.finishTasksAndInvalidate() }
    var request = URLRequest(url: address, timeoutInterval: timeout)
    // Else the length that is announced is not that of what is handed on.
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    if start > 0 { request.setValue("bytes=\(start)-", forHTTPHeaderField: "Range") }
    session.dataTask(with: request).resume()
    done.wait()
    let reason = state.withLock { state in
      try? state.handle?.close()
      state.handle = nil
      return state.reason
    }
    if let reason { throw DownloadError(address: address, reason: reason) }
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    state.withLock { accept(response, &$0) }
    completionHandler(.allow)
  }

  private func accept(_ response: URLResponse, _ state: inout State) {
    let answer = response as? HTTPURLResponse
    let status = answer?.statusCode ?? 200
    let length = response.expectedContentLength
    switch status {
    case 206
    where answer?.value(forHTTPHeaderField: "Content-Range")?
      .hasPrefix("bytes \(start)-") == true:
      state.total = length >= 0 ? start + Int(length) : nil
    case 200..<300:
      // The whole file, whatever was asked for.
      state.received = 0
      state.total = length >= 0 ? Int(length) : nil
    case 416 where start > 0:
      // Nothing comes after what is there: it is all, or of another file. The checksum will tell.
      state.total = start
      return
    default:
      state.reason = .status(status)
      return
    }
    do {
      if state.received == 0 || !FileManager.default.fileExists(atPath: file.path) {
        try Data().write(to: file)
      }
      let handle = try FileHandle(forWritingTo: file)
      try handle.seekToEnd()
      (state.handle, state.accepted) = (handle, true)
    } catch { state.reason = .write(error.localizedDescription) }
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    let (received, total, failed) = state.withLock { state in
      guard state.accepted, state.reason == nil else { return (0, Int?.none, state.reason != nil) }
      do {
        try state.handle?.write(contentsOf: data)
        state.received += data.count
      } catch { state.reason = .write(error.localizedDescription) }
      return (state.received, state.total, state.reason != nil)
    }
    if failed { dataTask.cancel() } else { progress(received, total) }
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
  ) {
    state.withLock { state in
      if state.reason == nil {
        if let total = state.total, state.received < total {
          let isSlow = (error as? URLError)?.code == .timedOut
          state.reason =
            isSlow ? .slow(seconds: timeout) : .truncated(received: state.received, of: total)
        } else if let error {
          state.reason =
            (error as? URLError)?.code == .timedOut
            ? .slow(seconds: timeout) : .offline(error.localizedDescription)
        }
      }
    }
    done.signal()
  }
}
