import Autograd
import CKernels

/// A cell whose arithmetic between the products has a kernel: its twin for the general fused path.
protocol KernelArithmetic: GatedCell {
  /// As `step(fromInput:fromState:)`.
  func kernelStep(
    fromInput: Tensor, fromState: Tensor, _ state: [Tensor], below: [Tensor]?
  ) -> [Tensor]
}

extension PeepholeLSTMCell: KernelArithmetic {
  func kernelStep(
    fromInput: Tensor, fromState: Tensor, _ state: [Tensor], below: [Tensor]?
  ) -> [Tensor] {
    peepholeStep(fromInput, fromState, state[1], [weight_ci, weight_cf, weight_co])
  }
}

extension CoupledLSTMCell: KernelArithmetic {
  func kernelStep(
    fromInput: Tensor, fromState: Tensor, _ state: [Tensor], below: [Tensor]?
  ) -> [Tensor] {
    peepholeStep(fromInput, fromState, state[1], [nil, weight_cf, weight_co], isCoupled: true)
  }
}

extension DepthGatedLSTMCell: KernelArithmetic {
  func kernelStep(
    fromInput: Tensor, fromState: Tensor, _ state: [Tensor], below: [Tensor]?
  ) -> [Tensor] {
    peepholeStep(
      seesLayerBelow ? fromInput.narrow(axis: 1, start: 0, length: 4 * hiddenSize) : fromInput,
      fromState, state[1], [weight_ci, weight_cf, weight_co],
      extra: fromBelow(fromInput, state[1], below))
  }
}

/// The kernel's step: h and c′ as one operation on both products, the cell, the peephole weights and what
/// else is added to the cell.
private func peepholeStep(
  _ x: Tensor, _ h: Tensor, _ c: Tensor, _ weights: [Tensor?], isCoupled: Bool = false,
  extra: Tensor? = nil
) -> [Tensor] {
  let given = weights.compactMap { $0 } + (extra.map { [$0] } ?? [])
  let inputs = [x, h, c] + given
  // The products' rows as they lie; everything else without gaps.
  let rows = x.value.strides[1] == 1 ? x.value : x.value.contiguous
  let values = [rows, h.value.contiguous, c.value.contiguous] + given.map { $0.value.contiguous }
  let dtype = c.dtype, size = c.shape[1]
  var pointers = values.dropFirst(3).map { UnsafeRawPointer($0.storage.pointer) }[...]
  var step = ck_peephole()
  step.dtype = dtype.kernel
  step.coupled = isCoupled
  (step.rows, step.hidden) = (c.shape[0], size)
  step.x = UnsafeRawPointer(rows.storage.pointer)
  step.x_row = rows.strides[0]
  step.h = UnsafeRawPointer(values[1].storage.pointer)
  step.c = UnsafeRawPointer(values[2].storage.pointer)
  step.w_ci = weights[0].flatMap { _ in pointers.popFirst() }
  step.w_cf = weights[1].flatMap { _ in pointers.popFirst() }
  step.w_co = weights[2].flatMap { _ in pointers.popFirst() }
  step.extra = pointers.popFirst()

  let kept = NDArray.uninitialized(h.shape, dtype)
  let (hNew, cNew) = (
    NDArray.uninitialized(c.shape, dtype), NDArray.uninitialized(c.shape, dtype)
  )
  withExtendedLifetime(values) {
    ck_peephole_forward(
      &step, kept.storage.pointer, hNew.storage.pointer, cNew.storage.pointer)
  }
  let description = step
  return Tensor.outputs("peephole", of: inputs, values: [hNew, cNew]) { dy in
    let arriving = dy.map { $0?.contiguous }
    let sums = NDArray.uninitialized(kept.shape, dtype), dC = NDArray.uninitialized(c.shape, dtype)
    let others = values.dropFirst(3).map { NDArray.uninitialized($0.shape, dtype) }
    var places = others.map(\.storage.pointer)[...]
    var to = ck_peephole_gradients()
    (to.sums, to.c) = (sums.storage.pointer, dC.storage.pointer)
    to.w.0 = weights[0].flatMap { _ in places.popFirst() }
    to.w.1 = weights[1].flatMap { _ in places.popFirst() }
    to.w.2 = weights[2].flatMap { _ in places.popFirst() }
    to.extra = places.popFirst()
    var step = description
    withExtendedLifetime((values, arriving)) {
      ck_peephole_backward(
        &step, kept.storage.pointer, cNew.storage.pointer, arriving[0]?.storage.pointer,
        arriving[1]?.storage.pointer, &to)
    }
    return [sums, sums, dC] + others
  }
}
