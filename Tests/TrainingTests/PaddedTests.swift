import Testing
import Training

/// Sequences of unequal length, from a loader into `fit` as they are.
@Suite struct PaddedTests {
  private final class Reader: Module {
    let table: Embedding, gru: GRU, head: Linear
    init(_ generator: Generator) {
      table = Embedding(5, 6, paddingIndex: 0, generator: generator)
      gru = GRU(inputSize: 6, hiddenSize: 8, generator: generator)
      head = Linear(8, 2, generator: generator)
    }
    func callAsFunction(_ batch: PaddedBatch<Indices, Indices>) -> Tensor {
      let (_, h) = gru(packPaddedSequence(table(batch.inputs), lengths: batch.lengths))
      return head(h[0])
    }
  }

  /// Does the sequence end in a 4?
  private let set: LabeledTokens = {
    let generator = Generator(seed: 1)
    let sequences = (0..<60).map { place in
      (0...place % 7).map { _ in 1 + Int(generator.uniform() * 4) }
    }
    return LabeledTokens(sequences, labels: sequences.map { $0.last == 4 ? 1 : 0 })
  }()

  private func trainer() -> Trainer<PaddedBatch<Indices, Indices>, Indices> {
    let generator = Generator(seed: 2)
    let model = Reader(generator)
    let trainer = Trainer(
      model, optimizer: Adam(model.parameters(), learningRate: 0.02), loss: CrossEntropyLoss(),
      metrics: [Accuracy()], generator: generator
    ) { (batch: PaddedBatch<Indices, Indices>) in model(batch) }
    trainer.showsProgress = false
    return trainer
  }

  @Test func aLoaderOfPaddedBatchesIsLearnedFrom() throws {
    let trainer = trainer(), set = set
    let history = try trainer.fit(
      { DataLoader(set, batchSize: 16, shuffle: true, generator: $0) }, epochs: 25,
      validation: DataLoader(set, batchSize: 7))
    #expect(history["val_accuracy"]!.last! == 1)
    let whole = DataLoader(set, batchSize: 60), parts = DataLoader(set, batchSize: 7)
    #expect(trainer.evaluate(parts)["accuracy"] == 1)
    // A sequence's answer hangs on nothing that it is padded with.
    let (one, some) = (trainer.predict(whole), trainer.predict(parts))
    #expect(one.shape == [60, 2] && (one - some).abs().max().item < 1e-5)
  }

  /// The same as pairs of inputs and targets, which `fit` takes since ever.
  @Test func paddedBatchesArePairs() throws {
    let set = set, (first, second) = (trainer(), trainer())
    let alike = try first.fit({ DataLoader(set, batchSize: 16, shuffle: true, generator: $0) })
    let pairs = try second.fit({ generator in
      DataLoader(set, batchSize: 16, shuffle: true, generator: generator).map {
        (inputs: $0, targets: $0.targets)
      }
    })
    #expect(alike == pairs && first.model.stateDict() == second.model.stateDict())
  }
}
