import UnrollChapter

/// For each month of the range the `width` values before it, `[time, month, 1]`, and its own,
/// `[month, 1]`.
public func windows(
  _ values: [Double], width: Int, _ months: Range<Int>
) -> (inputs: NDArray, targets: NDArray) {
  let needed = values[(months.lowerBound - width)..<months.upperBound]
  let windows = Windows(NDArray(Array(needed)).reshaped([-1, 1]), width: width)
  return (windows.inputs.transposed(0, 1), windows.targets.squeezed(1))
}

/// Adam, all windows in each step. Stops when the validation error has not fallen for 20 epochs, and
/// goes back to the weights with which it was lowest.
@discardableResult
public func fit(
  _ model: some UnaryLayer, training: (inputs: NDArray, targets: NDArray),
  validation: (inputs: NDArray, targets: NDArray), epochs: Int, weightDecay: Double = 0,
  callbacks: [any Callback] = []
) throws -> (history: History, kept: Int) {
  // There is no order to draw: a generator of its own leaves the default one to weights and dropout.
  let trainer = Trainer(
    model, optimizer: Adam(model.parameters(), learningRate: 0.01, weightDecay: weightDecay),
    loss: MSELoss(), generator: Generator(seed: 0))
  trainer.showsProgress = false
  let stopping = EarlyStopping(patience: 20, restoreBestWeights: true)
  let history = try trainer.fit(
    { _ in [training] }, epochs: epochs, validation: [validation],
    callbacks: [stopping] + callbacks)
  return (history, stopping.bestEpoch)
}
