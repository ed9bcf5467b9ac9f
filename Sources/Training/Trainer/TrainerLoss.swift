@_exported import NN

/// A loss as an object that a trainer takes as it is, such as `MSELoss()`, of a batch's predictions
/// and its targets: `NDArray` for numbers, `Indices` for class numbers.
public protocol TrainerLoss<Target> {
  /// What the loss compares predictions with: `NDArray` or `Indices`.
  associatedtype Target
  /// The loss of a batch, a single number `[]` with a gradient; shapes are the loss's own matter.
  func ofBatch(_ predictions: Tensor, _ targets: Target) -> Tensor
}

extension MSELoss: TrainerLoss {
  public func ofBatch(_ predictions: Tensor, _ targets: NDArray) -> Tensor {
    self(predictions, Tensor(targets))
  }
}

extension L1Loss: TrainerLoss {
  public func ofBatch(_ predictions: Tensor, _ targets: NDArray) -> Tensor {
    self(predictions, Tensor(targets))
  }
}

extension SmoothL1Loss: TrainerLoss {
  public func ofBatch(_ predictions: Tensor, _ targets: NDArray) -> Tensor {
    self(predictions, Tensor(targets))
  }
}

extension BCEWithLogitsLoss: TrainerLoss {
  public func ofBatch(_ predictions: Tensor, _ targets: NDArray) -> Tensor {
    self(predictions, Tensor(targets))
  }
}

extension NLLLoss: TrainerLoss {
  public func ofBatch(_ predictions: Tensor, _ targets: Indices) -> Tensor {
    self(predictions, targets)
  }
}

extension CrossEntropyLoss: TrainerLoss {
  public func ofBatch(_ predictions: Tensor, _ targets: Indices) -> Tensor {
    self(predictions, targets)
  }
}

extension Trainer {
  /// A model from one tensor to one tensor, with a loss as an object.
  public convenience init(
    _ model: some UnaryLayer, optimizer: Optimizer, loss: some TrainerLoss<Target>,
    metrics: [any Metric] = [], clipNorm: Double? = nil, generator: Generator = .default
  ) where Input == NDArray {
    self.init(
      model, optimizer: optimizer, loss: { loss.ofBatch($0, $1) }, metrics: metrics,
      clipNorm: clipNorm, generator: generator)
  }

  /// Any model, with a loss as an object.
  ///
  /// - Parameters:
  ///   - model: what is trained.
  ///   - optimizer: of the model's parameters.
  ///   - loss: averaged over the batch, unless it was made with another reduction.
  ///   - metrics: what else to measure.
  ///   - clipNorm: the gradients' norm is made no larger than this before a step; nil leaves it as
  ///     it is.
  ///   - generator: where the order of the samples is drawn from.
  ///   - forward: from a batch of inputs to predictions.
  public convenience init(
    _ model: Module, optimizer: Optimizer, loss: some TrainerLoss<Target>,
    metrics: [any Metric] = [], clipNorm: Double? = nil, generator: Generator = .default,
    forward: @escaping (Input) -> Tensor
  ) {
    self.init(
      model, optimizer: optimizer, loss: { loss.ofBatch($0, $1) }, metrics: metrics,
      clipNorm: clipNorm, generator: generator, forward: forward)
  }

  /// Any model, with a loss as an object and what is carried from batch to batch.
  ///
  /// - Parameters:
  ///   - model: what is trained.
  ///   - optimizer: of the model's parameters.
  ///   - loss: averaged over the batch, unless it was made with another reduction.
  ///   - metrics: what else to measure.
  ///   - clipNorm: the gradients' norm is made no larger than this before a step; nil leaves it as
  ///     it is.
  ///   - generator: where the order of the samples is drawn from.
  ///   - forward: see the first initializer.
  public convenience init(
    _ model: Module, optimizer: Optimizer, loss: some TrainerLoss<Target>,
    metrics: [any Metric] = [], clipNorm: Double? = nil, generator: Generator = .default,
    carrying forward: @escaping (Input, inout [NDArray]) -> Tensor
  ) {
    self.init(
      model, optimizer: optimizer, loss: { loss.ofBatch($0, $1) }, metrics: metrics,
      clipNorm: clipNorm, generator: generator, carrying: forward)
  }
}
