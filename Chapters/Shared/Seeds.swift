import Dispatch
import Foundation
import Synchronization
import UnrollChapter

/// The same work for several seeds, as many at once as there are cores; each draws from a generator
/// of its own, so that its result does not depend on the others.
///
/// - Parameters:
///   - work: what is done with a seed; it tells how far it has come by calling its second argument
///     with the steps done and the steps in all.
/// - Returns: the results in the order of the seeds `first`, `first` + 1, ….
public func overSeeds<Result: Sendable>(
  _ page: Page, _ title: String, first: UInt64, count: Int = 3,
  _ work:
    @escaping @Sendable (
      UInt64, _ progress: @escaping (_ done: Int, _ total: Int) -> Void
    ) throws -> Result
) throws -> [Result] {
  let results = Mutex<[Int: Swift.Result<Result, any Error>]>([:])
  let shares = Mutex([Double](repeating: 0, count: count))
  let threads = Threads.count
  Threads.count = 1
  defer { Threads.count = threads }
  let finished = DispatchSemaphore(value: 0)
  let places = DispatchSemaphore(value: Threads.available)
  for index in 0..<count {
    Thread(stackSize: 1 << 23) {
      places.wait()
      defer {
        places.signal()
        finished.signal()
      }
      let seed = first &+ UInt64(index)
      let result = Swift.Result {
        try Generator.withDefault(seed: seed) {
          try work(seed) { done, total in
            shares.withLock { $0[index] = Double(done) / Double(max(1, total)) }
          }
        }
      }
      results.withLock { $0[index] = result }
    }.start()
  }
  // The page belongs to this thread: it shows what the others say of themselves.
  var ended = 0
  while ended < count {
    if finished.wait(timeout: .now() + 0.2) == .success {
      ended += 1
      // The last of them shares the cores that the others have left; its numbers stay the same.
      if ended < count { Threads.count = max(1, threads / (count - ended)) }
    }
    let share = shares.withLock { $0.reduce(0, +) } / Double(count)
    page.progress("\(title), \(count) seeds", Int(100 * share), of: 100)
  }
  return try results.withLock { results in try (0..<count).map { try results[$0]!.get() } }
}

extension Thread {
  fileprivate convenience init(stackSize: Int, _ work: @escaping @Sendable () -> Void) {
    self.init(block: work)
    self.stackSize = stackSize
  }
}

extension Page {
  /// The mean of what several seeds gave, under `name`, and their standard deviation under
  /// `name.sd`.
  public func result(_ name: String, over values: [Double], digits: Int = 4) {
    result(name, values.mean, digits: digits)
    guard values.count > 1 else { return }
    // Equal numbers do not differ, whatever rounding leaves of their mean.
    let areEqual = values.allSatisfy { $0 == values[0] }
    let squares = values.map { ($0 - values.mean) * ($0 - values.mean) }.reduce(0, +)
    result(
      "\(name).sd", areEqual ? 0 : (squares / Double(values.count - 1)).squareRoot(), digits: 2)
  }
}

extension [Double] {
  /// NaN of none.
  public var mean: Double { reduce(0, +) / Double(count) }
}
