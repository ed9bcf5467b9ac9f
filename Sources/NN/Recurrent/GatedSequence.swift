import Autograd
import CKernels

/// The general fused path: a `GatedCell` over a whole sequence as one operation. What is the cell's own,
/// its arithmetic between the products, is recorded step by step; everything else is done once for all
/// steps.
struct GatedSequence {
  /// The output `[rows, size]` in the order of time, the parts of the last states, and all states in
  /// the order in which the steps were taken.
  let results: (output: Tensor, state: [Tensor], all: [Tensor])

  /// - Parameters: as of `RecurrentCell.sequence`; `below` as `all` of the layer below.
  init(
    _ cell: any GatedCell, _ input: Tensor, batchSizes: [Int], state: [Tensor]?, below: [Tensor]?,
    reverse: Bool
  ) {
    let turned = reverse ? turnedRows(batchSizes) : nil
    let (toInput, toState) = (cell.inputWeight, cell.recurrentWeight)
    let fromInput = (turned.map { input.take($0) } ?? input).linear(toInput.weight, toInput.bias)
    let batch = batchSizes[0]
    let shapes = state?.map(\.shape) ?? cell.stateSizes.map { [batch, $0] }
    let first = (state ?? cell.initialState(batch: batch)).map {
      $0.reshaped([batch, $0.shape[$0.rank - 1]])
    }
    let given = [fromInput, toState.weight] + (toState.bias.map { [$0] } ?? []) + first
    let inputs = given + (below ?? [])
    for tensor in inputs where tensor.dtype != fromInput.dtype {
      checkSameType("\(type(of: cell))", fromInput.value, tensor.value)
    }
    // The arithmetic's parameters get their gradients step by step; they are named here so that the
    // operation is recorded where they alone are learned.
    let own = cell.parameters()
    let keeps = isGradEnabled && (inputs + own).contains(where: \.requiresGrad)
    let run = GatedRun(
      cell, fromInput.value, (toState.weight.value, toState.bias?.value), batchSizes,
      first.map(\.value), below?.map(\.value), keeps: keeps)
    let wanted = inputs.map(\.requiresGrad)
    let parts = first.count
    let outputs = Tensor.outputs(
      "gated", of: inputs + own, values: run.states + run.last
    ) { dy in
      run.gradients(Array(dy[..<parts]), Array(dy[parts...]), wanted)
        + own.map { _ in nil }
    }
    let all = Array(outputs[..<parts])
    results = (
      turned.map { all[0].take($0) } ?? all[0],
      zip(outputs[parts...], shapes).map { $0.shape == $1 ? $0 : $0.reshaped($1) }, all
    )
  }
}

/// The loop over the steps, and the loop back.
private final class GatedRun {
  /// Each part after every step, `[rows, size]`, and after each sequence's last, `[batch, size]`.
  private(set) var states, last: [NDArray]

  private let cell: any GatedCell
  /// The same cell, where its arithmetic has a kernel.
  private let arithmetic: (any KernelArithmetic)?
  private let fromInput: NDArray
  private let weight: NDArray
  private let bias: NDArray?
  private let batchSizes, starts: [Int]
  private let first: [NDArray]
  private let below: [NDArray]?
  /// What forward has recorded, until it is used up.
  private var recorded: [Step]?

  /// One step's arithmetic: what it was given, as leaves, and what came out.
  private struct Step {
    let fromInput, fromState: Tensor
    let before, below, after: [Tensor]
  }

  init(
    _ cell: any GatedCell, _ fromInput: NDArray, _ toState: (NDArray, NDArray?),
    _ batchSizes: [Int], _ first: [NDArray], _ below: [NDArray]?, keeps: Bool
  ) {
    (self.cell, self.batchSizes, self.below) = (cell, batchSizes, below)
    arithmetic = cell as? any KernelArithmetic
    self.fromInput = fromInput.contiguous
    (weight, bias) = (toState.0.contiguous, toState.1?.contiguous)
    self.first = first.map(\.contiguous)
    var start = 0
    starts = batchSizes.map { size in
      defer { start += size }
      return start
    }
    let rows = start
    states = first.map { .uninitialized([rows, $0.shape[1]], $0.dtype) }
    last = first.map { .uninitialized($0.shape, $0.dtype) }
    forward(keeps: keeps && !cell.checkpointing)
  }

