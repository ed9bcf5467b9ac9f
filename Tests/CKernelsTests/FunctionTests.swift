import CKernels
import Foundation
import Testing

/// A function of the vector kernels beside the math library's, which is the reference.
private struct Function: CustomTestStringConvertible, Sendable {
  let name: String
  let op: ck_unary_op
  let range: ClosedRange<Double>
  /// The largest error allowed, in units of the last place (the library's own is up to 1).
  let bound: Double
  let plain: @Sendable (Double) -> Double
  var testDescription: String { "\(name) \(range)" }

  static let all = [
    Function(name: "exp", op: CK_EXP, range: -750...715, bound: 2) { exp($0) },
    Function(name: "exp", op: CK_EXP, range: -105...90, bound: 2) { exp($0) },
    Function(name: "expm1", op: CK_EXPM1, range: -105...90, bound: 3) { expm1($0) },
    Function(name: "expm1", op: CK_EXPM1, range: -1...1, bound: 3) { expm1($0) },
    Function(name: "log", op: CK_LOG, range: 0...10, bound: 2) { log($0) },
    Function(name: "log", op: CK_LOG, range: 0...1e38, bound: 2) { log($0) },
    Function(name: "log1p", op: CK_LOG1P, range: -0.9999...10, bound: 2.5) { log1p($0) },
    Function(name: "log1p", op: CK_LOG1P, range: 0...1e20, bound: 2.5) { log1p($0) },
    Function(name: "tanh", op: CK_TANH, range: -25...25, bound: 3.5) { tanh($0) },
    Function(name: "sigmoid", op: CK_SIGMOID, range: -760...40, bound: 3.5, plain: logistic),
    Function(name: "sigmoid", op: CK_SIGMOID, range: -20...20, bound: 3.5, plain: logistic),
    Function(name: "softplus", op: CK_SOFTPLUS, range: -100...40, bound: 3, plain: softplus),
    Function(name: "softplus", op: CK_SOFTPLUS, range: -2...2, bound: 3, plain: softplus),
    Function(name: "sin", op: CK_SIN, range: -8...8, bound: 3.5) { sin($0) },
    Function(name: "sin", op: CK_SIN, range: -9.9e5...9.9e5, bound: 3.5) { sin($0) },
    Function(name: "sin", op: CK_SIN, range: -1e15...1e15, bound: 3.5) { sin($0) },
    Function(name: "cos", op: CK_COS, range: -8...8, bound: 3.5) { cos($0) },
    Function(name: "cos", op: CK_COS, range: -9.9e3...9.9e3, bound: 3.5) { cos($0) },
    Function(name: "cos", op: CK_COS, range: -1e15...1e15, bound: 3.5) { cos($0) },
  ]

  private static func logistic(_ x: Double) -> Double {
    x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x))
  }
  private static func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
}

/// Zeros with their signs, ±∞, NaN, the ends of both element types, and where a function turns.
private let special: [Double] =
  [
    0, .infinity, 1, 0.5, 2, 3, 1.5, 20, 36, 40, 88.7, 103.9, 104, 709.5, 745.1, 1000, 1e4, 1e6,
    1e7, 1e19, 1e22, 1e38, 1e300, 1e-5, 1e-9, 1e-20, 1e-30, 0.99999999, 1.00000001, 16_777_215,
    9_007_199_254_740_991, .pi, .pi / 2, 1e-45, 1e-40, 0x1p-126, 3.4028234e38,
    .leastNonzeroMagnitude, 0x1p-1030, 0x1p-1022, .greatestFiniteMagnitude, Double(1).nextUp,
    Double(1).nextDown,
  ].flatMap { [$0, -$0] } + [.nan]

/// How far off, in units of the last place of `N`; 0 for the same number, the same infinity or NaN.
private func error<N: BinaryFloatingPoint & BitwiseCopyable>(_ found: N, _ exact: Double) -> Double
{
  let expected = N(exact)
  if found == expected { return found.sign == expected.sign ? 0 : .infinity }
  if found.isNaN && expected.isNaN { return 0 }
  guard found.isFinite, expected.isFinite else { return .infinity }
  return abs(Double(found) - exact) / Double(expected.ulp)
}

private let instructionSets: [ck_isa] = {
  ck_limit_isa(CK_AVX512)
  return [CK_BASE, CK_AVX2, CK_AVX512].filter { $0.rawValue <= ck_isa_in_use().rawValue }
}()

private func withEveryInstructionSet(_ body: (String) -> Void) {
  for isa in instructionSets {
    ck_limit_isa(isa)
    body(String(cString: ck_isa_name()))
  }
  ck_limit_isa(CK_AVX512)
}

extension KernelTests {
  @Suite struct FunctionTests {
    @Test(arguments: Function.all) private func asTheMathLibrary(_ function: Function) {
      var random = SplitMix(state: 11)
      var inputs = special
      for i in 0..<20_000 {
        let x = Double.random(in: function.range, using: &random)
        inputs.append(i % 8 == 0 ? x * exp(-30 * .random(in: 0...1, using: &random)) : x)
      }
      if function.op == CK_SIN || function.op == CK_COS {  // next to the zeros
        inputs += (0..<4000).map { Double($0 * 157) * .pi / 2 }
      }
      withEveryInstructionSet { isa in
        check(function, inputs, CK_F64, isa)
        check(function, inputs.map(Float.init), CK_F32, isa)
      }
    }

