import Autograd
import CKernels

/// A cell whose arithmetic between the products has a kernel (`peephole`): its twin for the general
/// fused path, in which nothing is recorded.
protocol PeepholeArithmetic: GatedCell {
  var peepholes: Peepholes { get }
}

/// Which of these cells it is, and its own weights: w_ci, w_cf, w_co, w_cd, w_ld, each `[hidden]` or
/// left out.
struct Peepholes {
  var isCoupled = false
  let weights: [Parameter?]
}

extension PeepholeLSTMCell: PeepholeArithmetic {
  var peepholes: Peepholes { Peepholes(weights: [weight_ci, weight_cf, weight_co, nil, nil]) }
}

extension CoupledLSTMCell: PeepholeArithmetic {
  var peepholes: Peepholes {
    Peepholes(isCoupled: true, weights: [nil, weight_cf, weight_co, nil, nil])
  }
}

extension DepthGatedLSTMCell: PeepholeArithmetic {
  var peepholes: Peepholes {
    Peepholes(weights: [weight_ci, weight_cf, weight_co, weight_cd, weight_ld])
  }
}

/// Such a cell over the steps, and back. Forward leaves in the gates' sums what backward needs, and that
/// leaves the gates' gradients there.
final class PeepholeRun: SequenceRun {
  let steps: GatedSteps
  private(set) var states, last: [NDArray]

  private let peepholes: Peepholes
  private let projection: Projection
  private let bias: NDArray?
  /// W_hh, `[gates · hidden, hidden]`, and w_ci … without gaps.
  private let weight: NDArray
  private let own: [NDArray?]
  private let below: NDArray?
  private let isBelowGiven: Bool
  /// `[rows, gates · hidden]`, the depth gate behind the others; nil where not kept, or used up.
  private var gates: NDArray?

  init(
    _ cell: any PeepholeArithmetic, _ x: NDArray, toInput: (weight: NDArray, bias: NDArray?),
    toState: (weight: NDArray, bias: NDArray?), _ steps: GatedSteps, below: [NDArray]?, keeps: Bool
  ) {
    (self.steps, peepholes) = (steps, cell.peepholes)
    projection = Projection(x, toInput.weight)
    weight = toState.weight.contiguous
    own = peepholes.weights.map { $0?.value.contiguous }
    let hidden = weight.shape[1], dtype = x.dtype
    self.below =
      cell.seesLayerBelow
      ? below?[1].contiguous ?? .zeros([steps.rows, hidden], dtype: dtype) : nil
    isBelowGiven = below != nil
    // h takes part in the first of x's gates.
    bias = toInput.bias.map { fromInput in
      let fromState = toState.bias!, rest = fromInput.count - fromState.count
      return fromInput
        + (rest == 0 ? fromState : .concatenate([fromState, .zeros([rest], dtype: dtype)]))
    }
    (states, last) = steps.room
    forward()
    if !keeps || cell.checkpointing { gates = nil }
  }

  /// The kernel's description of a step, and where h is before it and the states after it.
  private func step(
    _ time: Int, _ gates: NDArray
  ) -> (kernel: ck_peephole, h: UnsafeMutableRawPointer, new: [UnsafeMutableRawPointer]) {
    let bytes = gates.dtype.byteCount, start = steps.starts[time]
    func row(_ array: NDArray, _ row: Int) -> UnsafeMutableRawPointer {
      array.storage.pointer + row &* array.shape[1] &* bytes
    }
    func before(_ part: Int) -> UnsafeMutableRawPointer {
      time == 0
        ? steps.first[part].storage.pointer : row(states[part], steps.starts[time - 1])
    }
    func pointer(_ array: NDArray?) -> UnsafeRawPointer? {
      array.map { UnsafeRawPointer($0.storage.pointer) }
    }
    let kernel = ck_peephole(
      dtype: gates.dtype.kernel, coupled: peepholes.isCoupled, rows: steps.batchSizes[time],
      hidden: weight.shape[1], gates: row(gates, start), gates_row: gates.shape[1], c: before(1),
      below: below.map { UnsafeRawPointer(row($0, start)) }, w_ci: pointer(own[0]),
      w_cf: pointer(own[1]), w_co: pointer(own[2]), w_cd: pointer(own[3]), w_ld: pointer(own[4]))
    return (kernel, before(0), states.map { row($0, start) })
  }

  private func forward() {
    let sums = projection.product(plus: bias)
    let product = PackedWeight(weight, transposed: true)
    for time in steps.batchSizes.indices {
      var (kernel, h, new) = step(time, sums)
      product.add(h, rows: kernel.rows, to: kernel.gates, row: kernel.gates_row)
      ck_peephole_forward(&kernel, new[0], new[1])
    }
    for part in last.indices { steps.putLast(of: states[part], into: &last[part]) }
    gates = sums
  }

  /// To those of x, W_ih, b_ih, W_hh, b_hh, the first states, the states below, w_ci …
  func gradients(_ dStates: [NDArray?], _ dLast: [NDArray?], _ wanted: [Bool]) -> [NDArray?] {
    if gates == nil { forward() }
    let gates = gates.take()!
    let hidden = weight.shape[1], dtype = gates.dtype, bytes = dtype.byteCount
    let back = PackedWeight(weight, transposed: false)
    let arriving = dStates.map { $0?.contiguous }
    let carried = zip(dLast, steps.first).map { dy, first in
      NDArray.uninitialized(first.shape, dtype).filled(with: dy)
    }
    let dBelow = below.map { NDArray.uninitialized($0.shape, dtype) }
    let totals = own.map { $0.map { NDArray.zeros($0.shape, dtype: .float64) } }
    var to = ck_peephole_gradients()
    to.c = carried[1].storage.pointer
    func total(_ weight: Int) -> UnsafeMutablePointer<Double>? {
      totals[weight]?.storage.pointer.assumingMemoryBound(to: Double.self)
    }
    to.w = (total(0), total(1), total(2), total(3), total(4))
    for time in steps.batchSizes.indices.reversed() {
      var (kernel, _, new) = step(time, gates)
      let offset = steps.starts[time] &* hidden &* bytes
      for (part, dy) in arriving.enumerated() {
        guard let dy else { continue }
        ck_axpy(
          dtype.kernel, kernel.rows &* hidden, 1, dy.storage.pointer + offset,
          carried[part].storage.pointer)
      }
      to.below = dBelow.map { $0.storage.pointer + offset }
      ck_peephole_backward(
        &kernel, new[1], carried[0].storage.pointer, carried[1].storage.pointer, &to)
      back.multiply(
        kernel.gates, rows: kernel.rows, row: kernel.gates_row, into: carried[0].storage.pointer)
    }
    let dSums =
      weight.shape[0] == gates.shape[1]
      ? gates : gates.narrow(axis: 1, start: 0, length: weight.shape[0])
    let dBias = bias == nil ? nil : gates.sum(axis: 0)
    let fromInput = projection.gradients(gates, x: wanted[0], weight: wanted[1])
    let dWeight =
      wanted[dBias == nil ? 2 : 3] ? dSums.transposed.matmul(steps.before(states[0])) : nil
    var all: [NDArray?] = [fromInput.x, fromInput.weight]
    if let dBias { all.append(dBias) }
    all.append(dWeight)
    if let dBias { all.append(dBias.narrow(axis: 0, start: 0, length: weight.shape[0])) }
    return withExtendedLifetime((arriving, totals)) {
      all + carried + (isBelowGiven ? [nil, dBelow] : [])
        + totals.compactMap { $0?.asType(dtype) }
    }
  }
}