  private func forward(keeps: Bool) {
    let product = PackedWeight(weight, transposed: true)
    var steps: [Step] = []
    for time in batchSizes.indices {
      let step = keeps ? record(time, product) : noGrad { record(time, product) }
      for (part, new) in step.after.enumerated() {
        check(new, part, time)
        states[part].put(new.value, row: starts[time])
      }
      let going = batchSizes[time], staying = time + 1 < batchSizes.count ? batchSizes[time + 1] : 0
      if staying < going {
        for part in states.indices {
          last[part].put(
            states[part].rows(starts[time] + staying, going - staying), row: staying)
        }
      }
      if keeps { steps.append(step) }
    }
    recorded = keeps ? steps : nil
  }

  private func check(_ new: Tensor, _ part: Int, _ time: Int) {
    let expected = [batchSizes[time], first[part].shape[1]]
    guard new.shape == expected, new.dtype == first[part].dtype else {
      wrongUse("\(type(of: cell)): part \(part) of the state \(new.shape), expected \(expected)")
    }
  }

  /// The state before a step.
  private func before(_ time: Int, _ part: Int) -> NDArray {
    time == 0
      ? first[part].rows(0, batchSizes[0]) : states[part].rows(starts[time - 1], batchSizes[time])
  }

  private func record(_ time: Int, _ product: PackedWeight) -> Step {
    let going = batchSizes[time], records = isGradEnabled
    func leaf(_ value: NDArray) -> Tensor { Tensor(value, requiresGrad: records) }
    let state = first.indices.map { before(time, $0) }
    let step = (
      leaf(fromInput.rows(starts[time], going)), leaf(product.times(state[0], plus: bias)),
      state.map(leaf), (below ?? []).map { leaf($0.rows(starts[time], going)) }
    )
    let seen = below == nil ? nil : step.3
    return Step(
      fromInput: step.0, fromState: step.1, before: step.2, below: step.3,
      after: arithmetic?.kernelStep(
        fromInput: step.0, fromState: step.1, step.2, below: seen)
        ?? cell.step(
          fromInput: step.0, fromState: step.1, step.2, time: time, below: seen))
  }

  /// From the gradients of all states and of the last ones to those of the operation's inputs:
  /// `fromInput`, W_hh, b_hh, the first state, the states below.
  func gradients(_ dStates: [NDArray?], _ dLast: [NDArray?], _ wanted: [Bool]) -> [NDArray?] {
    let steps = recorded
    recorded = nil
    let again = steps == nil ? PackedWeight(weight, transposed: true) : nil
    let back = PackedWeight(weight, transposed: false)
    let arriving = dStates.map { $0?.contiguous }
    var carried = zip(dLast, first).map { dy, first in
      NDArray.uninitialized(first.shape, first.dtype).filled(with: dy)
    }
    var dInput = NDArray.uninitialized(fromInput.shape, fromInput.dtype)
    // Where the two are only added, as in most cells, they have one gradient.
    var dState: NDArray?
    func separate() -> NDArray {
      .uninitialized([fromInput.shape[0], weight.shape[0]], weight.dtype)
    }
    if weight.shape[0] != fromInput.shape[1] { dState = separate() }
    var dBelow = (below ?? []).map { NDArray.uninitialized($0.shape, $0.dtype) }
    for time in batchSizes.indices.reversed() {
      let going = batchSizes[time], start = starts[time]
      let step = steps?[time] ?? recording { record(time, again!) }
      let dAfter = carried.indices.map { part in
        let sum = carried[part].rows(0, going)
        return arriving[part].map { sum + $0.rows(start, going) } ?? sum.copied()
      }
      step.after.sendBack(dAfter)
      let (fromInput, fromState) = (step.fromInput.grad, step.fromState.grad)
      dInput.put(fromInput, row: start, count: going)
      if dState == nil, fromInput?.storage !== fromState?.storage {
        let rest = dInput.shape[0] - start - going
        dState = separate()
        if rest > 0 { dState!.put(dInput.rows(start + going, rest), row: start + going) }
      }
      dState?.put(fromState, row: start, count: going)
      for (part, leaf) in step.below.enumerated() {
        dBelow[part].put(leaf.grad, row: start, count: going)
      }
      for (part, leaf) in step.before.enumerated() {
        carried[part].put(leaf.grad, row: 0, count: going)
      }
      if let fromState { back.add(fromState, to: carried[0]) }
    }
    // One product for all steps.
    let dSums = dState ?? dInput
    var hBefore = NDArray.uninitialized(states[0].shape, states[0].dtype)
    for time in batchSizes.indices { hBefore.put(before(time, 0), row: starts[time]) }
    let all: [NDArray?] =
      [dInput, wanted[1] ? dSums.transposed.matmul(hBefore) : nil]
      + (bias == nil ? [] : [dSums.sum(axis: 0)]) + carried + dBelow
    return zip(all, wanted).map { $1 ? $0 : nil }
  }

