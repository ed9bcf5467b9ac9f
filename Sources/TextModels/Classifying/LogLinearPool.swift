import Foundation

/// How much each of several judges' scores counts: p(class) ∝ exp Σ weight · score, the weights, none
/// below 0, those of the least loss on texts whose class is known (a logarithmic opinion pool, Genest
/// & Zidek 1986; of one judge it is temperature scaling, Guo et al. 2017).
package struct LogLinearPool: Sendable {
  /// A weight for each judge.
  package let weights: [Double]
  /// The share of each judge: its weight in units of the one that suits it alone.
  package let shares: [Double]
  /// The weight that suits each judge alone.
  package let alone: [Double]

  /// - Parameter scores: of each judge, `[judge][text][class]`; up to a number for each text they are
  ///   log-probabilities, too sure of themselves or not sure enough.
  package init(_ scores: [[[Double]]], truth: [Int]) {
    // A few thousand texts tell weights as well as all.
    let step = max(1, truth.count / 3000)
    let places = Array(stride(from: 0, to: truth.count, by: step))
    let scores = scores.map { judge in places.map { judge[$0] } }
    let truth = places.map { truth[$0] }
    let classes = scores[0].first?.count ?? 0
    let none = truth.map { _ in [Double](repeating: 0, count: classes) }
    // One by one first, as they differ by orders of magnitude. Of few texts all may be right however
    // sure a judge is: he is held to be not too far from right.
    let alone = scores.map { judge -> Double in
      exp(
        leastPlace(-9...4) { logarithm in
          Self.loss(none, judge, exp(logarithm), truth) * Double(truth.count)
            + logarithm * logarithm / 8
        })
    }
    // Together, one after the other: the loss is convex. Weights near equal ones need less proof.
    let even = 1 / Double(scores.count)
    var shares = scores.map { _ in even }
    for _ in 0..<12 {
      let before = shares
      for place in shares.indices {
        var rest = none
        for (other, judge) in scores.enumerated() where other != place && shares[other] > 0 {
          Self.add(judge, shares[other] * alone[other], to: &rest)
        }
        shares[place] = leastPlace(0...1.5) { share in
          Self.loss(rest, scores[place], share * alone[place], truth) * Double(truth.count)
            + 2 * (share - even) * (share - even)
        }
        if shares[place] < 0.01 { shares[place] = 0 }
      }
      if zip(before, shares).allSatisfy({ abs($0 - $1) < 0.003 }) { break }
    }
    // Where no text tells anything, all know as little.
    if shares.allSatisfy({ $0 == 0 }) { shares = shares.map { _ in even } }
    (self.shares, self.alone) = (shares, alone)
    weights = zip(shares, alone).map { $0 * $1 }
  }

  private static func add(_ scores: [[Double]], _ weight: Double, to sums: inout [[Double]]) {
    for text in sums.indices {
      for label in sums[text].indices { sums[text][label] += weight * scores[text][label] }
    }
  }

  private static func loss(
    _ rest: [[Double]], _ scores: [[Double]], _ weight: Double, _ truth: [Int]
  ) -> Double {
    var sum = 0.0
    for text in truth.indices {
      var highest = -Double.infinity, total = 0.0
      let (base, own) = (rest[text], scores[text])
      for label in base.indices { highest = max(highest, base[label] + weight * own[label]) }
      for label in base.indices { total += exp(base[label] + weight * own[label] - highest) }
      sum += highest + log(total) - base[truth[text]] - weight * own[truth[text]]
    }
    return sum / Double(max(1, truth.count))
  }
}

/// Where a function with one valley is least, to a thousandth of the range (golden section).
private func leastPlace(_ range: ClosedRange<Double>, _ f: (Double) -> Double) -> Double {
  let golden = (5.0.squareRoot() - 1) / 2
  var (low, high) = (range.lowerBound, range.upperBound)
  var a = high - golden * (high - low), b = low + golden * (high - low)
  var (fa, fb) = (f(a), f(b))
  while high - low > 0.001 * (range.upperBound - range.lowerBound) {
    if fa <= fb {
      (high, b, fb) = (b, a, fa)
      a = high - golden * (high - low)
      fa = f(a)
    } else {
      (low, a, fa) = (a, b, fb)
      b = low + golden * (high - low)
      fb = f(b)
    }
  }
  return fa <= fb ? a : b
}
