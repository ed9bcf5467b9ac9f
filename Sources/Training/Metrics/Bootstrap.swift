import Arrays

/// How much a figure would vary if the data had come out a little differently: its values on samples
/// drawn from the data with replacement (Efron 1979), smallest first.
///
/// Of a series, neighbors belong together: with `blockLength` runs of so many are drawn as a whole, each
/// from a random place, the end joined to the beginning (Politis and Romano 1992).
///
///     let errors = [1.5, -0.3, 0.8, 2.1, -1.2]
///     let means = bootstrap(errors.count) { drawn in drawn.reduce(0) { $0 + errors[$1] } / 5 }
///     let interval = means.interval(0.9)
///
/// - Parameters:
///   - count: how many there are to draw from, and how many are drawn.
///   - blockLength: neighbors that are drawn as a whole; 1 for data without an order.
///   - samples: how often.
///   - generator: where the places are drawn from.
///   - statistic: the figure, of the places drawn, each from 0 to `count` − 1.
public func bootstrap(
  _ count: Int, blockLength: Int = 1, samples: Int = 2000,
  generator: Generator = Generator(seed: 1),
  statistic: (_ drawn: [Int]) -> Double
) -> [Double] {
  if count < 1 || blockLength < 1 || samples < 1 {
    wrongUse(
      "bootstrap: \(count) values in blocks of \(blockLength), \(samples) samples; each must be 1 or more"
    )
  }
  let blocks = (count + blockLength - 1) / blockLength
  return (0..<samples).map { _ in
    var drawn: [Int] = []
    drawn.reserveCapacity(blocks * blockLength)
    for _ in 0..<blocks {
      let start = min(Int(generator.uniform() * Double(count)), count - 1)
      drawn += (start..<start + blockLength).map { $0 % count }
    }
    return statistic(Array(drawn.prefix(count)))
  }.sorted()
}

extension [Double] {
  /// Of values in order, from the smallest on, the ends between which the middle `share` lies.
  public func interval(_ share: Double) -> ClosedRange<Double> {
    if isEmpty || !(share > 0 && share < 1) {
      wrongUse("interval: the middle \(share) of \(count) values")
    }
    let cut = Int((1 - share) / 2 * Double(count))
    return self[cut]...self[count - 1 - cut]
  }
}
