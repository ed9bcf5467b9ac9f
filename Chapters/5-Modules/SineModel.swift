import Unroll

/// LSTM 50 → LSTM 100 → one number: the Keras classic. Windows `[batch, 10, 1]`, answers `[batch,
/// 1]`.
package final class SineModel: Module, UnaryLayer {
  let first = LSTM(inputSize: 1, hiddenSize: 50, batchFirst: true)
  let second = LSTM(inputSize: 50, hiddenSize: 100, batchFirst: true)
  let dense = Linear(100, 1)

  package func forward(_ x: Tensor) -> Tensor {
    dense(second(first(x).output).output.select(axis: 1, index: -1))
  }
}
