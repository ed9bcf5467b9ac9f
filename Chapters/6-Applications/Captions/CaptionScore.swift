import Unroll

/// The rival: the caption of the picture that differs least, pixel by pixel.
package struct NearestPicture: Sendable {
  private let known: DrawnScenes
  private let pictures, squares: NDArray

  package init(_ known: DrawnScenes) {
    self.known = known
    pictures = Self.matrix(known.pictures)
    squares = (pictures * pictures).sum(axis: 1)
  }

  package func captions(_ asked: [[Double]]) -> [[String]] {
    // |a − b|² = |a|² − 2ab + |b|², and |a|² is the same for all b.
    let distances = squares - 2 * Self.matrix(asked).matmul(pictures.transposed)
    return distances.argmin(axis: 1).values.map { known.scenes[$0].words }
  }

  private static func matrix(_ pictures: [[Double]]) -> NDArray {
    NDArray(pictures.flatMap { $0 }, shape: [pictures.count, Scene.side * Scene.side])
  }
}

/// How well pictures were told.
struct CaptionScore: Sendable {
  /// The share of captions that are right in every word.
  let exact: Double
  /// Words to change, as a share of all.
  let wordErrors: Double

  init(_ captions: [[String]], _ drawn: DrawnScenes) {
    let right = zip(captions, drawn.scenes).count { $0 == $1.words }
    exact = Double(right) / Double(captions.count)
    wordErrors = errorRate(captions, drawn.scenes.map(\.words))
  }
}
