import Arrays
import Foundation

/// Zipf's law fitted to counts: the r-th most frequent kind has a share in proportion to r^−α.
///
/// α is the one under which the counts are most probable (maximum likelihood over the ranks that
/// there are), so that each token weighs the same. A straight line through the points of a plot with
/// two logarithmic axes would weigh each kind alike, of which half come once.
///
///     let law = ZipfLaw(fittedTo: vocabulary.counts.filter { $0 > 0 })
///     law.exponent               // near 1 for the words of a long text
///     law.count(ofRank: 10)      // how often the tenth should come
public struct ZipfLaw: Sendable {
  /// α: 0 if all kinds are equally frequent.
  public let exponent: Double
  private let first: Double

  /// Stops the program with fewer than two counts, or with one that is not positive.
  ///
  /// - Parameter counts: how often each kind came, in any order.
  public init(fittedTo counts: some Collection<Int>) {
    guard counts.count > 1, counts.allSatisfy({ $0 > 0 }) else {
      wrongUse("ZipfLaw: \(counts.count) counts, of which the least is \(counts.min() ?? 0)")
    }
    let logarithms = (1...counts.count).map { log(Double($0)) }
    let total = Double(counts.reduce(0, +))
    let mean = zip(counts.sorted(by: >), logarithms).reduce(0) { $0 + Double($1.0) * $1.1 } / total
    // Where the likelihood is greatest the law's mean logarithm of the rank is that of the counts;
    // it falls as α grows.
    var (low, high) = (0.0, 1.0)
    while high < 1e3, Self.sums(high, logarithms).mean > mean { (low, high) = (high, 2 * high) }
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if Self.sums(middle, logarithms).mean > mean { low = middle } else { high = middle }
    }
    exponent = (low + high) / 2
    first = total / Self.sums(exponent, logarithms).all
  }

  /// How often the law expects the kind of a rank, from 1.
  public func count(ofRank rank: Int) -> Double { first * pow(Double(rank), -exponent) }

  /// The sum of r^−α over all ranks, and the mean of log r under these weights.
  private static func sums(_ alpha: Double, _ logarithms: [Double]) -> (all: Double, mean: Double) {
    var (all, weighted) = (0.0, 0.0)
    for logarithm in logarithms {
      let weight = exp(-alpha * logarithm)
      all += weight
      weighted += weight * logarithm
    }
    return (all, weighted / all)
  }
}
