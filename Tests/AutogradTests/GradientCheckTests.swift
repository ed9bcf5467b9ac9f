import Autograd
import Testing

@Suite struct GradientCheckTests {
  /// tanh with the sign of its derivative wrong at the fourth number.
  func wrong(_ x: Tensor) -> Tensor {
    let y = x.value.tanh()
    return Tensor("wrong", of: x, value: y) { dy in
      var dx = dy * (1 - y * y)
      dx[1, 1] = -dx[1, 1]
      return dx
    }
  }

  @Test func aWrongGradientIsNamed() {
    let x = NDArray([[0, 0], [0, 1]], dtype: .float64)
    #expect {
      try gradientCheck({ wrong($0[1]) * $0[0] }, inputs: [.ones([2, 2], dtype: .float64), x])
    } throws: { error in
      let text = "\(error)"
      return text.hasPrefix("gradient of input 1 [2, 2] at [1, 1]: expected 0.")
        && text.contains("got -0.")
    }
  }

  @Test func aMissingGradientIsFound() {
    #expect(throws: GradientError.self) {
      try gradientCheck({ $0[0] * $0[1].detach() }, inputs: [numbers(1), numbers(2)])
    }
  }

  private func numbers(_ seed: UInt64) -> NDArray {
    .normal([2, 2], dtype: .float64, generator: Generator(seed: seed))
  }

  @Test func floatIsRefused() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { try gradientCheck({ $0[0] }, inputs: [.zeros([2])]) }
    #expect(said(result).contains("gradientCheck: input 0 is float32"))
  }
}
