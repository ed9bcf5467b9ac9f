import Autograd
import CKernels

/// What W_ih makes of the input of all steps at once. Of an input that is mostly zeros, as characters in
/// one-hot form are, only the other numbers are looked at.
struct Projection {
  private let x, weight: NDArray
  private let isSparse: Bool

  /// x `[rows, input]` and W `[n, input]`.
  init(_ x: NDArray, _ weight: NDArray) {
    checkSameType("linear", x, weight)
    (self.x, self.weight) = (x.contiguous, weight.contiguous)
    isSparse = ck_mostly_zeros(
      x.dtype.kernel, x.shape[0], x.shape[1], self.x.storage.pointer)
  }

  /// x Wᵀ + b, `[rows, n]`.
  func product(plus bias: NDArray?) -> NDArray {
    let bias = bias?.contiguous
    guard isSparse else { return PackedWeight(weight, transposed: true).times(x, plus: bias) }
    let turned = weight.transposed.contiguous, n = weight.shape[0]
    let result = NDArray.uninitialized([x.shape[0], n], x.dtype)
    withExtendedLifetime((turned, bias)) {
      ck_sparse_product(
        x.dtype.kernel, x.shape[0], x.shape[1], n, x.storage.pointer, turned.storage.pointer,
        bias?.storage.pointer, result.storage.pointer)
    }
    return result
  }

  /// From dy `[rows, n]` to the gradients that are wanted of x and W.
  func gradients(
    _ dy: NDArray, x inWanted: Bool, weight weightWanted: Bool
  ) -> (x: NDArray?, weight: NDArray?) {
    (inWanted ? dy.matmul(weight) : nil, weightWanted ? weightGradient(dy.contiguous) : nil)
  }

  private func weightGradient(_ dy: NDArray) -> NDArray {
    guard isSparse else { return dy.transposed.matmul(x) }
    let result = NDArray.uninitialized(weight.shape, x.dtype)
    ck_sparse_gradient(
      x.dtype.kernel, x.shape[0], x.shape[1], weight.shape[0], x.storage.pointer,
      dy.storage.pointer, result.storage.pointer)
    return result
  }
}

extension Tensor {
  /// `linear` of the rows of a sequence.
  func projected(_ weight: Tensor, _ bias: Tensor?) -> Tensor {
    let projection = Projection(value, weight.value)
    let inputs = [self, weight] + (bias.map { [$0] } ?? [])
    let wanted = inputs.map(\.requiresGrad)
    return Tensor("linear", of: inputs, value: projection.product(plus: bias?.value)) { dy in
      let (x, w) = projection.gradients(dy, x: wanted[0], weight: wanted[1])
      return [x, w] + (bias == nil ? [] : [dy.sum(axis: 0)])
    }
  }
}