  private func recording<R>(_ body: () -> R) -> R {
    let before = ck_is_recording()
    ck_set_recording(true)
    defer { ck_set_recording(before) }
    return body()
  }
}

extension [Tensor] {
  /// Each tensor's gradient back through what it was computed from, in one walk.
  fileprivate func sendBack(_ gradients: [NDArray]) {
    let joint = Tensor("step", of: self, value: .zeros([], dtype: self[0].dtype)) { _ in gradients }
    if joint.requiresGrad { joint.backward() }
  }
}

/// A matrix in the order in which products read it.
final class PackedWeight {
  private let packed: Bytes
  private let rows, columns: Int
  private let dtype: DType

  /// `[n, k]`, to give x Wᵀ where it is `transposed`, and x W where it is not.
  init(_ weight: NDArray, transposed: Bool) {
    dtype = weight.dtype
    (columns, rows) =
      transposed ? (weight.shape[0], weight.shape[1]) : (weight.shape[1], weight.shape[0])
    packed = Bytes(ck_packed_bytes(dtype.kernel, rows, columns))
    ck_pack(
      dtype.kernel, transposed ? 1 : 0, rows, columns, weight.storage.pointer, weight.shape[1],
      packed.pointer)
  }

  /// x W + b, with x `[batch, k]`.
  func times(_ x: NDArray, plus bias: NDArray?) -> NDArray {
    let result = NDArray.uninitialized([x.shape[0], columns], dtype)
    withExtendedLifetime(bias) {
      multiply(x, bias?.storage.pointer, step: 0, into: result)
    }
    return result
  }

  /// sum += x W, in the first rows of `sum`.
  func add(_ x: NDArray, to sum: NDArray) {
    multiply(x, sum.storage.pointer, step: columns, into: sum)
  }

  private func multiply(
    _ x: NDArray, _ first: UnsafeMutableRawPointer?, step: Int, into result: NDArray
  ) {
    let x = x.contiguous
    withExtendedLifetime(x) {
      ck_multiply_packed(
        dtype.kernel, x.shape[0], columns, rows, x.storage.pointer, rows, packed.pointer, first,
        step, result.storage.pointer, columns)
    }
  }
}

extension NDArray {
  /// `count` rows of a row-major matrix.
  fileprivate func rows(_ start: Int, _ count: Int) -> NDArray {
    start == 0 && count == shape[0] ? self : narrow(axis: 0, start: start, length: count)
  }

  /// Writes rows into an array that the caller alone writes to; views of rows written before stay as
  /// they are.
  fileprivate mutating func put(_ values: NDArray, row: Int) {
    let values = values.contiguous
    let bytes = shape[1] &* dtype.byteCount
    (storage.pointer + row &* bytes)
      .copyMemory(from: values.storage.pointer, byteCount: values.count &* dtype.byteCount)
  }

  /// The same, with zeros for nil.
  fileprivate mutating func put(_ values: NDArray?, row: Int, count rows: Int) {
    if let values { return put(values, row: row) }
    let bytes = shape[1] &* dtype.byteCount
    (storage.pointer + row &* bytes).initializeMemory(
      as: UInt8.self, repeating: 0, count: rows &* bytes)
  }

  fileprivate consuming func filled(with values: NDArray?) -> NDArray {
    var filled = self
    filled.put(values, row: 0, count: filled.shape[0])
    return filled
  }
}
