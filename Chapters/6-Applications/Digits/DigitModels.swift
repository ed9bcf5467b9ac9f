import Unroll

/// The published model: the whole image is one step of 784 numbers.
package final class WholeImageReader: Module, UnaryLayer {
  let lstm = LSTM(inputSize: 784, hiddenSize: 100, numLayers: 2)
  let output = Linear(100, 10)

  package override init() {}

  /// Images `[batch, 28, 28]`, scores `[batch, 10]`.
  package func forward(_ images: Tensor) -> Tensor {
    let oneStep = images.reshaped([1, images.shape[0], 784])
    return output(lstm(oneStep).state.h_n[1])
  }
}

/// Reads an image from top to bottom, a row of 28 numbers a step, and answers after the last.
package final class RowReader: Module, UnaryLayer {
  let lstm = LSTM(inputSize: 28, hiddenSize: 128, batchFirst: true)
  let dropout: Dropout
  let output = Linear(128, 10)

  package init(dropout share: Double = 0) { dropout = Dropout(share) }

  /// Images `[batch, 28, 28]`, scores `[batch, 10]`.
  package func forward(_ images: Tensor) -> Tensor {
    output(dropout(lstm(images).state.h_n[0]))
  }

  /// What it would answer after each row: scores `[batch, 28, 10]`.
  package func afterEachRow(_ images: Tensor) -> Tensor { output(lstm(images).output) }
}

/// The rival that knows no order at all: a weight for each pixel and digit.
final class SoftmaxRegression: Module, UnaryLayer {
  let output = Linear(784, 10)

  func forward(_ images: Tensor) -> Tensor { output(images.reshaped([images.shape[0], 784])) }
}
