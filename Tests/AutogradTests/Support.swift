import Autograd
import Testing

/// One operation on arrays of the given shapes: its value, its gradient at every index, and that it
/// works in Float as in Double.
///
/// - Parameters:
///   - low: inputs are drawn evenly from `low … high`, away from where a function has no value.
///   - plain: what the value should be, by a loop over plain numbers.
func check(
  _ shapes: [Int]..., from low: Double = -2, to high: Double = 2, tolerance: Double = 1e-7,
  _ operation: ([Tensor]) -> Tensor, equals plain: (([Plain]) -> Plain)? = nil,
  at location: SourceLocation = #_sourceLocation
) {
  let generator = Generator(seed: 11)
  let inputs = shapes.map {
    NDArray.uniform($0, in: low...high, dtype: .float64, generator: generator)
  }
  let value = noGrad { operation(inputs.map { Tensor($0) }).value }
  if let plain {
    let expected = plain(inputs.map { Plain($0) })
    #expect(value.shape == expected.shape, sourceLocation: location)
    for (got, wanted) in zip(value.doubles, expected.numbers) {
      #expect(abs(got - wanted) <= 1e-11 * (1 + abs(wanted)), sourceLocation: location)
    }
  }
  let single = noGrad { operation(inputs.map { Tensor($0.asType(.float32)) }).value }
  #expect(single.dtype == .float32, sourceLocation: location)
  #expect(
    single.asType(.float64).isClose(to: value, relative: 1e-4, absolute: 1e-4),
    sourceLocation: location)
  do {
    try gradientCheck(operation, inputs: inputs, tolerance: tolerance)
  } catch {
    Issue.record(error, sourceLocation: location)
  }
}

/// The standard error of an exit test, as text.
func said(_ result: ExitTest.Result?) -> String {
  String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
}
