import Optim

extension Twin {
  static let elementwise: [Twin] =
    [
      // IEEE's operations are exact, so that there is nothing to differ in.
      ofTwo("add") {
        $0 + $1
      } _: {
        $0 + $1
      } _: {
        $0 + $1
      },
      ofTwo("sub") {
        $0 - $1
      } _: {
        $0 - $1
      } _: {
        $0 - $1
      },
      ofTwo("mul") {
        $0 * $1
      } _: {
        $0 * $1
      } _: {
        $0 * $1
      },
      ofTwo("div") {
        $0 / $1
      } _: {
        $0 / $1
      } _: {
        $0 / $1
      },
      comparison("eq") {
        $0 .== $1
      } _: {
        $0 .== $1
      },
      comparison("ne") {
        $0 .!= $1
      } _: {
        $0 .!= $1
      },
      comparison("lt") {
        $0 .< $1
      } _: {
        $0 .< $1
      },
      comparison("le") {
        $0 .<= $1
      } _: {
        $0 .<= $1
      },
      comparison("gt") {
        $0 .> $1
      } _: {
        $0 .> $1
      },
      comparison("ge") {
        $0 .>= $1
      } _: {
        $0 .>= $1
      },
      Twin("max") { [$0.array().maximum($0.array())] },
      Twin("min") { [$0.array().minimum($0.array())] },
      Twin("pow", ulps: 4) { i in
        let x = i.positive()
        return [x.pow(i.array())] + [1, 2, 3, 0.5, -1, 1.7].map { x.pow($0) }
      },
      of("neg") { -$0 }, of("sqrt", positive: true) { $0.sqrt() }, of("relu") { $0.relu() },
      of("abs") { $0.abs() }, of("reciprocal") { $0.reciprocal() }, of("sign") { $0.sign() },
      of("floor") { $0.floor() }, of("exp", ulps: 2) { $0.exp() },
      of("expm1", ulps: 3) { $0.expm1() }, of("log", ulps: 2, positive: true) { $0.log() },
      of("log1p", ulps: 3, positive: true) { $0.log1p() }, of("sin", ulps: 4) { $0.sin() },
      of("cos", ulps: 4) { $0.cos() }, of("tanh", ulps: 4) { $0.tanh() },
      of("sigmoid", ulps: 4) { $0.sigmoid() }, of("softplus", ulps: 4) { $0.softplus() },
      // 1 − y² loses what a slope of its own does not.
      Twin("tanh_slopes", ulps: 8, scaled: true) { i in
        i.valueAndGradients([i.array()]) { $0[0].tanh() }
      },
      Twin("sigmoid_slopes", ulps: 8, scaled: true) { i in
        i.valueAndGradients([i.array()]) { $0[0].sigmoid() }
      },
      Twin("relu_grad") { i in i.valueAndGradients([i.array()]) { $0[0].relu() } },
      Twin("bce", ["bce", "bce_grad"], ulps: 8, scaled: true) { i in
        let t = Tensor(i.array().sigmoid())
        return i.valueAndGradients([i.array()]) {
          binaryCrossEntropyWithLogits($0[0], t, reduction: .none)
        }
      },
      Twin("clamp") { [$0.array().clamped(-0.3, 0.7)] },
      Twin("where") { i in
        let (mask, a, b) = (i.array() .> 0.0, i.array(), i.array())
        return [.where(mask, a, b), .where(mask, a, .zeros([], dtype: i.dtype))]
      },
      // with a fused multiply-add or without
      Twin("axpy", ulps: 1, scaled: true) { i in
        var x = i.array()
        x.add(i.array(), scale: 0.3)
        return [x]
      },
      Twin("scale") { i in
        var x = i.array()
        x.scale(by: 0.3)
        return [x]
      },
    ]

  /// Of two arrays of one shape, of one and a vector that is stretched, and of one and a number.
  private static func ofTwo(
    _ name: String, _ arrays: @escaping @Sendable (NDArray, NDArray) -> NDArray,
    _ number: @escaping @Sendable (NDArray, Double) -> NDArray,
    _ reversed: @escaping @Sendable (Double, NDArray) -> NDArray
  ) -> Twin {
    Twin(name) { i in
      let a = i.array(), b = i.array()
      let last = i.array(i.shape.isEmpty ? [] : [i.shape.last!])
      return [
        arrays(a, b), arrays(a, last), arrays(last, a), arrays(a, i.array([])), number(a, 0.3),
        reversed(0.3, a),
      ]
    }
  }

  private static func comparison(
    _ name: String, _ arrays: @escaping @Sendable (NDArray, NDArray) -> NDArray,
    _ number: @escaping @Sendable (NDArray, Double) -> NDArray
  ) -> Twin {
    Twin(name) { i in
      let a = i.array().floor(), b = i.array().floor()
      return [arrays(a, b), arrays(a, a), number(a, 1)]
    }
  }

  private static func of(
    _ name: String, ulps: Double = 0, positive: Bool = false,
    _ f: @escaping @Sendable (NDArray) -> NDArray
  ) -> Twin {
    Twin(name, ulps: ulps) { [f(positive ? $0.positive() : $0.array())] }
  }
}
