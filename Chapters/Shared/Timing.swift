import Unroll

/// Seconds for each piece of work: they take turns, so that a slow moment of the machine meets all of
/// them, and the median of the rounds counts. One round before does not, and neither does a run of each
/// before it is timed: the work before has left its own arrays in the caches.
public func interleavedMedians(_ works: [() -> Void], rounds: Int) -> [Double] {
  let clock = ContinuousClock()
  var seconds = [[Double]](repeating: [], count: works.count)
  for round in 0...rounds {
    for (k, work) in works.enumerated() {
      work()
      if round > 0 { seconds[k].append(clock.measure(work) / .seconds(1)) }
    }
  }
  return seconds.map { $0.sorted()[rounds / 2] }
}
