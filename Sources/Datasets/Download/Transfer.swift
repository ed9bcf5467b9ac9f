import Arrays
import Foundation
import FoundationNetworking
import Synchronization

/// One request for a file, or for the rest of it, whose bytes are written down as they come.
final class Transfer: NSObject, URLSessionDataDelegate, Sendable {
  private struct State {
    var total: Int?
    var reason: DownloadError.Reason?
    /// Whether the answer's bytes are to be kept.
    var accepted = false
  }

  private let address: URL
  private let part: PartFile
  /// How many bytes are there already; they are not asked for again.
  private let start: Int
  private let timeout: Double
  private let progress: @Sendable (Int, Int?) -> Void
  private let state: Mutex<State>
  private let done = DispatchSemaphore(value: 0)

  init(
    _ address: URL, to part: PartFile, timeout: Double,
    _ progress: @escaping @Sendable (Int, Int?) -> Void
  ) {
    (self.address, self.part, start) = (address, part, part.count)
    (self.timeout, self.progress) = (timeout, progress)
    state = Mutex(State())
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
    if let reason = state.withLock({ $0.reason }) {
      throw DownloadError(address: address, reason: reason)
    }
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
    let length = Int(exactly: response.expectedContentLength)
    (state.accepted, state.total, state.reason) = Answer(
      status: answer?.statusCode ?? 200,
      range: answer?.value(forHTTPHeaderField: "Content-Range"),
      length: length.flatMap { $0 < 0 ? nil : $0 }
    ).prepare(part, from: start)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    let (received, total, failed) = state.withLock { state in
      guard state.accepted, state.reason == nil else { return (0, Int?.none, state.reason != nil) }
      do { try part.append(data) } catch { state.reason = .write("\(error)") }
      return (part.count, state.total, state.reason != nil)
    }
    if failed { dataTask.cancel() } else { progress(received, total) }
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
  ) {
    state.withLock { state in
      if state.reason == nil {
        if let total = state.total, part.count < total {
          let isSlow = (error as? URLError)?.code == .timedOut
          state.reason =
            isSlow ? .slow(seconds: timeout) : .truncated(received: part.count, of: total)
        } else if let error {
          state.reason =
            (error as? URLError)?.code == .timedOut
            ? .slow(seconds: timeout) : .offline(error.systemReason)
        }
      }
    }
    done.signal()
  }
}
