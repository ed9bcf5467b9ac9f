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
    let all = checkedInputs()
    let keeps = ck_is_recording() && all.contains(where: \.requiresGrad)
    let run = FusedRun(self)
    run.forward(keeps: keeps)
    guard keeps else { return (Tensor(run.output), run.lastStates.map { Tensor($0) }) }
    let wanted = all.map(\.requiresGrad)
    let results = Tensor.outputs(name, of: all, values: [run.output] + run.lastStates) {
      run.gradients($0, wanted)
    }
    return (results[0], Array(results.dropFirst()))
  }

  /// The same of a layer's two directions as one operation, so that they may go on at the same time.
  static func both(
    _ first: FusedSequence, _ second: FusedSequence
  ) -> [(output: Tensor, state: [Tensor])] {
    let (one, other) = (first.checkedInputs(), second.checkedInputs()), all = one + other
    let keeps = ck_is_recording() && all.contains(where: \.requiresGrad)
    let runs = (FusedRun(first), FusedRun(second))
    FusedRun.forward(runs, keeps: keeps)
    let values = [runs.0.output] + runs.0.lastStates + [runs.1.output] + runs.1.lastStates
    let wanted = (one.map(\.requiresGrad), other.map(\.requiresGrad))
    let results = Tensor.outputs(first.name, of: all, values: values) {
      FusedRun.gradients(runs, $0, wanted)
    }
    let half = values.count / 2
    return [0, half].map { (results[$0], Array(results[$0 + 1..<$0 + half])) }
  }

  private func checkedInputs() -> [Tensor] {
    let all = inputs
    for tensor in all where tensor.dtype != input.dtype {
      checkSameType("\(name)", input.value, tensor.value)
    }
    return all
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
    ck_is_plain() ? nil : sequence(cell, input, batchSizes, state, reverse)()
  }

  /// The kernels of a layer's two directions; nil where one has none.
  static func fused(
    _ cells: [CellWeights], _ input: Tensor, _ batchSizes: [Int], _ states: [[Tensor]?]
  ) -> [(output: Tensor, state: [Tensor])]? {
    guard cells.count == 2, !ck_is_plain(), let kernel = (cells[0] as? any KernelCell)?.kernel,
      (cells[1] as? any KernelCell)?.kernel == kernel,
      cells[0].weight_hh.shape == cells[1].weight_hh.shape
    else { return nil }
    return FusedSequence.both(
      cells[0].sequence(kernel, input, batchSizes, states[0], false),
      cells[1].sequence(kernel, input, batchSizes, states[1], true))
  }

  private final func sequence(
    _ cell: ck_cell, _ input: Tensor, _ batchSizes: [Int], _ state: [Tensor]?, _ reverse: Bool
  ) -> FusedSequence {
    FusedSequence(
      cell: cell, input: input, batchSizes: batchSizes, state: state,
      weights: (weight_ih, weight_hh), biases: bias_ih.map { ($0, bias_hh!) }, reverse: reverse,
      checkpointing: checkpointing)
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

  init(_ sequence: FusedSequence) {
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
  }

  /// h and c after each sequence's last step.
  var lastStates: [NDArray] { lastCells.map { [last, $0] } ?? [last] }

  func forward(keeps: Bool) {
    withDescription { sequence in
      let scratch = room(sequence, keeps: keeps), it = forwardPass(sequence, scratch)
      ck_sequence_forward(
        it.sequence, it.x, it.out, output.shape[1], it.h_n, it.c_n, it.saved, it.scratch)
      withExtendedLifetime(scratch) {}
    }
  }

  /// Of two directions.
  static func forward(_ runs: (FusedRun, FusedRun), keeps: Bool) {
    runs.0.withDescription { first in
      runs.1.withDescription { second in
        let scratch = (runs.0.room(first, keeps: keeps), runs.1.room(second, keeps: keeps))
        ck_directions_forward([
          runs.0.forwardPass(first, scratch.0), runs.1.forwardPass(second, scratch.1),
        ])
        withExtendedLifetime(scratch) {}
      }
    }
  }

  /// From the gradients of output and last states to those of the inputs.
  func gradients(_ dy: [NDArray?], _ wanted: [Bool]) -> [NDArray?] {
    // Backward uses up what forward has kept. In a graph that is walked twice, compute it again.
    if saved == nil { forward(keeps: true) }
    let arriving = dy.map { $0?.contiguous }, results = room(for: wanted)
    withDescription { sequence in
      let scratch = Bytes(ck_sequence_scratch_bytes(sequence))
      var it = backwardPass(sequence, scratch, arriving[...], results)
      let row = output.shape[1]
      ck_sequence_backward(
        it.sequence, it.x, it.out, row, it.dy, row, it.dh_n, it.dc_n, it.saved, it.scratch,
        &it.gradients)
      withExtendedLifetime(scratch) {}
    }
    withExtendedLifetime(arriving) { saved = nil }
    return results
  }

  /// The same of two directions.
  static func gradients(
    _ runs: (FusedRun, FusedRun), _ dy: [NDArray?], _ wanted: ([Bool], [Bool])
  ) -> [NDArray?] {
    if runs.0.saved == nil { forward(runs, keeps: true) }
    let arriving = dy.map { $0?.contiguous }, half = dy.count / 2
    let results = (runs.0.room(for: wanted.0), runs.1.room(for: wanted.1))
    runs.0.withDescription { first in
      runs.1.withDescription { second in
        let scratch = (
          Bytes(ck_sequence_scratch_bytes(first)), Bytes(ck_sequence_scratch_bytes(second))
        )
        ck_directions_backward([
          runs.0.backwardPass(first, scratch.0, arriving[..<half], results.0),
          runs.1.backwardPass(second, scratch.1, arriving[half...], results.1),
        ])
        withExtendedLifetime(scratch) {}
      }
    }
    withExtendedLifetime(arriving) { (runs.0.saved, runs.1.saved) = (nil, nil) }
    return results.0 + results.1
  }

  /// Scratch memory for a pass forward, and memory for what it keeps.
  private func room(_ sequence: UnsafePointer<ck_sequence>, keeps: Bool) -> Bytes {
    if keeps { saved = Bytes(ck_sequence_saved_bytes(sequence)) }
    return Bytes(ck_sequence_scratch_bytes(sequence))
  }

  private func forwardPass(
    _ sequence: UnsafePointer<ck_sequence>, _ scratch: Bytes
  ) -> ck_forward_pass {
    ck_forward_pass(
      sequence: sequence, x: x.storage.pointer, out: output.storage.pointer,
      h_n: last.storage.pointer, c_n: lastCells?.storage.pointer, saved: saved?.pointer,
      scratch: scratch.pointer)
  }

  private func backwardPass(
    _ sequence: UnsafePointer<ck_sequence>, _ scratch: Bytes, _ arriving: ArraySlice<NDArray?>,
    _ results: [NDArray?]
  ) -> ck_backward_pass {
    func pointer(_ place: Int) -> UnsafeRawPointer? {
      arriving[arriving.startIndex + place].map { UnsafeRawPointer($0.storage.pointer) }
    }
    return ck_backward_pass(
      sequence: sequence, x: x.storage.pointer, out: output.storage.pointer, dy: pointer(0),
      dh_n: pointer(1), dc_n: lastCells == nil ? nil : pointer(2), saved: saved!.pointer,
      scratch: scratch.pointer, gradients: targets(results))
  }

  /// Room for the gradients of the inputs that are wanted.
  private func room(for wanted: [Bool]) -> [NDArray?] {
    let inputs = [x, wIH, wHH] + [bIH, bHH, h0, c0].compactMap { $0 }
    return zip(inputs, wanted).map { input, wanted in
      wanted ? NDArray.uninitialized(input.shape, input.dtype) : nil
    }
  }

  private func targets(_ results: [NDArray?]) -> ck_sequence_gradients {
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
    return targets
  }

  private func withDescription<R>(_ body: (UnsafePointer<ck_sequence>) -> R) -> R {
    batchSizes.withUnsafeBufferPointer { sizes in
      var sequence = description
      if !isUniform { sequence.batch_sizes = sizes.baseAddress }
      return withUnsafePointer(to: &sequence, body)
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
