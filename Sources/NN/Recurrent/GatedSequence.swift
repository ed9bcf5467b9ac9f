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
    let x = turned.map { input.take($0) } ?? input
    let (toInput, toState) = (cell.inputWeight, cell.recurrentWeight)
    let batch = batchSizes[0]
    let shapes = state?.map(\.shape) ?? cell.stateSizes.map { [batch, $0] }
    let first = (state ?? cell.initialState(batch: batch)).map {
      $0.reshaped([batch, $0.shape[$0.rank - 1]])
    }
    let around = [toState.weight] + (toState.bias.map { [$0] } ?? []) + first + (below ?? [])
    let inputs: [Tensor], own: [Tensor], run: any SequenceRun
    func keeps(_ tensors: [Tensor]) -> Bool {
      for tensor in tensors where tensor.dtype != x.dtype {
        checkSameType("\(type(of: cell))", x.value, tensor.value)
      }
      return isGradEnabled && tensors.contains(where: \.requiresGrad)
    }
    let steps = GatedSteps(batchSizes, first.map(\.value))
    let belowValues = below?.map(\.value)
    if let cell = cell as? any PeepholeArithmetic {
      inputs =
        [x, toInput.weight] + (toInput.bias.map { [$0] } ?? []) + around
        + cell.peepholes.weights.compactMap { $0 }
      own = []
      run = PeepholeRun(
        cell, x.value, toInput: (toInput.weight.value, toInput.bias?.value),
        toState: (toState.weight.value, toState.bias?.value), steps, below: belowValues,
        keeps: keeps(inputs))
    } else {
      let fromInput = x.projected(toInput.weight, toInput.bias)
      inputs = [fromInput] + around
      // The arithmetic's parameters get their gradients step by step; they are named here so that the
      // operation is recorded where they alone are learned.
      own = cell.parameters()
      run = GatedRun(
        cell, fromInput.value, (toState.weight.value, toState.bias?.value), steps, belowValues,
        keeps: keeps(inputs + own))
    }
    let wanted = inputs.map(\.requiresGrad)
    let parts = first.count
    let outputs = Tensor.outputs(
      "gated", of: inputs + own, values: run.states + run.last
    ) { dy in
      let gradients = run.gradients(Array(dy[..<parts]), Array(dy[parts...]), wanted)
      return zip(gradients, wanted).map { $1 ? $0 : nil } + own.map { _ in nil }
    }
    let all = Array(outputs[..<parts])
    results = (
      turned.map { all[0].take($0) } ?? all[0],
      zip(outputs[parts...], shapes).map { $0.shape == $1 ? $0 : $0.reshaped($1) }, all
    )
  }
}

/// A cell over all steps and back.
protocol SequenceRun: AnyObject {
  /// Each part after every step, `[rows, size]`, and after each sequence's last, `[batch, size]`.
  var states: [NDArray] { get }
  var last: [NDArray] { get }
  /// From the gradients of all states and of the last ones to those of the operation's inputs, of
  /// which some may not be wanted.
  func gradients(_ dStates: [NDArray?], _ dLast: [NDArray?], _ wanted: [Bool]) -> [NDArray?]
}

/// Where the rows of the steps lie, and the states before the first.
struct GatedSteps {
  let batchSizes, starts: [Int]
  let rows: Int
  /// `[batch, size]`, without gaps.
  let first: [NDArray]

  init(_ batchSizes: [Int], _ first: [NDArray]) {
    (self.batchSizes, self.first) = (batchSizes, first.map(\.contiguous))
    var start = 0
    starts = batchSizes.map { size in
      defer { start += size }
      return start
    }
    rows = start
  }

  /// Room for each part after every step and after each sequence's last.
  var room: (states: [NDArray], last: [NDArray]) {
    (
      first.map { .uninitialized([rows, $0.shape[1]], $0.dtype) },
      first.map { .uninitialized($0.shape, $0.dtype) }
    )
  }

  /// A part of the state before a step, where `states` is that part after every step.
  func before(_ time: Int, _ states: NDArray, _ part: Int) -> NDArray {
    time == 0
      ? first[part].rows(0, batchSizes[0]) : states.rows(starts[time - 1], batchSizes[time])
  }

  /// h before every step, `[rows, size]`.
  func before(_ states: NDArray) -> NDArray {
    var all = NDArray.uninitialized(states.shape, states.dtype)
    for time in batchSizes.indices { all.put(before(time, states, 0), row: starts[time]) }
    return all
  }

