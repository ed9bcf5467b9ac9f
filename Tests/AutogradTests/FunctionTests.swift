import Autograd
import Foundation
import Testing

@Suite(.serialized) struct FunctionTests {
  @Test(arguments: [[], [1], [5], [2, 3], [3, 1, 17]]) func elementByElement(_ shape: [Int]) {
    check(shape) {
      $0[0].exp()
    } equals: {
      $0[0].map { Foundation.exp($0) }
    }
    check(shape, from: 0.3) {
      $0[0].log()
    } equals: {
      $0[0].map { Foundation.log($0) }
    }
    check(shape, from: -0.9) {
      $0[0].log1p()
    } equals: {
      $0[0].map { Foundation.log1p($0) }
    }
    check(shape) {
      $0[0].expm1()
    } equals: {
      $0[0].map { Foundation.expm1($0) }
    }
    check(shape, from: 0.3) {
      $0[0].reciprocal()
    } equals: {
      $0[0].map { 1 / $0 }
    }
    check(shape, from: 0.3) {
      $0[0].sqrt()
    } equals: {
      $0[0].map { $0.squareRoot() }
    }
    check(shape) {
      $0[0].sin()
    } equals: {
      $0[0].map { Foundation.sin($0) }
    }
    check(shape) {
      $0[0].cos()
    } equals: {
      $0[0].map { Foundation.cos($0) }
    }
    check(shape) {
      $0[0].tanh()
    } equals: {
      $0[0].map { Foundation.tanh($0) }
    }
    check(shape) {
      $0[0].sigmoid()
    } equals: {
      $0[0].map { 1 / (1 + Foundation.exp(-$0)) }
    }
    check(shape) {
      $0[0].relu()
    } equals: {
      $0[0].map { $0 > 0 ? $0 : 0 }
    }
    check(shape) {
      $0[0].softplus()
    } equals: {
      $0[0].map { Foundation.log(1 + Foundation.exp($0)) }
    }
    check(shape) {
      $0[0].abs()
    } equals: {
      $0[0].map { $0 < 0 ? -$0 : $0 }
    }
    check(shape) {
      $0[0].clamped(-1, 0.5)
    } equals: {
      $0[0].map { $0 < -1 ? -1 : $0 > 0.5 ? 0.5 : $0 }
    }
    check(shape) {
      $0[0].maskedFill($0[0].value .> 0.3, 7)
    } equals: {
      $0[0].map { $0 > 0.3 ? 7 : $0 }
    }
  }

  private static func sum(_ line: [Double]) -> Double { line.reduce(0, +) }
  private static func mean(_ line: [Double]) -> Double { sum(line) / Double(line.count) }
  private static func variance(_ line: [Double]) -> Double {
    let mean = mean(line)
    return line.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(line.count)
  }
  private static func logSumExp(_ line: [Double]) -> Double {
    Foundation.log(line.reduce(0) { $0 + Foundation.exp($1) })
  }

