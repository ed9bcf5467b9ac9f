import Autograd
import CKernels

/// One layer, one direction, over a whole sequence as a single operation, its gradient derived by
/// hand: what `RNNCell`, `LSTMCell` and `GRUCell` compute step by step, many times as fast.
///
/// The input of all steps goes through `weight_ih` at once; `weight_hh` is brought into the order in
/// which it is read once for all steps. Back through time, only the gates' gradients are computed
/// step by step; those of the weights are one product over all steps.
struct FusedSequence {
  let cell: ck_cell
  let input: Tensor
  let batchSizes: [Int]
  /// h_0, and c_0 for an LSTM, each `[batch, hidden]` or `[1, batch, hidden]`; nil: zeros.
  let state: [Tensor]?
  let weights: (ih: Tensor, hh: Tensor)
  let biases: (ih: Tensor, hh: Tensor)?
  let reverse: Bool
  /// Whether the gates are not kept for the way back, but computed once more.
  let checkpointing: Bool

  /// - Returns: the output `[rows, hidden]`, and h and c after the step that each sequence took
  ///   last, shaped as `state` or `[batch, hidden]`.
  func callAsFunction() -> (output: Tensor, state: [Tensor]) {
    let all = inputs
    for tensor in all where tensor.dtype != input.dtype {
      checkSameType("\(name)", input.value, tensor.value)
    }
    let keeps = ck_is_recording() && all.contains(where: \.requiresGrad)
    let run = FusedRun(self, keeps: keeps)
    let last = [run.last, run.lastCells].compactMap { $0 }
    guard keeps else { return (Tensor(run.output), last.map { Tensor($0) }) }
    let wanted = all.map(\.requiresGrad)
    let results = Tensor.outputs(name, of: all, values: [run.output] + last) {
      run.gradients($0, wanted)
    }
    return (results[0], Array(results.dropFirst()))
  }

  private var inputs: [Tensor] {
    var all = [input, weights.ih, weights.hh]
    if let biases { all += [biases.ih, biases.hh] }
    return all + (state ?? [])
  }

  private var name: StaticString {
    switch cell {
    case CK_LSTM: "lstm"
    case CK_GRU: "gru"
    default: "rnn"
    }
  }
}

extension CellWeights {
  /// The kernel of this name over a sequence; nil where the equations alone are to be used.
  final func fused(
    _ cell: ck_cell, _ input: Tensor, _ batchSizes: [Int], _ state: [Tensor]?, _ reverse: Bool
  ) -> (output: Tensor, state: [Tensor])? {
    if ck_is_plain() { return nil }
    return FusedSequence(
      cell: cell, input: input, batchSizes: batchSizes, state: state,
      weights: (weight_ih, weight_hh), biases: bias_ih.map { ($0, bias_hh!) }, reverse: reverse,
      checkpointing: checkpointing)()
  }
}

/// What a forward pass has put out and keeps for the way back.
private final class FusedRun {
  let output, last: NDArray
  let lastCells: NDArray?

  private let description: ck_sequence
  private let batchSizes: [Int]
  private let isUniform: Bool
  /// In the order of the operation's inputs: x, W_ih, W_hh, b_ih, b_hh, h_0, c_0.
  private let x, wIH, wHH: NDArray
  private let bIH, bHH, h0, c0: NDArray?
  private var saved: Bytes?

  init(_ sequence: FusedSequence, keeps: Bool) {
    batchSizes = sequence.batchSizes
    isUniform = batchSizes.first == batchSizes.last
    x = sequence.input.value.contiguous
    wIH = sequence.weights.ih.value.contiguous
    wHH = sequence.weights.hh.value.contiguous
    bIH = sequence.biases?.ih.value.contiguous
    bHH = sequence.biases?.hh.value.contiguous
    h0 = sequence.state?[0].value.contiguous
    c0 = sequence.cell == CK_LSTM ? sequence.state?[1].value.contiguous : nil
    let dtype = x.dtype, batch = batchSizes[0], hidden = wHH.shape[1]
    description = ck_sequence(
      cell: sequence.cell, dtype: dtype.kernel, reverse: sequence.reverse, input: wIH.shape[1],
      hidden: hidden, steps: batchSizes.count, batch: batch, batch_sizes: nil,
      w_ih: wIH.storage.pointer, w_hh: wHH.storage.pointer, b_ih: bIH?.storage.pointer,
      b_hh: bHH?.storage.pointer, h0: h0?.storage.pointer, c0: c0?.storage.pointer,
      checkpointing: sequence.checkpointing, packed: nil)
    output = .uninitialized([x.shape[0], hidden], dtype)
    let stateShape = h0?.shape ?? [batch, hidden]
    last = .uninitialized(stateShape, dtype)
    lastCells = sequence.cell == CK_LSTM ? .uninitialized(stateShape, dtype) : nil
    forward(keeps: keeps)
  }

  private func forward(keeps: Bool) {
    withDescription { sequence in
      let scratch = Bytes(ck_sequence_scratch_bytes(sequence))
      if keeps { saved = Bytes(ck_sequence_saved_bytes(sequence)) }
      ck_sequence_forward(
        sequence, x.storage.pointer, output.storage.pointer, output.shape[1],
        last.storage.pointer, lastCells?.storage.pointer, saved?.pointer, scratch.pointer)
    }
  }

  /// From the gradients of output and last states to those of the inputs.
  func gradients(_ dy: [NDArray?], _ wanted: [Bool]) -> [NDArray?] {
    // Backward uses up what forward has kept. In a graph that is walked twice, compute it again.
    if saved == nil { forward(keeps: true) }
    let arriving = dy.map { $0?.contiguous }
    let inputs = [x, wIH, wHH] + [bIH, bHH, h0, c0].compactMap { $0 }
    let results = zip(inputs, wanted).map { input, wanted in
      wanted ? NDArray.uninitialized(input.shape, input.dtype) : nil
    }
    var places = results.map { $0?.storage.pointer }[...]
    func next(_ input: NDArray?) -> UnsafeMutableRawPointer? {
      input == nil ? nil : places.removeFirst()
    }
    var targets = ck_sequence_gradients()
    targets.x = next(x)
    targets.w_ih = next(wIH)
    targets.w_hh = next(wHH)
    targets.b_ih = next(bIH)
    targets.b_hh = next(bHH)
    targets.h0 = next(h0)
    targets.c0 = next(c0)
    withDescription { sequence in
      let scratch = Bytes(ck_sequence_scratch_bytes(sequence))
      ck_sequence_backward(
        sequence, x.storage.pointer, output.storage.pointer, output.shape[1],
        arriving[0]?.storage.pointer, output.shape[1], arriving[1]?.storage.pointer,
        lastCells == nil ? nil : arriving[2]?.storage.pointer, saved!.pointer, scratch.pointer,
        &targets)
    }
    withExtendedLifetime(arriving) { saved = nil }
    return results
  }

  private func withDescription(_ body: (UnsafePointer<ck_sequence>) -> Void) {
    batchSizes.withUnsafeBufferPointer { sizes in
      var sequence = description
      if !isUniform { sequence.batch_sizes = sizes.baseAddress }
      withUnsafePointer(to: &sequence, body)
    }
  }
}

/// Memory that comes back when its owner goes.
final class Bytes {
  let pointer: UnsafeMutableRawPointer
  private let count: Int

  init(_ count: Int) {
    self.count = count
    pointer = ck_alloc(count)
  }
  deinit { ck_free(pointer, count) }
}
