import Autograd
import NN

/// The network of a text classifier: each token's vector, a GRU in both directions over them, and
/// from its last states and the mean of its outputs a score for each class.
public final class TextReader: Module {
  /// The tokens' vectors, `[tokens, embeddingSize]`.
  public let embedding: Embedding
  /// Reads the vectors in both directions.
  public let gru: GRU
  /// From both last states and the mean output, 4 · hiddenSize numbers, to a score for each class.
  public let output: Linear
  private let dropout: Dropout

  /// - Parameters:
  ///   - tokens: how many tokens have a number.
  ///   - classes: how many scores are given.
  ///   - embeddingSize: numbers in a token's vector.
  ///   - hiddenSize: numbers in the GRU's state, in each direction.
  ///   - share: of the numbers set to 0 in training, before and after the GRU.
  ///   - generator: where the starting weights are drawn from.
  public init(
    tokens: Int, classes: Int, embeddingSize: Int, hiddenSize: Int, dropout share: Double = 0,
    generator: Generator = .default
  ) {
    embedding = Embedding(tokens, embeddingSize, generator: generator)
    gru = GRU(
      inputSize: embeddingSize, hiddenSize: hiddenSize, bidirectional: true, generator: generator)
    output = Linear(4 * hiddenSize, classes, generator: generator)
    dropout = Dropout(share, generator: generator)
  }

  /// Token numbers `[time, batch]`, padded, and how many of each text are real, at least one; scores
  /// `[batch, classes]`.
  public func callAsFunction(_ tokens: Indices, lengths: [Int]) -> Tensor {
    let vectors = dropout(embedding(tokens))
    let (outputs, h_n) = gru(packPaddedSequence(vectors, lengths: lengths))
    let counts = Tensor(NDArray(lengths.map { 1 / Float($0) }, shape: [lengths.count, 1]))
    let mean = padPackedSequence(outputs).output.sum(axis: 0) * counts
    let last = [0, 1].map { h_n.select(axis: 0, index: $0) }
    return output(dropout(.concatenate(last + [mean], axis: 1)))
  }
}
