import Unroll

/// Seconds for each piece of work: they take turns, so that a slow moment of the machine meets all of
/// them, and the median of the rounds counts. One round before does not.
public func interleavedMedians(_ works: [() -> Void], rounds: Int) -> [Double] {
  let clock = ContinuousClock()
  var seconds = [[Double]](repeating: [], count: works.count)
  for round in 0...rounds {
    for (k, work) in works.enumerated() {
      let time = clock.measure(work) / .seconds(1)
      if round > 0 { seconds[k].append(time) }
    }
  }
  return seconds.map { $0.sorted()[rounds / 2] }
}
