import Arrays
import Foundation
import Testing

/// The vector functions against the math library's, number by number.
@Suite struct FunctionTests {
  static var functions: [(String, (NDArray) -> NDArray, (Double) -> Double)] {
    [
      ("exp", { $0.exp() }, { Foundation.exp($0) }),
      ("log", { $0.log() }, { Foundation.log($0) }),
      ("tanh", { $0.tanh() }, { Foundation.tanh($0) }),
      (
        "sigmoid", { $0.sigmoid() },
        { x in
          x < 0 ? Foundation.exp(x) / (1 + Foundation.exp(x)) : 1 / (1 + Foundation.exp(-x))
        }
      ),
      (
        "softplus", { $0.softplus() },
        { Swift.max($0, 0) + Foundation.log1p(Foundation.exp(-Swift.abs($0))) }
      ),
      ("sqrt", { $0.sqrt() }, { $0.squareRoot() }),
      ("abs", { $0.abs() }, { Swift.abs($0) }),
      ("floor", { $0.floor() }, { $0.rounded(.down) }),
      ("relu", { $0.relu() }, { $0.isNaN ? $0 : Swift.max($0, 0) }),
    ]
  }

  static let special: [Double] = [
    0, -0.0, .infinity, -.infinity, .nan, 1, -1, 1e-30, -1e-30, 88, -88, 700, -700, 1e30, -1e30,
    0.5, 2, 1e-3, 20, -20, 0.99999, 1.00001,
  ]

  @Test(arguments: functions.indices, [(DType.float32, 4e-7), (.float64, 8e-16)])
  func asTheMathLibrary(_ index: Int, _ type: (dtype: DType, tolerance: Double)) {
    let (name, f, plain) = Self.functions[index]
    let spread = (0..<1003).map { (Double($0) - 500) * 0.0437 + 0.001 }
    let inputs = NDArray(spread + Self.special, dtype: type.dtype)
    let single = type.dtype == .float32
    for (x, found) in zip(inputs.doubles, f(inputs).doubles) {
      let exact = plain(x)
      let expected = single ? Double(Float(exact)) : exact
      let close =
        found == expected || (found.isNaN && expected.isNaN)
        || Swift.abs(found - exact) <= type.tolerance * Swift.abs(exact)
        || (Swift.abs(exact) < (single ? 2e-38 : 3e-308) && Swift.abs(found - exact) < 2e-45)
      #expect(close, "\(name)(\(x)) = \(found), expected \(expected)")
    }
  }

  @Test(arguments: 0..<40) func everyLength(_ count: Int) {
    let x = numbers([count])
    #expect(x.tanh().isClose(to: doubles(x.doubles.map { Foundation.tanh($0) }), absolute: 1e-15))
    #expect((x + x).doubles == x.doubles.map { $0 + $0 })
    #expect(Swift.abs(x.sum().item - x.doubles.reduce(0, +)) < 1e-12)
  }

  @Test func powersAndSigns() {
    let x = doubles([-2, -1, 0, 3])
    #expect(x.pow(2).doubles == [4, 1, 0, 9])
    #expect(x.pow(3).doubles == [-8, -1, 0, 27])
    #expect(x.pow(0).doubles == [1, 1, 1, 1])
    #expect(x.pow(0.5).doubles[0].isNaN && x.pow(-1).doubles[2] == .infinity)
    #expect(x.sign().doubles == [-1, -1, 0, 1])
    #expect(x.clamped(-1, 2).doubles == [-1, -1, 0, 2])
    #expect(doubles([.nan]).clamped(0, 1).item.isNaN)
    #expect((2 - x).doubles == [4, 3, 2, -1] && (6 / doubles([2, 3])).doubles == [3, 2])
  }
}
