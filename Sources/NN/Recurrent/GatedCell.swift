import CKernels

/// A cell that says what it does with the two products of a step, W_ih x + b_ih and W_hh h + b_hh, and
/// leaves the products themselves to the layer: the input of all steps goes through `weight_ih` at
/// once, `weight_hh` is brought into the order in which it is read once for all steps, and the
/// gradients of both are one product over all steps each. Backward through the cell's own arithmetic
/// is taken from its operations.
///
/// A cell of one's own is no more than its equations. An LSTM of 256 units that is written down so takes
/// 1.4 to 1.5 times as long as `LSTM`, with layer norm inside 2.3 times (`benchmark --only cells`):
///
///     final class MinimalCell: CellWeights, GatedCell {
///       init(inputSize: Int, hiddenSize: Int) {
///         super.init(gates: 1, inputSize: inputSize, hiddenSize: hiddenSize)
///       }
///       var stateSizes: [Int] { [hiddenSize] }
///       func step(
///         fromInput: Tensor, fromState: Tensor, _ state: [Tensor], time: Int, below: [Tensor]?
///       ) -> [Tensor] {
///         [(fromInput + fromState).sin()]
///       }
///     }
public protocol GatedCell: CellWeights, RecurrentCell {
  /// One step for a batch of sequences.
  ///
  /// Only the products' results and the state stand in for the step before: what else the arithmetic
  /// uses are the cell's parameters, whose gradients are added as `backward()` adds them.
  ///
  /// - Parameters:
  ///   - fromInput: W_ih x + b_ih, `[batch, rows of inputWeight]`.
  ///   - fromState: W_hh h + b_hh, `[batch, rows of recurrentWeight]`.
  ///   - state: the state before, as of `RecurrentCell.step`.
  ///   - time: the step's number, from 0.
  ///   - below: in a stack, the state of the layer below after this same time.
  /// - Returns: the new state.
  func step(
    fromInput: Tensor, fromState: Tensor, _ state: [Tensor], time: Int, below: [Tensor]?
  ) -> [Tensor]

  /// What x is multiplied by and what is added, `[rows, inputSize]` and `[rows]`: the cell's own
  /// `weight_ih` and `bias_ih` unless it says otherwise.
  var inputWeight: (weight: Tensor, bias: Tensor?) { get }
  /// What h is multiplied by and what is added: `weight_hh` and `bias_hh` unless it says otherwise.
  var recurrentWeight: (weight: Tensor, bias: Tensor?) { get }
  /// Whether a step looks at the state of the layer below.
  var seesLayerBelow: Bool { get }
}

extension GatedCell {
  /// One step of a cell whose state is h and c, by itself.
  func stepped(_ x: Tensor, _ state: (Tensor, Tensor)?) -> (h: Tensor, c: Tensor) {
    let (h, c) = (checked(x, state?.0, "h"), checked(x, state?.1, "c"))
    let new = step(x, [h, c], time: 0, below: nil)
    return (observed(new[0]), new[1])
  }

  public var inputWeight: (weight: Tensor, bias: Tensor?) { (weight_ih, bias_ih) }
  public var recurrentWeight: (weight: Tensor, bias: Tensor?) { (weight_hh, bias_hh) }
  public var seesLayerBelow: Bool { false }

  public func step(_ x: Tensor, _ state: [Tensor], time: Int, below: [Tensor]?) -> [Tensor] {
    let (input, recurrent) = (inputWeight, recurrentWeight)
    return step(
      fromInput: x.linear(input.weight, input.bias),
      fromState: state[0].linear(recurrent.weight, recurrent.bias), state, time: time, below: below)
  }

  public func sequence(
    _ input: Tensor, batchSizes: [Int], state: [Tensor]?, reverse: Bool
  ) -> (output: Tensor, state: [Tensor])? {
    if seesLayerBelow { return nil }
    return gated(input, batchSizes, state, reverse, below: nil).map { ($0.output, $0.state) }
  }

  /// The same with the states of the layer below, and with this layer's for one above: each part
  /// `[rows, size]`, in the order in which the steps are taken. Nil where the equations alone are to
  /// be used.
  func gated(
    _ input: Tensor, _ batchSizes: [Int], _ state: [Tensor]?, _ reverse: Bool, below: [Tensor]?
  ) -> (output: Tensor, state: [Tensor], all: [Tensor])? {
    if ck_is_plain() { return nil }
    return GatedSequence(
      self, input, batchSizes: batchSizes, state: state, below: below, reverse: reverse
    ).results
  }
}
