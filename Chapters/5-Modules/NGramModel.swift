import Unroll

/// The next word from the two before it (Bengio et al. 2003): their vectors side by side, one
/// hidden layer, a score for every word.
package final class NGramModel: Module {
  package let embedding: Embedding
  let hidden: Linear
  package let output: Linear

  package init(words: Int, context: Int = 2, embeddingSize: Int = 10, hiddenSize: Int = 128) {
    embedding = Embedding(words, embeddingSize)
    hidden = Linear(context * embeddingSize, hiddenSize)
    output = Linear(hiddenSize, words)
  }

  /// Contexts `[batch, 2]`, scores `[batch, words]`.
  package func callAsFunction(_ context: Indices) -> Tensor {
    let vectors = embedding(context)
    let joined = vectors.reshaped([context.shape[0], vectors.shape[1] * vectors.shape[2]])
    return output(hidden(joined).relu())
  }
}

/// a·b / |a||b|: 1 for the same direction, 0 for none in common.
package func cosineSimilarity(_ a: NDArray, _ b: NDArray) -> Double {
  (a * b).sum().item / ((a * a).sum().item * (b * b).sum().item).squareRoot()
}

/// The two directions in which the rows of `[rows, size]` differ most, as coordinates `[rows, 2]`
/// (Pearson 1901).
package func principalComponents(_ rows: NDArray) -> (x: [Double], y: [Double]) {
  let coordinates = leadingCoordinates(rows - rows.mean(axis: 0, keepDims: true), count: 2)
  return (coordinates.transposed[0].doubles, coordinates.transposed[1].doubles)
}

/// The rows of `[rows, size]` along the directions in which they reach farthest, `[rows, count]`:
/// each direction by power iteration, then taken out.
package func leadingCoordinates(_ rows: NDArray, count: Int) -> NDArray {
  var rest = rows.asType(.float64)
  let coordinates = (0..<count).map { _ -> NDArray in
    var direction = NDArray.ones([rest.shape[1], 1], dtype: .float64)
    for _ in 0..<200 {
      direction = rest.transposed.matmul(rest.matmul(direction))
      direction = direction / (direction * direction).sum().item.squareRoot()
    }
    let along = rest.matmul(direction)
    rest = rest - along.matmul(direction.transposed)
    return along
  }
  return .concatenate(coordinates, axis: 1)
}