    private func check<N: BinaryFloatingPoint & BitwiseCopyable>(
      _ function: Function, _ inputs: [N], _ dtype: ck_dtype, _ isa: String
    ) {
      var outputs = inputs
      ck_unary(function.op, dtype, inputs.count, inputs, &outputs)
      for (x, found) in zip(inputs, outputs) {
        let off = error(found, function.plain(Double(x)))
        if off > function.bound {
          Issue.record("\(isa) \(N.self): \(function.name)(\(x)) = \(found), off by \(off) ulp")
          return
        }
      }
      for count in 0..<min(70, inputs.count) {  // every length, in place, nothing written behind
        var short = Array(inputs[..<(count + 1)])
        short.withUnsafeMutableBufferPointer { numbers in
          ck_unary(function.op, dtype, count, numbers.baseAddress!, numbers.baseAddress!)
        }
        #expect(same(short, Array(outputs[..<count]) + [inputs[count]]), "\(isa) \(function.name)")
      }
    }

    @Test func powers() {
      var random = SplitMix(state: 12)
      var bases: [Double] = [], exponents: [Double] = []
      for x in special { for y in special { (bases, exponents) = (bases + [x], exponents + [y]) } }
      for (base, exponent) in [(4.0, 4.0), (1e5, 60), (1e-3, 90), (1.1, 5000), (1.001, 60_000)] {
        for i in 0..<5000 {
          let x = Double.random(in: (base > 1 && base < 2 ? 2 - base : 0)...base, using: &random)
          let y = Double.random(in: -exponent...exponent, using: &random)
          bases.append(i % 5 == 0 ? -x : x)
          exponents.append(i % 5 == 0 ? y.rounded() : y)
        }
      }
      withEveryInstructionSet { isa in
        checkPowers(bases, exponents, CK_F64, isa)
        checkPowers(bases.map(Float.init), exponents.map(Float.init), CK_F32, isa)
      }
    }

    private func checkPowers<N: BinaryFloatingPoint & BitwiseCopyable>(
      _ bases: [N], _ exponents: [N], _ dtype: ck_dtype, _ isa: String
    ) {
      var found = bases
      ck_binary(CK_POW, dtype, bases.count, bases, 1, exponents, 1, &found)
      for (i, power) in found.enumerated() {
        let off = error(power, pow(Double(bases[i]), Double(exponents[i])))
        if off > 2 {
          Issue.record(
            "\(isa) \(N.self): \(bases[i]) ^ \(exponents[i]) = \(power), off by \(off) ulp")
          return
        }
      }
      // One number for all on either side; among the exponents those with a way of their own.
      for number: N in [2, 1, -1, 0.5, 3, 0, -2.5, .infinity, .nan] {
        var powers = bases, exponentials = bases
        ck_binary(CK_POW, dtype, bases.count, bases, 1, [number], 0, &powers)
        ck_binary(CK_POW, dtype, bases.count, [number], 0, bases, 1, &exponentials)
        for (i, x) in bases.enumerated() {
          let off = max(
            error(powers[i], pow(Double(x), Double(number))),
            error(exponentials[i], pow(Double(number), Double(x))))
          if off > 2 {
            Issue.record("\(isa) \(N.self): \(x) with \(number), off by \(off) ulp")
            return
          }
        }
      }
    }

    @Test func threadsShareLongArrays() {
      defer { ck_set_threads(1) }
      var random = SplitMix(state: 13)
      let count = 200_003
      let a = (0..<count).map { _ in Float.random(in: 0.1...4, using: &random) }
      func results() -> [[Float]] {
        var all: [[Float]] = []
        for stride in [0, 1] {
          var out = a
          for op in [CK_ADD, CK_POW] {
            ck_binary(op, CK_F32, count, a, 1, a, stride, &out)
            all.append(out)
            ck_binary(op, CK_F32, count, a, stride, a, 1, &out)
            all.append(out)
          }
          for op in [CK_NEG, CK_SIN, CK_LOG] {
            ck_unary(op, CK_F32, count, a, &out)
            all.append(out)
          }
          ck_clamp(CK_F32, count, 1, 2, a, &out)
          all.append(out)
          ck_where(CK_F32, count, all[0].map { $0 > 4 ? 1 : 0 }, 1, a, stride, all[1], 1, &out)
          all.append(out)
        }
        return all
      }
      let alone = results()
      for threads in [2, 3] {
        ck_set_threads(Int32(threads))
        #expect(results() == alone)
      }
    }

    private func same<N: BinaryFloatingPoint & BitwiseCopyable>(_ a: [N], _ b: [N]) -> Bool {
      zip(a, b).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) } && a.count == b.count
    }
  }
}
