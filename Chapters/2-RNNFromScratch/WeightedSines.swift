import ChapterTools
import Unroll

/// The mean squared error with which a weighted sum of the last `count` sines, the newest one included, says
/// the cosine: over the points of the segments, with the weights that err least there.
package func weightedSumError(of count: Int, segments: Int = 40) -> Double {
  let points = (0..<segments).map { SineToCosine.Segment($0) }
  let (sines, cosines) = (points.flatMap(\.sine), points.flatMap(\.cosine))
  let examples = (count - 1..<sines.count).map { place in
    (inputs: Array(sines[place + 1 - count...place]), target: cosines[place])
  }
  let weights = leastSquares(examples)
  return examples.map { inputs, target in
    let answer = zip(weights.dropFirst(), inputs).reduce(weights[0]) { $0 + $1.0 * $1.1 }
    return (answer - target) * (answer - target)
  }.mean
}
