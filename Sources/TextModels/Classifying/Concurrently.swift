import Foundation
import Synchronization

/// The results of `work` for 0 ..< `count`, so many at once as there are threads; none may depend on
/// another. While they work, `progress` is told by this thread how far they have come together.
func concurrently<Result: Sendable>(
  _ count: Int, threads: Int, progress: (Double) -> Void = { _ in },
  _ work: @escaping @Sendable (Int, _ progress: (Double) -> Void) -> Result
) -> [Result] {
  if threads <= 1 || count <= 1 {
    return (0..<count).map { index in
      work(index) { progress((Double(index) + $0) / Double(count)) }
    }
  }
  let results = Mutex<[Int: Result]>([:])
  let shares = Mutex([Double](repeating: 0, count: count))
  let next = Mutex(0)
  let finished = DispatchSemaphore(value: 0)
  for _ in 0..<min(threads, count) {
    let thread = Thread {
      while true {
        let index = next.withLock { next in
          defer { next += 1 }
          return next
        }
        if index >= count { break }
        let result = work(index) { share in shares.withLock { $0[index] = share } }
        results.withLock { $0[index] = result }
        finished.signal()
      }
    }
    // What a long chain of operations takes.
    thread.stackSize = 1 << 23
    thread.start()
  }
  var ended = 0
  while ended < count {
    if finished.wait(timeout: .now() + 0.2) == .success { ended += 1 }
    progress(shares.withLock { $0.reduce(0, +) } / Double(count))
  }
  return results.withLock { results in (0..<count).map { results[$0]! } }
}
