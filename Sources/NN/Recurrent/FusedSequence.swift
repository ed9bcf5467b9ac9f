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
  func callAsFunction() -> (output: Tensor, state: [Tensor]) { Self.results([self])[0] }

  /// The same of a layer's two directions as one operation, so that they may go on at the same time.
  static func both(
    _ forward: FusedSequence, _ backward: FusedSequence
  ) -> [(output: Tensor, state: [Tensor])] { results([forward, backward]) }

  private static func results(
    _ sequences: [FusedSequence]
  ) -> [(output: Tensor, state: [Tensor])] {
    let each = sequences.map(\.inputs), all = each.flatMap { $0 }
    for (sequence, inputs) in zip(sequences, each) {
      for tensor in inputs where tensor.dtype != sequence.input.dtype {
        checkSameType("\(sequence.name)", sequence.input.value, tensor.value)
      }
    }
    let keeps = ck_is_recording() && all.contains(where: \.requiresGrad)
    let runs = sequences.map(FusedRun.init)
    FusedRun.forward(runs, keeps: keeps)
    let values = runs.map { run in [run.output, run.last] + (run.lastCells.map { [$0] } ?? []) }
    let results: [Tensor]
    if keeps {
      let wanted = each.map { $0.map(\.requiresGrad) }
      results = Tensor.outputs(sequences[0].name, of: all, values: values.flatMap { $0 }) {
        FusedRun.gradients(runs, $0, wanted)
      }
    } else {
      results = values.flatMap { $0 }.map { Tensor($0) }
    }
    let count = values[0].count
    return runs.indices.map { place in
      let own = results[place * count..<(place + 1) * count]
      return (own.first!, Array(own.dropFirst()))
    }
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

  /// One direction, or two.
  static func forward(_ runs: [FusedRun], keeps: Bool) {
    let rooms = runs.map { run in
      run.withDescription { sequence in
        if keeps { run.saved = Bytes(ck_sequence_saved_bytes(sequence)) }
        return Bytes(ck_sequence_scratch_bytes(sequence))
      }
    }
    withDescriptions(of: runs) { sequences in
      let passes = zip(runs, zip(sequences, rooms)).map { run, given in
        ck_forward_pass(
          sequence: given.0, x: run.x.storage.pointer, out: run.output.storage.pointer,
          h_n: run.last.storage.pointer, c_n: run.lastCells?.storage.pointer,
          saved: run.saved?.pointer, scratch: given.1.pointer)
      }
      if passes.count == 2 {
        ck_directions_forward(passes)
      } else {
        let it = passes[0]
        ck_sequence_forward(
          it.sequence, it.x, it.out, runs[0].output.shape[1], it.h_n, it.c_n, it.saved, it.scratch)
      }
    }
    withExtendedLifetime(rooms) {}
  }

  /// From the gradients of all runs' outputs and last states to those of their inputs.
  static func gradients(
    _ runs: [FusedRun], _ dy: [NDArray?], _ wanted: [[Bool]]
  ) -> [NDArray?] {
    // Backward uses up what forward has kept. In a graph that is walked twice, compute it again.
    if runs.contains(where: { $0.saved == nil }) { forward(runs, keeps: true) }
    let arriving = dy.map { $0?.contiguous }, count = dy.count / runs.count
    let results = zip(runs, wanted).map { $0.room(for: $1) }
    let rooms = runs.map { run in
      run.withDescription { Bytes(ck_sequence_scratch_bytes($0)) }
    }
    withDescriptions(of: runs) { sequences in
      let passes = runs.indices.map { place in
        let run = runs[place], own = arriving[place * count..<(place + 1) * count].map {
          $0.map { UnsafeRawPointer($0.storage.pointer) }
        }
        return ck_backward_pass(
          sequence: sequences[place], x: run.x.storage.pointer, out: run.output.storage.pointer,
          dy: own[0], dh_n: own[1], dc_n: run.lastCells == nil ? nil : own[2],
          saved: run.saved!.pointer, scratch: rooms[place].pointer,
          gradients: run.targets(results[place]))
      }
      if passes.count == 2 {
        ck_directions_backward(passes)
      } else {
        var it = passes[0]
        let row = runs[0].output.shape[1]
        ck_sequence_backward(
          it.sequence, it.x, it.out, row, it.dy, row, it.dh_n, it.dc_n, it.saved, it.scratch,
          &it.gradients)
      }
    }
    withExtendedLifetime((arriving, rooms)) { for run in runs { run.saved = nil } }
    return results.flatMap { $0 }
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

  private static func withDescriptions(
    of runs: [FusedRun], _ body: ([UnsafePointer<ck_sequence>]) -> Void
  ) {
    runs[0].withDescription { first in
      if runs.count == 1 { return body([first]) }
      runs[1].withDescription { body([first, $0]) }
    }
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
