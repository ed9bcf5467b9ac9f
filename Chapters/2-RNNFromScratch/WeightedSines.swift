import ChapterTools
import Unroll

/// The mean squared error with which a weighted sum of the last `count` sines, the newest one included, says
/// the cosine: over the points of the segments, with the weights that err least there.
package func weightedSumError(of count: Int, segments: Int = 40) -> Double {
  let points = (0..<segments).map { SineToCosine.Segment($0) }
  let (sines, cosines) = (points.flatMap(\.sine), points.flatMap(\.cosine))
  let places = count - 1..<sines.count
  let inputs = places.map { Array(sines[$0 + 1 - count...$0]) }, targets = Array(cosines[places])
  let answers = LinearRegression(fitting: inputs, targets: targets).predict(inputs)
  return zip(answers, targets).map { ($0 - $1) * ($0 - $1) }.mean
}
