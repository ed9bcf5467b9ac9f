import Autograd
import CKernels

/// A recurrent layer that is fed one step at a time and keeps its state itself: for a text that is
/// generated, for a signal that is still coming in. Nothing is recorded, and what a step costs is
/// little more than reading the weights once, for one sequence or for a batch of them.
///
///     let stepper = lstm.stepper(batch: 32)
///     var characters = start                                  // 32 characters
///     for _ in 0..<200 {
///       let h = stepper(.oneHot(characters, classes: 28))     // [32, hidden]
///       characters = noGrad { head(Tensor(h)) }.value.argmax(axis: -1)
///     }
///
/// It goes by the weights that the layer had when it was made. The numbers are those of the layer
/// itself, called on one step after the other, in evaluation: of `RNN`, `LSTM` and `GRU` to the bit.
public final class Stepper<Cell: RecurrentCell> {
  /// Each part of the state, `[layers, batch, size]`: what the layer returns after the same steps, and
  /// takes to begin with.
  public var state: [Tensor] {
    cells[0].state.indices.map { part in
      .stack(cells.map { Tensor($0.state[part]) })
    }
  }

  /// How many sequences are fed at once.
  public let batch: Int

  private let inputSize: Int
  private var cells: [SteppedCell]
  private var time = 0

  init(_ layer: RecurrentLayer<Cell>, batch: Int, _ state: [Tensor]?) {
    self.batch = batch
    inputSize = layer.cells[0][0].inputSize
    cells = layer.cells.enumerated().map { number, directions in
      let cell = directions[0]
      let first =
        state.map { parts in parts.map { $0.select(axis: 0, index: number).value.contiguous } }
        ?? cell.initialState(batch: batch).map(\.value)
      if layer.isFused, !ck_is_plain(), let kernel = cell as? any KernelCell,
        let kind = kernel.kernel
      {
        return KernelStep(kernel, kind, batch: batch, state: first)
      }
      return EquationStep(cell, state: first)
    }
  }

  /// One step.
  ///
  /// - Parameter x: `[batch, inputSize]`.
  /// - Returns: h of the last layer, `[batch, size]`.
  public func callAsFunction(_ x: NDArray) -> NDArray {
    guard x.shape == [batch, inputSize] else {
      wrongUse("Stepper: input \(x.shape), expected \([batch, inputSize])")
    }
    checkSameType("Stepper", x, cells[0].state[0])
    var rows = x.contiguous
    var below: [NDArray]?
    for cell in cells {
      cell.step(rows, time: time, below: below)
      rows = cell.state[0]
      below = cell.state
    }
    time += 1
    return rows
  }
}

extension RecurrentLayer {
  /// This layer fed one step at a time, forward in time and without dropout.
  ///
  /// - Parameters:
  ///   - batch: how many sequences are at the same step.
  ///   - state: each part of the state to begin with, `[layers, batch, size]`; zeros if left out.
  public final func stepper(batch: Int = 1, _ state: [Tensor]? = nil) -> Stepper<Cell> {
    guard !bidirectional else {
      wrongUse("\(Self.self): a layer that also runs from the end cannot be fed step by step")
    }
    checkSizes("\(Self.self): stepper", ("batch", batch))
    check(state, batch: [batch])
    return Stepper(self, batch: batch, state)
  }
}

/// A cell that a kernel of whole sequences computes; nil where none does.
protocol KernelCell: CellWeights {
  var kernel: ck_cell? { get }
}
extension RNNCell: KernelCell {
  var kernel: ck_cell? { nonlinearity == .tanh ? CK_RNN_TANH : CK_RNN_RELU }
}
extension LSTMCell: KernelCell {
  var kernel: ck_cell? { projSize == 0 ? CK_LSTM : nil }
}
extension GRUCell: KernelCell {
  var kernel: ck_cell? { CK_GRU }
}

/// One layer of a stepper, and its state.
private class SteppedCell {
  fileprivate(set) final var state: [NDArray]
  init(state: [NDArray]) { self.state = state }
  func step(_ x: NDArray, time: Int, below: [NDArray]?) {}
}

private final class EquationStep: SteppedCell {
  private let cell: any RecurrentCell
  init(_ cell: any RecurrentCell, state: [NDArray]) {
    self.cell = cell
    super.init(state: state)
  }

  override func step(_ x: NDArray, time: Int, below: [NDArray]?) {
    state = noGrad {
      cell.step(
        Tensor(x), state.map { Tensor($0) }, time: time, below: below?.map { Tensor($0) }
      ).map(\.value)
    }
  }
}

/// A sequence of one step at a time, its weights packed once.
private final class KernelStep: SteppedCell {
  private var description: ck_sequence
  /// Keep the memory that the description points to.
  private let weights: [NDArray]
  private let packed: Bytes?
  private let scratch: Bytes

  init(_ cell: any KernelCell, _ kind: ck_cell, batch: Int, state: [NDArray]) {
    let (ih, hh) = (cell.weight_ih.value.contiguous, cell.weight_hh.value.contiguous)
    let biases = [cell.bias_ih, cell.bias_hh].map { $0?.value.contiguous }
    weights = [ih, hh] + biases.compactMap { $0 }
    description = ck_sequence()
    description.cell = kind
    description.dtype = ih.dtype.kernel
    description.input = cell.inputSize
    description.hidden = cell.hiddenSize
    description.steps = 1
    description.batch = batch
    description.w_ih = UnsafeRawPointer(ih.storage.pointer)
    description.w_hh = UnsafeRawPointer(hh.storage.pointer)
    description.b_ih = biases[0].map { UnsafeRawPointer($0.storage.pointer) }
    description.b_hh = biases[1].map { UnsafeRawPointer($0.storage.pointer) }
    scratch = Bytes(ck_sequence_scratch_bytes(&description))
    if batch > 4 {  // of few sequences the kernel reads the weights as they lie
      packed = Bytes(ck_sequence_packed_bytes(&description))
      ck_sequence_pack(&description, packed!.pointer)
      description.packed = UnsafeRawPointer(packed!.pointer)
    } else {
      packed = nil
    }
    super.init(state: state)
  }

  override func step(_ x: NDArray, time: Int, below: [NDArray]?) {
    let before = state
    let after = before.map { NDArray.uninitialized($0.shape, $0.dtype) }
    description.h0 = UnsafeRawPointer(before[0].storage.pointer)
    description.c0 = before.count > 1 ? UnsafeRawPointer(before[1].storage.pointer) : nil
    ck_sequence_forward(
      &description, x.storage.pointer, after[0].storage.pointer, description.hidden, nil,
      after.count > 1 ? after[1].storage.pointer : nil, nil, scratch.pointer)
    withExtendedLifetime((before, x)) { state = after }
  }
}
