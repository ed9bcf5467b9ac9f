import Extensions
import Foundation
import Testing
import UnrollNN

/// Optimizers, schedules, measures, data of another package, and a training run with all of them.
struct TrainingTests {
  /// Beside the algorithm in NumPy.
  @Test func lion() throws {
    let parameter = Parameter(NDArray([1, -2, 0.5], dtype: .float64))
    let optimizer = Lion([parameter], learningRate: 0.1, weightDecay: 0.01)
    let gradients = [[0.3, -0.2, 0], [-0.5, 0.1, 0.4], [0.02, -0.3, -0.1]]
    for gradient in gradients {
      parameter.grad = NDArray(gradient, dtype: .float64)
      optimizer.step()
    }
    let expected = [0.8971028990000001, -1.8941058979999998, 0.4986014995]
    for (a, b) in zip(parameter.value.doubles, expected) { #expect(abs(a - b) < 1e-14) }
    let state = optimizer.stateDict()
    for (a, b) in zip(state["0.exp_avg"]!.doubles, [-0.0018097, -0.0039702, 0.00296]) {
      #expect(abs(a - b) < 1e-15)
    }

    // Another takes up where this one is.
    let copy = Parameter(parameter.value), other = Lion([copy])
    try other.loadStateDict(state)
    #expect(other.learningRate == 0.1)
    for (p, o) in [(parameter, optimizer), (copy, other)] {
      p.grad = NDArray([0.1, 0.2, 0.3], dtype: .float64)
      o.step()
    }
    // The decay is an option, not a part of the state.
    #expect(copy.value.largestDifference(from: parameter.value) < 0.1 * 0.01 * 2)

    // A step that would write a NaN is refused.
    parameter.grad = NDArray([0.1, .nan, 0.3], dtype: .float64)
    let before = parameter.value
    #expect(throws: NonFiniteStep.self) { try optimizer.checkedStep() }
    #expect(parameter.value == before)
  }

  @Test func schedule() throws {
    let optimizer = Lion([Parameter(NDArray([1]))], learningRate: 0.5)
    let schedule = InverseRootLR(optimizer, warmUp: 4)
    let expected = [
      0.125, 0.25, 0.375, 0.5, 0.4472135954999579, 0.408248290463863, 0.3779644730092272,
      0.3535533905932738,
    ]
    for rate in expected {
      #expect(abs(optimizer.learningRate - rate) < 1e-15)
      schedule.step()
    }
    let other = InverseRootLR(Lion([Parameter(NDArray([1]))], learningRate: 9), warmUp: 4)
    try other.loadStateDict(schedule.stateDict())
    #expect(other.optimizer.learningRate == optimizer.learningRate)
  }

  @Test func measures() {
    var metric = HitRate(tolerance: 0.5)
    metric.update(NDArray([1, 2, 3]), .values(NDArray([1.4, 2.6, 3])))
    metric.update(NDArray([1]), .values(NDArray([1.2])))
    #expect(metric.value == 0.75)
    let loss = LogCoshLoss().ofBatch(
      Tensor([0.1, -2, 30], dtype: .float64), NDArray([0, 0, 0], dtype: .float64))
    #expect(abs(loss.item - 10.212282418539855) < 1e-14)
  }

  @Test func scalers() throws {
    let array = NDArray([[1, -8], [-4, 2], [2, 4]])
    let scaler = MaxAbsScaler(fittedTo: array)
    #expect(scaler.transform(array) == NDArray([[0.25, -1], [-1, 0.25], [0.5, 0.5]]))
    #expect(scaler.inverse(scaler.transform(array)) == array)
    let copy = try JSONDecoder().decode(
      MaxAbsScaler.self, from: try JSONEncoder().encode(scaler))
    #expect(copy.scale == [4, 8])
    let share = ShareScaler(fittedTo: NDArray([[0], [1], [2], [3], [100]]), share: 0.75)
    #expect(share.transform([0, 3, 6]) == [0, 1, 2])
  }

  @Test func dataAndTokens() {
    let tokenizer = PairTokenizer()
    #expect(tokenizer.tokens(of: "recurrent") == ["re", "cu", "rr", "en", "t"])
    let words = ["abcd", "cdabab", "ab"]
    let vocabulary = Vocabulary(
      counting: words.flatMap(tokenizer.tokens), special: [.padding])
    let set = Reversals(words, vocabulary: vocabulary)
    let batch = DataLoader(set, batchSize: 3).first { _ in true }!
    // ab is 1, cd is 2.
    #expect(batch.inputs == Indices([1, 2, 1, 2, 1, 0, 0, 1, 0], shape: [3, 3]))
    #expect(batch.targets == Indices([2, 1, 1, 1, 1, 0, 0, 2, 0], shape: [3, 3]))
    #expect(batch.lengths == [2, 3, 1])
  }

  @Test func containers() {
    let branches = Branches(Sequential(Linear(2, 3), Mish()), Linear(2, 3))
    #expect(
      branches.namedParameters().map(\.name) == [
        "left.0.weight", "left.0.bias", "right.weight", "right.bias",
      ])
    let flat = FlatNetwork([1, 4, 1], dropout: 0.5)
    #expect(flat.namedParameters().map(\.name) == ["kernel_0", "shift_0", "kernel_1", "shift_1"])
    flat.eval()
    #expect(!flat.dropout.isTraining)
    flat.train()
    // A part that was set to evaluation on purpose stays so.
    let model = Sequential(flat, Dropout(0.5))
    flat.eval()
    model.inEvaluation { #expect(!model.isTraining && !model.layers[1].isTraining) }
    #expect(model.isTraining && model.layers[1].isTraining && !flat.isTraining)
    #expect(!flat.dropout.isTraining)
  }

  @Test func aRunWithAllOfThem() throws {
    let generator = Generator(seed: 1)
    let x = NDArray.uniform([64, 1], in: -1...1, generator: generator)
    let model = FlatNetwork([1, 16, 1], dropout: 0, generator: generator)
    let optimizer = Lion(model.parameters(), learningRate: 0.01)
    let stop = StopAtTarget(monitor: "val_hit_rate", target: 0.9, epochs: 2)
    let trainer = Trainer(
      model, optimizer: optimizer, loss: LogCoshLoss(), metrics: [HitRate(tolerance: 0.1)],
      generator: generator)
    trainer.showsProgress = false
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent("run.safetensors")
    let history = try trainer.fit(
      x, x * x, batchSize: 16, epochs: 300, validationData: (x, x * x),
      callbacks: [
        stop, LearningRateScheduler(InverseRootLR(optimizer, warmUp: 10)), BackupAndRestore(file),
      ])
    #expect(stop.reached == 2)
    #expect(history.epochs.count < 300)
    #expect(trainer.evaluate(x, x * x)["hit_rate"]! > 0.9)
    #expect(history["reached"]!.last == 2)
  }
}
