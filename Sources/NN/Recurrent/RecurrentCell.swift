/// One time step of a recurrent network: from the input at time t and the state after time t − 1 to
/// the state after time t. A cell says what the network computes; `Recurrent` (and `RNN`, `LSTM`,
/// `GRU`) runs it over time.
public protocol RecurrentCell: Module {
  /// How many features the input of a step has.
  var inputSize: Int { get }
  /// The sizes of the parts of the state. The first part is also the cell's output.
  var stateSizes: [Int] { get }
  /// The element type of the parameters.
  var dtype: DType { get }

  /// One step for a batch of sequences.
  ///
  /// - Parameters:
  ///   - x: the input `[batch, inputSize]`.
  ///   - state: the state so far, its parts `[batch, size]`.
  ///   - time: the number of the step, from 0; a direction that runs backward counts from the end.
  ///   - below: in a stack, the state of the layer below after this same time.
  /// - Returns: the new state.
  func step(_ x: Tensor, _ state: [Tensor], time: Int, below: [Tensor]?) -> [Tensor]

  /// The fused twin, where there is one: the same as `unrolled`, as a single operation over the
  /// whole sequence with a backward pass of its own. Nil where there is none.
  ///
  /// - Parameters:
  ///   - input: `[rows, inputSize]`: all sequences at time 0, then those that still go on at time 1,
  ///     and so on, the longest sequence first (the layout of `PackedSequence`).
  ///   - batchSizes: how many sequences there are at each time; never rising.
  ///   - state: the parts `[batch, size]` or `[1, batch, size]` to start from, where batch is
  ///     `batchSizes[0]`; nil: zeros.
  ///   - reverse: each sequence from its own last step to its first. The rows of the output stay in
  ///     the order of time all the same.
  /// - Returns: the output `[rows, size]`, and each part of every sequence's state after the step
  ///   that it took last, shaped as `state` or `[batch, size]`.
  func sequence(
    _ input: Tensor, batchSizes: [Int], state: [Tensor]?, reverse: Bool
  ) -> (output: Tensor, state: [Tensor])?
}

extension RecurrentCell {
  public func sequence(
    _ input: Tensor, batchSizes: [Int], state: [Tensor]?, reverse: Bool
  ) -> (output: Tensor, state: [Tensor])? { nil }

  /// A state of zeros for each of `batch` sequences.
  public func initialState(batch: Int) -> [Tensor] {
    stateSizes.map { .zeros([batch, $0], dtype: dtype) }
  }
}

/// The weights that every cell here has, as PyTorch names and starts them: the gates stand below one
/// another, and all numbers are drawn evenly from ±1/√hiddenSize.
///
/// `weight_ih` is `[gates · hidden, input]`, `weight_hh` `[gates · hidden, hidden]`, `bias_ih` and
/// `bias_hh` `[gates · hidden]`.
///
/// A cell of one's own may stand on them, and then says no more than its equations:
///
///     final class MinimalCell: CellWeights, RecurrentCell {
///       init(inputSize: Int, hiddenSize: Int) {
///         super.init(gates: 1, inputSize: inputSize, hiddenSize: hiddenSize)
///       }
///       var stateSizes: [Int] { [hiddenSize] }
///       func step(_ x: Tensor, _ state: [Tensor], time: Int, below: [Tensor]?) -> [Tensor] {
///         [(x.linear(weight_ih, bias_ih) + state[0].linear(weight_hh, bias_hh)).sin()]
///       }
///     }
open class CellWeights: Module {
  /// Features of a step's input, and of each gate.
  public let inputSize, hiddenSize: Int
  /// W_ih `[gates · hidden, input]` and W_hh `[gates · hidden, size of h]`.
  public let weight_ih, weight_hh: Parameter
  /// b_ih and b_hh, each `[gates · hidden]`; nil where there are none.
  public let bias_ih, bias_hh: Parameter?
  /// Whether the fused twin lets go of the gates and computes them once more on the way back; see
  /// `RecurrentLayer.checkpointing`.
  public final var checkpointing = false

  /// - Parameters:
  ///   - gates: how many blocks of `hiddenSize` rows the weights have.
  ///   - inputSize: features of a step's input.
  ///   - hiddenSize: features of each gate.
  ///   - outputSize: the size of h, where it is not the cell's.
  ///   - bias: whether there are `bias_ih` and `bias_hh`.
  ///   - dtype: the element type of the parameters.
  ///   - generator: where the starting values are drawn from.
  public init(
    gates: Int, inputSize: Int, hiddenSize: Int, outputSize: Int? = nil, bias: Bool = true,
    dtype: DType = .float32, generator: Generator = .default
  ) {
    checkSizes("\(Self.self)", ("inputSize", inputSize), ("hiddenSize", hiddenSize))
    (self.inputSize, self.hiddenSize) = (inputSize, hiddenSize)
    func weight(_ shape: Int...) -> Parameter {
      Parameter(uniform: 1 / Double(hiddenSize).squareRoot(), shape, dtype, generator)
    }
    weight_ih = weight(gates * hiddenSize, inputSize)
    weight_hh = weight(gates * hiddenSize, outputSize ?? hiddenSize)
    bias_ih = bias ? weight(gates * hiddenSize) : nil
    bias_hh = bias ? weight(gates * hiddenSize) : nil
  }

  /// The element type of the parameters.
  public final var dtype: DType { weight_ih.dtype }

  /// The state to start a step from: the one given, checked, or zeros. Input and state have a batch
  /// axis in front or both have none.
  ///
  /// - Parameters:
  ///   - x: the input of the step, whose batch axis the state is to have.
  ///   - state: nil for zeros.
  ///   - name: what the state is called in the message of a wrong one.
  ///   - size: how many features it has; `hiddenSize` if left out.
  public final func checked(
    _ x: Tensor, _ state: Tensor?, _ name: String, size: Int? = nil
  ) -> Tensor {
    guard (1...2).contains(x.rank) else {
      wrongUse("\(Self.self): input \(x.shape), expected [batch, feature] or [feature]")
    }
    guard x.shape.last == inputSize else {
      wrongUse("\(Self.self): input \(x.shape), expected \(inputSize) features")
    }
    let expected = Array(x.shape.dropLast()) + [size ?? hiddenSize]
    guard let state else { return .zeros(expected, dtype: dtype) }
    guard state.shape == expected else {
      wrongUse("\(Self.self): state \(name) \(state.shape), expected \(expected)")
    }
    return state
  }
}