  @Test(arguments: [[4], [2, 3], [2, 1, 5], [1, 1], [3, 4, 2]]) func alongAxes(_ shape: [Int]) {
    for axis in Array(shape.indices) + [-1] {
      check(shape) {
        $0[0].sum(axis: axis)
      } equals: {
        $0[0].over([axis], Self.sum)
      }
      check(shape) {
        $0[0].mean(axis: axis, keepDims: true)
      } equals: {
        $0[0].over([axis], keepDims: true, Self.mean)
      }
      check(shape) {
        $0[0].max(axis: axis)
      } equals: {
        $0[0].over([axis]) { $0.max()! }
      }
      check(shape) {
        $0[0].min(axis: axis, keepDims: true)
      } equals: {
        $0[0].over([axis], keepDims: true) { $0.min()! }
      }
      check(shape) {
        $0[0].logSumExp(axis: axis)
      } equals: {
        $0[0].over([axis], Self.logSumExp)
      }
      check(shape) {
        $0[0].softmax(axis: axis)
      } equals: {
        $0[0].along(axis) { Foundation.exp($0 - Self.logSumExp($1)) }
      }
      check(shape) {
        $0[0].logSoftmax(axis: axis)
      } equals: {
        $0[0].along(axis) { $0 - Self.logSumExp($1) }
      }
      check(shape) {
        $0[0].variance(axis: axis, correction: 0)
      } equals: {
        $0[0].over([axis], Self.variance)
      }
      if shape[axis < 0 ? axis + shape.count : axis] > 1 {
        check(shape) {
          $0[0].std(axis: axis)
        } equals: {
          $0[0].over([axis]) { line in
            (Self.variance(line) * Double(line.count) / Double(line.count - 1)).squareRoot()
          }
        }
      }
    }
    check(shape) {
      $0[0].sum()
    } equals: {
      $0[0].over(nil, Self.sum)
    }
    check(shape) {
      $0[0].mean()
    } equals: {
      $0[0].over(nil, Self.mean)
    }
    for axes in [
      nil, [], [0], [-1], Array(shape.indices), [-1, 0].count <= shape.count ? [-1, 0] : [0],
    ] {
      check(shape) {
        $0[0].max(axes: axes)
      } equals: {
        $0[0].over(axes) { $0.max()! }
      }
      check(shape) {
        $0[0].min(axes: axes, keepDims: true)
      } equals: {
        $0[0].over(axes, keepDims: true) { $0.min()! }
      }
      check(shape) {
        $0[0].sum(axes: axes)
      } equals: {
        $0[0].over(axes, Self.sum)
      }
      check(shape) {
        $0[0].logSumExp(axes: axes)
      } equals: {
        $0[0].over(axes, Self.logSumExp)
      }
    }
  }

  @Test(arguments: [[3], [2, 3], [2, 1, 3], [4, 1]]) func layerNorm(_ shape: [Int]) {
    let size = [shape.last!]
    check(shape, size, size, tolerance: 1e-6) {
      $0[0].layerNorm(size, weight: $0[1], bias: $0[2])
    } equals: {
      Self.normalized($0[0]).with($0[1], *).with($0[2], +)
    }
    check(shape, tolerance: 1e-6) {
      $0[0].layerNorm(shape)
    } equals: {
      Self.normalized($0[0].reshaped([$0[0].numbers.count])).reshaped(shape)
    }
  }

  private static func normalized(_ x: Plain) -> Plain {
    x.along(-1) { ($0 - mean($1)) / (variance($1) + 1e-5).squareRoot() }
  }

  @Test func dropout() {
    let x = Tensor(.ones([10_000]), requiresGrad: true)
    let y = x.dropout(0.25, generator: Generator(seed: 2))
    #expect(abs(y.value.mean().item - 1) < 0.03)
    #expect(Set(y.value.floats) == [0, Float(4.0 / 3.0)])
    y.sum().backward()
    #expect(x.grad == y.value, "the gradient goes where the numbers went")
    #expect(x.dropout(0) === x)
    #expect(x.dropout(1).value == .zeros([10_000]))
  }

  @Test func tiesShareOrGoToTheFirst() {
    let x = Tensor([[2, 2, 1]], dtype: .float64, requiresGrad: true)
    x.max(axis: 1).backward(.ones([1], dtype: .float64))
    #expect(x.grad!.doubles == [1, 0, 0])
    x.zeroGrad()
    x.max().backward()
    #expect(x.grad!.doubles == [0.5, 0.5, 0])
    let y = Tensor([[2, 2, 1], [-1, 2, -1]], dtype: .float64, requiresGrad: true)
    y.max(axes: [0, 1]).backward()
    #expect(y.grad!.doubles == [1, 1, 0, 0, 1, 0].map { $0 / 3 })
    y.zeroGrad()
    y.min(axes: [1]).backward(NDArray([4, 6], dtype: .float64))
    #expect(y.grad!.doubles == [0, 0, 4, 3, 0, 3])
    #expect(y.argmax() == 0 && y.argmin() == 3 && y.argmax(axis: 0).values == [0, 0, 0])
    #expect(y.argmin(axis: 1, keepDims: true) == Indices([[2], [0]]))
  }
}
