import CKernels
import Optim
import Testing

/// Something that is computed by kernels, and by its equation where `CK_PLAIN` is all that is allowed.
struct Twin: Sendable, CustomTestStringConvertible {
  let name: String
  /// The kernels that it goes through.
  let kernels: [String]
  /// How far the results may lie apart, in units of the last place; so many times as far in Double,
  /// where both sides' sums are rounded, in different orders.
  let ulps, timesInDouble: Double
  /// Whether these are the places of the largest number of a result (or of 1), as where terms cancel;
  /// or those of each number.
  let isScaled: Bool
  /// Whether it is asked for every shape, or has shapes of its own.
  let isForEveryShape: Bool
  let results: @Sendable (Inputs) -> [NDArray]
  /// The equation, where the library itself has none: numbers that are only moved.
  let plain: (@Sendable (Inputs) -> [NDArray])?

  init(
    _ name: String, _ kernels: [String]? = nil, ulps: Double = 0, timesInDouble: Double = 1,
    scaled: Bool = false, ownShapes: Bool = false, plain: (@Sendable (Inputs) -> [NDArray])? = nil,
    _ results: @escaping @Sendable (Inputs) -> [NDArray]
  ) {
    (self.name, self.kernels) = (name, kernels ?? [name])
    (self.ulps, self.timesInDouble) = (ulps, timesInDouble)
    (isScaled, isForEveryShape) = (scaled, !ownShapes)
    (self.plain, self.results) = (plain, results)
  }

  var testDescription: String { name }

  func isClose(_ found: NDArray, _ plain: NDArray) -> Bool {
    guard found.shape == plain.shape, found.dtype == plain.dtype else { return false }
    let unit = plain.dtype == .float32 ? Double(Float.ulpOfOne) : Double.ulpOfOne * timesInDouble
    let numbers = plain.doubles, scale = numbers.reduce(1) { $1.isFinite ? max($0, abs($1)) : $0 }
    return zip(found.doubles, numbers).allSatisfy { f, p in
      f == p || f.isNaN && p.isNaN || abs(f - p) <= ulps * unit * (isScaled ? scale : abs(p))
    }
  }
}

/// How an array lies in memory.
enum Layout: CaseIterable { case rowMajor, transposed, strided }

/// Arrays of numbers to compute with, the same ones for both sides.
final class Inputs {
  let shape: [Int]
  let dtype: DType
  let layout: Layout
  private let generator = Generator(seed: 5)

  init(_ shape: [Int], _ dtype: DType, _ layout: Layout) {
    (self.shape, self.dtype, self.layout) = (shape, dtype, layout)
  }

  /// Normal numbers of a shape, that of these inputs if none is named.
  func array(_ shape: [Int]? = nil) -> NDArray {
    laidOut(shape ?? self.shape) { .normal($0, dtype: dtype, generator: generator) }
  }

  /// Numbers from 0.1 to 3.
  func positive(_ shape: [Int]? = nil) -> NDArray {
    laidOut(shape ?? self.shape) { .uniform($0, in: 0.1...3, dtype: dtype, generator: generator) }
  }

  private func laidOut(_ shape: [Int], _ make: ([Int]) -> NDArray) -> NDArray {
    switch layout {
    case .rowMajor: make(shape)
    case .transposed: make(shape.reversed()).permuted(shape.indices.reversed())
    case .strided: make(shape + [2]).select(axis: -1, index: 1)
    }
  }

  /// A function's value and the gradients that its inputs get.
  func valueAndGradients(_ inputs: [NDArray], _ f: ([Tensor]) -> Tensor) -> [NDArray] {
    let tensors = inputs.map { Tensor($0, requiresGrad: true) }
    let y = f(tensors)
    y.backward(array(y.shape))
    return [y.value] + tensors.map { $0.grad! }
  }
}
