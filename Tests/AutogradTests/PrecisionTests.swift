import Autograd
import Testing

/// Every function and loss in Float beside the same in Double, of the same Floats: values and gradients
/// are within a millionth of it wherever it lies, with the same zeros, infinities and NaNs.
@Suite(.serialized) struct PrecisionTests {
  static let numbers: [Double] =
    [
      0, 1e-45, 1e-40, 0x1p-126, 1e-30, 1e-20, 1e-12, 1e-8, 1e-4, 0.01, 0.1, 0.3, 0.5, 0.9, 0.99,
      0.9999999, 1, 1.0000001, 1.3, 2.7, 4.4, 5.3, 7.7, 9.1, 12.3, 15, 17.4, 20.7, 30.9, 43.1, 50.3,
      60.2, 87.3, 88, 100.5, 1e3, 1e6, 1e15, 1e20, 1e30, 3e38, .infinity,
    ].flatMap { [$0, -$0] } + [.nan]

  /// Compares f of Floats with f of the same numbers in Double: the value, and the gradient by every
  /// input of ¾ of the value's sum.
  private func compare(
    _ name: String, _ inputs: [NDArray], scaled: Bool = false, gradients: Bool = true,
    _ f: ([Tensor]) -> Tensor
  ) {
    func results(_ dtype: DType) -> [NDArray] {
      let tensors = inputs.map { Tensor($0.asType(.float32).asType(dtype), requiresGrad: true) }
      let value = f(tensors)
      value.backward(NDArray.full(value.shape, 0.75, dtype: dtype))
      return [value.value] + tensors.map { $0.grad ?? .zeros($0.shape, dtype: dtype) }
    }
    for (place, (found, exact)) in zip(results(.float32), results(.float64)).enumerated() {
      if place > 0 && !gradients { break }
      let what = place == 0 ? "value" : "gradient \(place)"
      let scale = scaled ? exact.abs().max().item : 0
      for (i, (f, e)) in zip(found.doubles, exact.doubles).enumerated() {
        let rounded = Double(Float(e))
        let same =
          rounded.isNaN
          ? f.isNaN
          : f == rounded
            || abs(f - e) <= 1e-6 * Swift.max(abs(e), scale) + 4 * 0x1p-149 && rounded.isFinite
        if same { continue }
        let x = inputs.map { $0.count == found.count ? "\($0.doubles[i])" : "\($0.shape)" }
        Issue.record("\(name) of \(x): \(what) is \(f), right \(e)")
        break
      }
    }
  }

  private let all = NDArray(numbers, dtype: .float64)

  @Test func functions() {
    compare("exp", [all]) { $0[0].exp() }
    compare("expm1", [all]) { $0[0].expm1() }
    compare("log", [all]) { $0[0].log() }
    compare("log1p", [all]) { $0[0].log1p() }
    compare("sqrt", [all]) { $0[0].sqrt() }
    compare("sin", [all]) { $0[0].sin() }
    compare("cos", [all]) { $0[0].cos() }
    compare("tanh", [all]) { $0[0].tanh() }
    compare("sigmoid", [all]) { $0[0].sigmoid() }
    compare("softplus", [all]) { $0[0].softplus() }
    compare("relu", [all]) { $0[0].relu() }
    compare("abs", [all]) { $0[0].abs() }
    compare("reciprocal", [all]) { $0[0].reciprocal() }
    compare("clamped", [all]) { $0[0].clamped(-2, 20) }
    compare("neg", [all]) { -$0[0] }
    for number in [0.25, 3.0, -1e10] {
      compare("number", [all]) { ($0[0] + number) * number - number }
      compare("number /", [all]) { number / $0[0] }
      compare("/ number", [all]) { $0[0] / number }
    }
    for exponent in [0.0, 1, 2, 3, 0.5, -1, -2, 1.5, 4] {
      compare("pow \(exponent)", [all]) { $0[0].pow(exponent) }
    }
  }

  @Test func functionsOfTwo() {
    let n = Self.numbers.count
    let a = all.unsqueezed(1).expanded(to: [n, n]).reshaped([-1])
    let b = all.unsqueezed(0).expanded(to: [n, n]).reshaped([-1])
    compare("+", [a, b]) { $0[0] + $0[1] }
    compare("-", [a, b]) { $0[0] - $0[1] }
    compare("*", [a, b]) { $0[0] * $0[1] }
    compare("maximum", [a, b]) { $0[0].maximum($0[1]) }
    compare("minimum", [a, b]) { $0[0].minimum($0[1]) }
    compare("mseLoss", [a, b]) { mseLoss($0[0], $0[1], reduction: .none) }
    compare("l1Loss", [a, b]) { l1Loss($0[0], $0[1], reduction: .none) }
    compare("smoothL1Loss", [a, b]) { smoothL1Loss($0[0], $0[1], beta: 0.7, reduction: .none) }
    for beta in [1e-24, 1e25] {
      compare("smoothL1Loss, \(beta)", [a, b]) {
        smoothL1Loss($0[0], $0[1], beta: Double(Float(beta)), reduction: .none)
      }
    }
    // Of moderate numbers the quotient's gradient has no intermediate that overflows.
    let some = NDArray(
      Self.numbers.filter { abs($0) >= 1e-15 && abs($0) <= 1e15 || abs($0) == 1e30 },
      dtype: .float64)
    let c = some.unsqueezed(1).expanded(to: [some.count, some.count]).reshaped([-1])
    let d = some.unsqueezed(0).expanded(to: [some.count, some.count]).reshaped([-1])
    compare("/", [c, d]) { $0[0] / $0[1] }
  }

