import Optim

extension Twin {
  static let reductions: [Twin] = [
    Twin("sum", ulps: 1, timesInDouble: 1000, scaled: true) {
      over($0.array()) { $0.sum(axes: $1) }
    },
    Twin("mean", ulps: 1, timesInDouble: 1000, scaled: true) {
      over($0.array()) { $0.mean(axes: $1, keepDims: true) }
    },
    Twin("largest") { i in
      i.shape.contains(0) ? [] : over(i.array()) { $0.max(axes: $1) }
    },
    Twin("smallest") { i in
      i.shape.contains(0) ? [] : over(i.array()) { $0.min(axes: $1) }
    },
    Twin("variance", ulps: 1, timesInDouble: 1000) {
      over($0.array()) { $0.variance(axes: $1, correction: 0) }
    },
    Twin("center", ulps: 2, scaled: true) { over($0.array()) { $0.centered(axes: $1) } },
    Twin("place") { i in
      if i.shape.contains(0) { return [] }
      let x = i.array()
      return i.shape.indices.flatMap { axis in
        [x.argmax(axis: axis), x.argmin(axis: axis)].map {
          NDArray($0.values.map(Double.init), dtype: i.dtype)
        }
      } + [NDArray([Double(x.argmax()), Double(x.argmin())], dtype: i.dtype)]
    },
    Twin("softmax", ulps: 32, scaled: true) { i in
      i.shape.indices.flatMap { axis in
        let x = i.array()
        return x.shape[axis] == 0 ? [] : [x.softmax(axis: axis), x.logSoftmax(axis: axis)]
      }
    },
    Twin("softmax_grad", ulps: 64, scaled: true) { i in
      if i.shape.contains(0) { return [] }
      return i.shape.indices.flatMap { axis in
        i.valueAndGradients([i.array()]) { $0[0].softmax(axis: axis) }
          + i.valueAndGradients([i.array()]) { $0[0].logSoftmax(axis: axis) }
      }
    },
    Twin("nll", ["nll", "nll_grad"], ulps: 32, scaled: true, ownShapes: true) { i in
      [[5, 3], [1, 7], [4, 2, 3], [0, 3], [2, 5, 1]].flatMap { shape in
        let size = shape[0] * shape.dropFirst(2).reduce(1, *)
        let targets = Indices(
          (0..<size).map { $0 % 4 == 2 ? -100 : ($0 * 7) % shape[1] },
          shape: [shape[0]] + shape.dropFirst(2))
        return i.valueAndGradients([i.array(shape)]) {
          crossEntropy($0[0], targets, reduction: .none)
        }
          + i.valueAndGradients([i.array(shape)]) { nllLoss($0[0], targets, reduction: .sum) }
      }
    },
    Twin("add_taken", ulps: 1, scaled: true, ownShapes: true) { i in
      [[6, 1], [6, 5], [6, 3, 7]].flatMap { shape in
        let places: Indices = [2, 0, 2, 5, 2, 4]
        return i.valueAndGradients([i.array(shape)]) { $0[0].take(places) }
      }
    },
  ]

  /// Along every axis, along the first and the last, and of all numbers.
  private static func over(
    _ x: NDArray, _ reduction: (NDArray, [Int]?) -> NDArray
  ) -> [NDArray] {
    let axes = x.shape.indices.map { [$0] } + (x.rank > 2 ? [[0, x.rank - 1]] : [])
    return axes.map { reduction(x, $0) } + [reduction(x, nil)]
  }
}

extension Twin {
  /// Numbers that are only put somewhere else: what they become is written out here.
  static let moves: [Twin] = [
    Twin(
      "fill",
      plain: { i in
        let count = i.shape.reduce(1, *)
        return [
          NDArray(
            Array(repeating: i.dtype == .float32 ? Double(Float(0.3)) : 0.3, count: count),
            shape: i.shape, dtype: i.dtype)
        ]
      }
    ) { [.full($0.shape, 0.3, dtype: $0.dtype)] },
    Twin(
      "convert", ["to_f32", "to_f64"],
      plain: { i in
        let numbers = i.array().doubles
        return [
          NDArray(numbers.map { Double(Float($0)) }, shape: i.shape, dtype: .float32),
          NDArray(numbers, shape: i.shape, dtype: .float64),
        ]
      }
    ) { i in
      let x = i.array()
      return [x.asType(.float32), x.asType(.float64)]
    },
    Twin(
      "gather_strided",
      plain: { i in
        let x = threefold(i).doubles
        return [NDArray(stride(from: 1, to: x.count, by: 3).map { x[$0] }, dtype: i.dtype)]
      }
    ) { i in
      let x = threefold(i)
      return [x.reshaped([x.count / 3, 3]).select(axis: 1, index: 1).contiguous]
    },
    Twin(
      "scatter_strided", ownShapes: true,
      plain: { i in
        let x = i.array([9]).doubles
        return [
          NDArray((0..<27).map { $0 % 3 == 1 ? x[$0 / 3] : 0 }, shape: [9, 3], dtype: i.dtype)
        ]
      }
    ) { i in
      let x = i.array([9])
      var whole = NDArray.zeros([9, 3], dtype: i.dtype)
      whole.write(x) { $0.select(axis: 1, index: 1) }
      return [whole]
    },
    Twin(
      "transpose", ownShapes: true,
      plain: { i in
        turned(i).map { x in
          let (rows, columns, numbers) = (x.shape[0], x.shape[1], x.doubles)
          let places = (0..<columns).flatMap { j in (0..<rows).map { $0 * columns + j } }
          return NDArray(places.map { numbers[$0] }, shape: [columns, rows], dtype: i.dtype)
        }
      }
    ) { i in turned(i).map { $0.transposed.contiguous } },
    Twin("add_strided", ulps: 1, scaled: true, ownShapes: true) { i in
      i.valueAndGradients([i.array([6, 5])]) { $0[0][1] + $0[0][2] * $0[0][1] }
        + i.valueAndGradients([i.array([6, 5])]) { $0[0][0..., 1] + $0[0][0..., 3] }
    },
  ]

  private static func turned(_ i: Inputs) -> [NDArray] {
    [[33, 50], [1030, 1041]].map { Inputs($0, i.dtype, .rowMajor).array() }
  }

  /// Three times as many numbers as the inputs' shape holds, one after the other.
  private static func threefold(_ i: Inputs) -> NDArray {
    Inputs([3 * i.shape.reduce(1, *)], i.dtype, .rowMajor).array()
  }
}