  /// The rows of the sequences that end, from all steps to `last`.
  func putLast(of states: NDArray, into last: inout NDArray) {
    for (time, going) in batchSizes.enumerated() {
      let staying = time + 1 < batchSizes.count ? batchSizes[time + 1] : 0
      if staying < going {
        last.put(states.rows(starts[time] + staying, going - staying), row: staying)
      }
    }
  }
}

/// The loop over the steps, and the loop back, with the cell's arithmetic recorded.
private final class GatedRun: SequenceRun {
  private(set) var states, last: [NDArray]

  private let cell: any GatedCell
  private let fromInput: NDArray
  private let weight: NDArray
  private let bias: NDArray?
  private let steps: GatedSteps
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
    _ steps: GatedSteps, _ below: [NDArray]?, keeps: Bool
  ) {
    (self.cell, self.steps, self.below) = (cell, steps, below)
    self.fromInput = fromInput.contiguous
    (weight, bias) = (toState.0.contiguous, toState.1?.contiguous)
    (states, last) = steps.room
    forward(keeps: keeps && !cell.checkpointing)
  }

  private func forward(keeps: Bool) {
    let product = PackedWeight(weight, transposed: true)
    var recorded: [Step] = []
    for time in steps.batchSizes.indices {
      let step = keeps ? record(time, product) : noGrad { record(time, product) }
      for (part, new) in step.after.enumerated() {
        check(new, part, time)
        states[part].put(new.value, row: steps.starts[time])
      }
      if keeps { recorded.append(step) }
    }
    for part in last.indices { steps.putLast(of: states[part], into: &last[part]) }
    self.recorded = keeps ? recorded : nil
  }

  private func check(_ new: Tensor, _ part: Int, _ time: Int) {
    let expected = [steps.batchSizes[time], steps.first[part].shape[1]]
    guard new.shape == expected, new.dtype == steps.first[part].dtype else {
      wrongUse("\(type(of: cell)): part \(part) of the state \(new.shape), expected \(expected)")
    }
  }

  private func record(_ time: Int, _ product: PackedWeight) -> Step {
    let going = steps.batchSizes[time], start = steps.starts[time], records = isGradEnabled
    func leaf(_ value: NDArray) -> Tensor { Tensor(value, requiresGrad: records) }
    let state = states.indices.map { steps.before(time, states[$0], $0) }
    let step = (
      leaf(fromInput.rows(start, going)), leaf(product.times(state[0], plus: bias)),
      state.map(leaf), (below ?? []).map { leaf($0.rows(start, going)) }
    )
    let seen = below == nil ? nil : step.3
    return Step(
      fromInput: step.0, fromState: step.1, before: step.2, below: step.3,
      after: cell.step(
        fromInput: step.0, fromState: step.1, step.2, time: time, below: seen))
  }

  /// To those of `fromInput`, W_hh, b_hh, the first state, the states below.
  func gradients(_ dStates: [NDArray?], _ dLast: [NDArray?], _ wanted: [Bool]) -> [NDArray?] {
    let recorded = self.recorded.take()
    let again = recorded == nil ? PackedWeight(weight, transposed: true) : nil
    let back = PackedWeight(weight, transposed: false)
    let arriving = dStates.map { $0?.contiguous }
    var carried = zip(dLast, steps.first).map { dy, first in
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
    for time in steps.batchSizes.indices.reversed() {
      let going = steps.batchSizes[time], start = steps.starts[time]
      let step = recorded?[time] ?? recording { record(time, again!) }
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
    return [dInput, wanted[1] ? dSums.transposed.matmul(steps.before(states[0])) : nil]
      + (bias == nil ? [] : [dSums.sum(axis: 0)]) + carried + dBelow
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

extension NDArray {
  /// `count` rows of a row-major matrix.
  func rows(_ start: Int, _ count: Int) -> NDArray {
    start == 0 && count == shape[0] ? self : narrow(axis: 0, start: start, length: count)
  }

  /// Writes rows into an array that the caller alone writes to; views of rows written before stay as
  /// they are.
  mutating func put(_ values: NDArray, row: Int) {
    let values = values.contiguous
    let bytes = shape[1] &* dtype.byteCount
    (storage.pointer + row &* bytes)
      .copyMemory(from: values.storage.pointer, byteCount: values.count &* dtype.byteCount)
  }

  /// The same, with zeros for nil.
  mutating func put(_ values: NDArray?, row: Int, count rows: Int) {
    if let values { return put(values, row: row) }
    let bytes = shape[1] &* dtype.byteCount
    (storage.pointer + row &* bytes).initializeMemory(
      as: UInt8.self, repeating: 0, count: rows &* bytes)
  }

  consuming func filled(with values: NDArray?) -> NDArray {
    var filled = self
    filled.put(values, row: 0, count: filled.shape[0])
    return filled
  }
}
