import Foundation
import Testing
import Training

/// Whole trainings beside one another, each with a default generator of its own. Also what a build
/// with the thread sanitizer runs.
@Suite(.serialized) struct ParallelTests {
  /// All that is random here is drawn from the default generator: weights, dropout, order, noise.
  static func train(_ seed: UInt64) throws -> StateDict {
    try Generator.withDefault(seed: seed) {
      let model = Forecaster()
      let x = NDArray.normal([48, 6, 2])
      let y = x.sum(axes: [1, 2]).reshaped([48, 1]) * 0.1
      let trainer = Trainer<NDArray, NDArray>(
        model, optimizer: Adam(model.parameters(), learningRate: 0.01),
        loss: MSELoss(), metrics: [MeanAbsoluteError()], clipNorm: 1)
      trainer.showsProgress = false
      let history = try trainer.fit(
        x, y, batchSize: 16, epochs: 3, validationData: (x, y),
        callbacks: [EarlyStopping(patience: 5), ReduceLROnPlateau(patience: 1)])
      #expect(history["loss"]!.allSatisfy { $0.isFinite })
      return model.stateDict()
    }
  }

  @Test(arguments: [1, 2])
  func fourAtOnceGiveTheBitsOfFourInTurn(threads: Int) async throws {
    let before = Threads.count
    defer { Threads.count = before }
    Threads.count = threads
    let inTurn = try (0..<4).map { try Self.train(UInt64($0)) }
    #expect(inTurn[0] != inTurn[1])
    let atOnce = try await withThrowingTaskGroup(of: (Int, StateDict).self) { group in
      for seed in 0..<4 { group.addTask { (seed, try Self.train(UInt64(seed))) } }
      return try await group.reduce(into: [Int: StateDict]()) { $0[$1.0] = $1.1 }
    }
    for seed in 0..<4 { #expect(atOnce[seed] == inTurn[seed]) }
  }

  /// Threads that share a layer's hidden units and wait for one another at every step: the bits of one
  /// thread, with more threads than cores, and while another training does the same.
  @Test func threadsThatWaitForOneAnother() async throws {
    let before = Threads.count
    defer { Threads.count = before }
    @Sendable func gradients() -> [NDArray] {
      Generator.withDefault(seed: 4) {
        let lstm = LSTM(inputSize: 4, hiddenSize: 128)
        let gru = GRU(inputSize: 128, hiddenSize: 128, checkpointing: true)
        gru(lstm(Tensor(.normal([5, 16, 4]))).output).output.sum().backward()
        return (lstm.parameters() + gru.parameters()).map { $0.grad! }
      }
    }
    Threads.count = 1
    let alone = gradients()
    for threads in [2, 4, 8] {
      Threads.count = threads
      let twice = await withTaskGroup(of: [NDArray].self) { group in
        for _ in 0..<2 { group.addTask { gradients() } }
        return await group.reduce(into: []) { $0.append($1) }
      }
      for shared in twice { #expect(shared == alone, "\(threads) threads") }
    }
  }

  /// The directions of a layer at the same time: the bits of one thread, of one sequence and of many, of
  /// unequal lengths, and while another training does the same.
  @Test func directionsAtTheSameTime() async throws {
    let before = Threads.count
    defer { Threads.count = before }
    @Sendable func gradients(_ lengths: [Int]) -> [NDArray] {
      Generator.withDefault(seed: 4) {
        let lstm = LSTM(inputSize: 4, hiddenSize: 128, numLayers: 2, bidirectional: true)
        let gru = GRU(inputSize: 256, hiddenSize: 64, bidirectional: true, checkpointing: true)
        let rnn = RNN(inputSize: 128, hiddenSize: 32, bidirectional: true, merge: .sum)
        let padded = Tensor(.normal([lengths.max()!, lengths.count, 4]), requiresGrad: true)
        let (output, state) = gru(lstm(packPaddedSequence(padded, lengths: lengths)).output)
        let (last, _) = rnn(output)
        (last.data.sum() + state.sum()).backward()
        return [last.data.value, padded.grad!]
          + (lstm.parameters() + gru.parameters() + rnn.parameters()).map { $0.grad! }
      }
    }
    for lengths in [[12], [5, 5, 5], [3, 9, 1, 9, 9]] {
      Threads.count = 1
      let alone = gradients(lengths)
      for threads in [2, 3, 8] {
        Threads.count = threads
        let twice = await withTaskGroup(of: [NDArray].self) { group in
          for _ in 0..<2 { group.addTask { gradients(lengths) } }
          return await group.reduce(into: []) { $0.append($1) }
        }
        for shared in twice { #expect(shared == alone, "\(threads) threads, \(lengths)") }
      }
    }
  }

  @Test func fourThreadsOnOneSetOfNumbers() throws {
    let x = NDArray.normal([32, 6, 2], generator: Generator(seed: 1))
    let expected = try Self.forward(x)
    let failed = Failures()
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      for _ in 0..<20 where (try? Self.forward(x)) != expected { failed.count() }
    }
    #expect(failed.number == 0)
  }

  static func forward(_ x: NDArray) throws -> NDArray {
    Generator.withDefault(seed: 9) {
      var copy = x
      copy[0] = .zeros([])
      let model = Forecaster()
      return model.inEvaluation { model(Tensor(copy)).value }
    }
  }

  final class Failures: @unchecked Sendable {
    private let lock = NSLock()
    private(set) var number = 0
    func count() { lock.withLock { number += 1 } }
  }

  /// An LSTM, dropout and a linear layer: `[batch, time, 2]` to `[batch, 1]`.
  final class Forecaster: Module, UnaryLayer {
    let lstm = LSTM(inputSize: 2, hiddenSize: 8, batchFirst: true)
    let gru = GRU(inputSize: 8, hiddenSize: 6, batchFirst: true)
    let dropout = Dropout(0.2)
    let head = Linear(6, 1)
    func forward(_ x: Tensor) -> Tensor {
      let steps = dropout(gru(lstm(x).output).output)
      return head(steps.select(axis: 1, index: -1))
    }
  }
}