  @Test func logits() {
    let x = NDArray(Self.numbers.filter { $0.isFinite }, dtype: .float64)
    for target in [0, 1, 0.3, 1e-8, 0.9999, 0.5] {
      let t = NDArray.full(x.shape, target, dtype: .float64)
      let away = abs(target - 0.5) == 0.5
      compare("binaryCrossEntropyWithLogits, \(target)", [x], scaled: !away) {
        binaryCrossEntropyWithLogits($0[0], Tensor(t.asType($0[0].dtype)), reduction: .none)
      }
      compare("with weight, \(target)", [x], scaled: !away) {
        binaryCrossEntropyWithLogits(
          $0[0], Tensor(t.asType($0[0].dtype)),
          positiveWeight: Tensor(NDArray([3], dtype: $0[0].dtype)), reduction: .none)
      }
    }
    for (logit, loss) in [(15.0, 3.059022737137205e-07), (12, 6.144193477732806e-06)] {
      let found = binaryCrossEntropyWithLogits(Tensor([logit]), Tensor([1])).item
      #expect(abs(found / loss - 1) < 1e-6)
    }
  }

  /// Rows in which one number has nearly all of the sum, or none.
  @Test func softmaxes() {
    var rows: [[Double]] = []
    for gap in [0, 1e-6, 0.3, 2.7, 8.1, 15.3, 20.9, 40.2, 79.9, 88, 100.3, 500] {
      rows += [[gap, 0, 0.1], [0, -gap, -gap - 0.3], [-1.7, gap, 0.2], [gap, gap, 0.3]]
    }
    let a = NDArray(rows, dtype: .float64)
    let columns = a.transposed.contiguous
    let generator = Generator(seed: 4)
    let long = NDArray.normal([7, 70], dtype: .float64, generator: generator) * 8
    for (x, axis) in [(a, 1), (columns, 0), (long, 1), (long, 0), (long.reshaped([7, 10, 7]), 1)] {
      compare("logSumExp", [x]) { $0[0].logSumExp(axis: axis) }
      // with equal weights the gradients are nothing but what rounding leaves of 0
      compare("softmax", [x], gradients: false) { $0[0].softmax(axis: axis) }
      compare("logSoftmax", [x], gradients: false) { $0[0].logSoftmax(axis: axis) }
      // one number of each row, so that the gradient is p less 0 or 1
      for place in 0..<min(3, x.shape[axis]) {
        compare("softmax at \(place)", [x]) {
          $0[0].softmax(axis: axis).select(axis: axis, index: place)
        }
        compare("logSoftmax at \(place)", [x]) {
          $0[0].logSoftmax(axis: axis).select(axis: axis, index: place)
        }
      }
    }
    for target in 0..<3 {
      let classes = Indices(Array(repeating: target, count: rows.count), shape: [rows.count])
      compare("crossEntropy", [a]) { crossEntropy($0[0], classes, reduction: .none) }
      compare("nllLoss", [a]) { nllLoss($0[0], classes, reduction: .none) }
      let certain = NDArray.oneHot(classes, classes: 3)
      compare("crossEntropy of probabilities", [a]) {
        crossEntropy(
          $0[0], probabilities: Tensor(certain.asType($0[0].dtype)), reduction: .none)
      }
    }
    #expect(abs(crossEntropy(Tensor([[15, 0]]), [0]).item / 3.0590227e-7 - 1) < 1e-6)
  }

  @Test func farFromZero() {
    let x = NDArray.uniform(
      [40, 50], in: 10_000...10_001, dtype: .float64, generator: Generator(seed: 5))
    compare("variance", [x]) { $0[0].variance(axes: [1]) }
    compare("variance of all", [x]) { $0[0].variance() }
    let weights = NDArray.normal([40, 50], dtype: .float64, generator: Generator(seed: 6))
    compare("layerNorm", [x], scaled: true) {
      $0[0].layerNorm([50]) * Tensor(weights.asType(.float32).asType($0[0].dtype))
    }
    compare("mean", [x]) { $0[0].mean(axis: 0) }
  }

  /// The gradients of a layer's bias, of a bias that is stretched, and losses of a million numbers.
  @Test func ofAMillionRows() {
    let rows = 1_000_000
    let x = NDArray.full([rows, 3], 0.1)
    compare("linear", [NDArray.ones([2, 3]), .zeros([2])]) {
      Tensor(x.asType($0[0].dtype)).linear($0[0], $0[1]).mean()
    }
    compare("stretched", [NDArray.ones([3])]) { ($0[0] + Tensor(x.asType($0[0].dtype))).mean() }
    compare("embedding", [NDArray.ones([2, 3])]) {
      $0[0].embedding(Indices(Array(repeating: 1, count: rows / 10), shape: [rows / 10])).mean()
    }
    for reduction in [Reduction.mean, .sum] {
      compare("losses", [.full([rows], 0.3), .full([rows], 0.6)]) {
        let (x, t) = ($0[0], $0[1])
        let a = mseLoss(x, t, reduction: reduction) + l1Loss(x, t, reduction: reduction)
        return a + binaryCrossEntropyWithLogits(x, t, reduction: reduction)
      }
    }
  }
}
