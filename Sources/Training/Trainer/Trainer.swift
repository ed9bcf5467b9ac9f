import Foundation
@_exported import Optim
@_exported import Sequences

/// Trains a model with the habits of Keras' `fit`: made once with optimizer, loss and metrics, then
/// fitted, evaluated, asked for predictions.
///
///     let trainer = Trainer(model, optimizer: Adam(model.parameters()), loss: MSELoss())
///     let history = try trainer.fit(
///       x, y, batchSize: 32, epochs: 50, validationData: (xTest, yTest),
///       callbacks: [EarlyStopping(patience: 20), ReduceLROnPlateau()])
///     history["val_loss"]
///
/// A loss or a gradient that is not finite ends `fit` with an error, and the parameters stay as they
/// were before that batch; `TerminateOnNaN` ends the run without one.
///
/// `fit` sets a model that evaluates to training; of one that trains, a part that was set to `eval()`
/// on purpose (a part that is not to learn, whose dropout is to rest) stays so, as with PyTorch's and
/// Keras' loops. `evaluate` and `predict` let all of the model evaluate, and leave each part in the
/// mode that it was in before.
///
/// `Input` and `Target` are `NDArray` for numbers, `Indices` for token ids and class numbers, with
/// the samples along axis 0; batches that a caller puts together may be of any types.
public final class Trainer<Input, Target> {
  /// What is trained.
  public let model: Module
  /// What changes the model's parameters; its state is part of a checkpoint.
  public let optimizer: Optimizer
  /// Where the order of the samples is drawn from. Give the model's dropout the same, or the default
  /// one, and a checkpoint knows all there is to know of chance.
  public let generator: Generator
  /// Whether a line on a terminal tells how far `fit` has come.
  public var showsProgress = true

  let forward: (Input, inout [NDArray]) -> Tensor
  let loss: (Tensor, Target) -> Tensor
  let clipNorm: Double?
  var metrics: [any Metric]
  let targets: (Target) -> Targets?
  let sampleCount: (Target) -> Int

  /// - Parameters:
  ///   - model: what is trained.
  ///   - optimizer: of the model's parameters.
  ///   - loss: of a batch's predictions and targets, averaged over the batch.
  ///   - metrics: what else to measure; of the training part while it is trained on.
  ///   - clipNorm: the gradients' norm is made no larger than this before a step.
  ///   - generator: where the order of the samples is drawn from.
  ///   - forward: from a batch of inputs to predictions. What it writes to its second argument,
  ///     such as a hidden state, it finds there with the next batch; an epoch begins with nothing.
  public init(
    _ model: Module, optimizer: Optimizer, loss: @escaping (Tensor, Target) -> Tensor,
    metrics: [any Metric] = [], clipNorm: Double? = nil, generator: Generator = .default,
    carrying forward: @escaping (Input, inout [NDArray]) -> Tensor
  ) {
    (self.model, self.optimizer, self.loss) = (model, optimizer, loss)
    (self.metrics, self.clipNorm, self.generator) = (metrics, clipNorm, generator)
    self.forward = forward
    targets = { ($0 as? NDArray).map(Targets.values) ?? ($0 as? Indices).map(Targets.classes) }
    sampleCount = { ($0 as? any BatchArray)?.exampleCount ?? 1 }
  }

  /// - Parameters:
  ///   - model: what is trained.
  ///   - optimizer: of the model's parameters.
  ///   - loss: of a batch's predictions and targets, averaged over the batch.
  ///   - metrics: what else to measure.
  ///   - clipNorm: the gradients' norm is made no larger than this before a step; nil leaves it as
  ///     it is.
  ///   - generator: where the order of the samples is drawn from.
  ///   - forward: from a batch of inputs to predictions.
  public convenience init(
    _ model: Module, optimizer: Optimizer, loss: @escaping (Tensor, Target) -> Tensor,
    metrics: [any Metric] = [], clipNorm: Double? = nil, generator: Generator = .default,
    forward: @escaping (Input) -> Tensor
  ) {
    self.init(
      model, optimizer: optimizer, loss: loss, metrics: metrics, clipNorm: clipNorm,
      generator: generator, carrying: { input, _ in forward(input) })
  }

  /// A model from one tensor to one tensor.
  public convenience init(
    _ model: some UnaryLayer, optimizer: Optimizer, loss: @escaping (Tensor, Target) -> Tensor,
    metrics: [any Metric] = [], clipNorm: Double? = nil, generator: Generator = .default
  ) where Input == NDArray {
    self.init(
      model, optimizer: optimizer, loss: loss, metrics: metrics, clipNorm: clipNorm,
      generator: generator, forward: { model(Tensor($0)) })
  }

  // MARK: One batch

  /// One step: predictions, loss, gradients, clipping, the optimizer's turn.
  ///
  /// - Returns: the loss before the step, and why the optimizer refused the step, if it did.
  func step(_ batch: Batch, carried: inout [NDArray]) -> (loss: Double, refused: NonFiniteStep?) {
    optimizer.zeroGrad()
    let predictions = forward(batch.inputs, &carried)
    let loss = loss(predictions, batch.targets)
    loss.backward()
    if let clipNorm { clipGradNorm(optimizer.parameters, maxNorm: clipNorm) }
    var refused: NonFiniteStep?
    do { try optimizer.checkedStep() } catch { refused = error }
    measure(&metrics, predictions.value, batch.targets)
    return (loss.item, refused)
  }

