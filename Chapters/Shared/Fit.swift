import Unroll

/// The losses of a training run, epoch by epoch.
public struct FitHistory {
  public var training: [Double] = []
  public var validation: [Double] = []
  /// The epoch, from 0, with the lowest validation error: its weights are kept.
  public var best = 0

  public init() {}
}

/// Adam, all windows in each step. Stops when the validation error has not fallen for `patience`
/// epochs, and goes back to the weights with which it was lowest.
@discardableResult
public func fit(
  _ model: some UnaryLayer, training: (x: Tensor, y: Tensor), validation: (x: Tensor, y: Tensor),
  epochs: Int, weightDecay: Double = 0, patience: Int = 20, progress: (Int) -> Void = { _ in }
) -> FitHistory {
  let optimizer = Adam(model.parameters(), learningRate: 0.01, weightDecay: weightDecay)
  var history = FitHistory()
  var kept = optimizer.parameters.map(\.value)
  for epoch in 0..<epochs {
    model.train()
    optimizer.zeroGrad()
    let loss = mseLoss(model(training.x), training.y)
    loss.backward()
    optimizer.step()

    model.eval()
    let judged = noGrad { mseLoss(model(validation.x), validation.y).item }
    history.training.append(loss.item)
    history.validation.append(judged)
    if judged <= history.validation[history.best] {
      history.best = epoch
      kept = optimizer.parameters.map(\.value)
    }
    progress(epoch + 1)
    if epoch - history.best >= patience { break }
  }
  for (parameter, value) in zip(optimizer.parameters, kept) { parameter.value = value }
  return history
}
