/// The size of a network that is to write, and how it learns.
public struct WriterRecipe: Codable, Equatable, Sendable {
  /// Numbers in a character's vector.
  public var embeddingSize = 64
  /// Numbers in the GRU's state.
  public var hiddenSize: Int
  /// The share of numbers set to 0 in training.
  public var dropout: Double
  /// Rows of text read at once, and characters of each in a training step.
  public var batchSize: Int, stretch = 50
  /// The highest learning rate.
  public var learningRate = 0.004
  /// How much of each weight `AdamW` takes off a step, times the learning rate.
  public var weightDecay = 0.02
  /// Steps from one look at the text to choose by to the next.
  public var round = 50
  /// However much time there is, the text is not read more often: it would be known by heart.
  public var mostPasses: Int

  /// - Parameters:
  ///   - hiddenSize: numbers in the GRU's state.
  ///   - dropout: the share of numbers set to 0 in training.
  ///   - batchSize: rows of text read at once.
  ///   - mostPasses: how often the text is read at most.
  public init(hiddenSize: Int, dropout: Double, batchSize: Int = 32, mostPasses: Int) {
    (self.hiddenSize, self.dropout) = (hiddenSize, dropout)
    (self.batchSize, self.mostPasses) = (batchSize, mostPasses)
  }

  /// What does well with a text of so many characters to learn from: a long one has more to learn,
  /// and is less easily known by heart.
  public init(characters: Int) {
    switch characters {
    case ..<50_000: self.init(hiddenSize: 256, dropout: 0.5, batchSize: 16, mostPasses: 40)
    case ..<300_000: self.init(hiddenSize: 384, dropout: 0.4, mostPasses: 60)
    default: self.init(hiddenSize: 384, dropout: 0.15, mostPasses: 40)
    }
  }

  /// Steps in which a text of so many characters is read as often as is good.
  func mostSteps(characters: Int) -> Int {
    max(1, mostPasses * characters / (batchSize * stretch))
  }

  /// As many rounds without betterment end the learning.
  func patience(characters: Int) -> Int { max(10, mostSteps(characters: characters) / round / 4) }
}