  func measure(_ metrics: inout [any Metric], _ predictions: NDArray, _ target: Target) {
    if metrics.isEmpty { return }
    guard let targets = targets(target) else {
      wrongUse("Trainer: metrics need NDArray or Indices as targets, not \(Target.self)")
    }
    for place in metrics.indices { metrics[place].update(predictions, targets) }
  }

  /// Inputs and targets that go through the model together.
  public typealias Batch = (inputs: Input, targets: Target)

  // MARK: Evaluation

  /// The loss and the metrics over batches, without learning from them; dropout lets all pass.
  public func evaluate(_ batches: some Sequence<Batch>) -> Logs {
    model.inEvaluation {
      var carried: [NDArray] = []
      var sum = 0.0, count = 0.0
      var metrics = metrics
      for place in metrics.indices { metrics[place].reset() }
      for batch in batches {
        let predictions = forward(batch.inputs, &carried)
        let samples = Double(sampleCount(batch.targets))
        sum += loss(predictions, batch.targets).item * samples
        count += samples
        measure(&metrics, predictions.value, batch.targets)
      }
      return figures(lossSum: sum, sampleCount: count, metrics)
    }
  }

  /// Predictions for batches of inputs that the caller puts together, one after the other along axis 0:
  /// a model whose samples do not stand there, or whose batches have no one shape, is asked batch by
  /// batch.
  public func predict(_ batches: some Sequence<Input>) -> NDArray {
    model.inEvaluation {
      var carried: [NDArray] = []
      return .concatenate(batches.map { forward($0, &carried).value })
    }
  }

  /// Predictions for the inputs of batches as `fit` takes them, whatever their targets.
  public func predict(_ batches: some Sequence<Batch>) -> NDArray {
    predict(batches.lazy.map(\.inputs))
  }

  func figures(lossSum: Double, sampleCount: Double, _ metrics: [any Metric]) -> Logs {
    var logs: Logs = ["loss": lossSum / sampleCount]
    for metric in metrics { logs[metric.name] = metric.value }
    return logs
  }
}

// MARK: - Samples in arrays

extension Trainer where Input: BatchArray, Target: BatchArray {
  /// The loss and the metrics of samples along axis 0.
  public func evaluate(_ x: Input, _ y: Target, batchSize: Int = 32) -> Logs {
    evaluate(batches(x, y, batchSize, order: nil, "to evaluate"))
  }

  /// Trains on samples along axis 0.
  ///
  /// - Parameters:
  ///   - x: samples along axis 0.
  ///   - y: what is to be predicted of each, along axis 0.
  ///   - batchSize: samples in a training step; an epoch's last may have fewer.
  ///   - epochs: how often the samples are gone through, in all; a run that goes on from a
  ///     checkpoint takes what is left.
  ///   - validationData: measured after each epoch, under the metrics' names after `val_`.
  ///   - validationSplit: the share of the samples, from the end, to hold back for validation;
  ///     where samples overlap in time, split the series first and give `validationData`.
  ///   - shuffle: whether every epoch takes the samples in a new random order.
  ///   - callbacks: asked in their order.
  /// - Throws: what callbacks throw, and `TrainingInterrupted` (see `BackupAndRestore`).
  @discardableResult
  public func fit(
    _ x: Input, _ y: Target, batchSize: Int = 32, epochs: Int = 1,
    validationData: (Input, Target)? = nil, validationSplit: Double = 0, shuffle: Bool = true,
    callbacks: [any Callback] = []
  ) throws -> History {
    var (x, y, validationData) = (x, y, validationData)
    if validationSplit != 0 {
      guard (0..<1).contains(validationSplit), validationData == nil else {
        wrongUse("fit: validationSplit \(validationSplit) must be below 1, and instead of data")
      }
      let kept = Int(Double(x.exampleCount) * (1 - validationSplit))
      let (first, rest) = (Array(0..<kept), Array(kept..<x.exampleCount))
      validationData = (x.examples(rest), y.examples(rest))
      (x, y) = (x.examples(first), y.examples(first))
    }
    let held = validationData.map {
      batches($0.0, $0.1, batchSize, order: nil, "to validate on")
    }
    return try fit(
      { [x, y] generator in
        let order = shuffle ? generator.permutation(x.exampleCount) : nil
        return self.batches(x, y, batchSize, order: order, "to train on")
      }, epochs: epochs, validation: held, callbacks: callbacks)
  }

  /// Predictions for samples along axis 0.
  public func predict(_ x: Input, batchSize: Int = 32) -> NDArray {
    model.inEvaluation {
      var carried: [NDArray] = []
      if x.exampleCount == 0 { return forward(x, &carried).value }
      return .concatenate(
        places(x.exampleCount, batchSize, nil).map { forward(x.examples($0), &carried).value })
    }
  }

  private func batches(
    _ x: Input, _ y: Target, _ batchSize: Int, order: [Int]?, _ purpose: String
  ) -> some Sequence<Batch> {
    guard x.exampleCount == y.exampleCount else {
      wrongUse("Trainer: \(x.exampleCount) inputs and \(y.exampleCount) targets")
    }
    guard x.exampleCount > 0 else { wrongUse("Trainer: no samples \(purpose)") }
    return places(x.exampleCount, batchSize, order).lazy.map { (x.examples($0), y.examples($0)) }
  }

  private func places(_ count: Int, _ batchSize: Int, _ order: [Int]?) -> [[Int]] {
    guard batchSize > 0 else { wrongUse("Trainer: batches of \(batchSize)") }
    let order = order ?? Array(0..<count)
    return stride(from: 0, to: count, by: batchSize).map {
      Array(order[$0..<min($0 + batchSize, count)])
    }
  }
}
