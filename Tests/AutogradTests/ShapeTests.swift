import Autograd
import Foundation
import Testing

@Suite struct ShapeTests {
  @Test func sameNumbersOtherShapes() {
    check([2, 3]) {
      $0[0].reshaped([3, -1])
    } equals: {
      let x = $0[0]
      return Plain([3, 2]) { x.numbers[2 * $0[0] + $0[1]] }
    }
    check([2, 1, 3]) {
      $0[0].transposed(0, -1)
    } equals: {
      let x = $0[0]
      return Plain([3, 1, 2]) { x[$0[2], $0[1], $0[0]] }
    }
    check([2, 3]) {
      $0[0].transposed * 2
    } equals: {
      let x = $0[0]
      return Plain([3, 2]) { 2 * x[$0[1], $0[0]] }
    }
    check([2, 3, 4]) {
      $0[0].permuted([2, 0, 1])
    } equals: {
      let x = $0[0]
      return Plain([4, 2, 3]) { x[$0[1], $0[2], $0[0]] }
    }
    check([2, 3, 4]) {
      $0[0].permuted([-1, 0, 1])
    } equals: {
      let x = $0[0]
      return Plain([4, 2, 3]) { x[$0[1], $0[2], $0[0]] }
    }
    check([2, 3]) {
      $0[0].unsqueezed(-1)
    } equals: {
      $0[0].reshaped([2, 3, 1])
    }
    check([2, 1, 3]) {
      $0[0].squeezed(1)
    } equals: {
      $0[0].reshaped([2, 3])
    }
    check([2, 1]) {
      $0[0].expanded(to: [3, 2, 4])
    } equals: {
      let x = $0[0]
      return Plain([3, 2, 4]) { x[$0[1], 0] }
    }
    check([]) {
      $0[0].expanded(to: [2, 2])
    } equals: {
      let x = $0[0]
      return Plain([2, 2]) { _ in x[[]] }
    }
  }

  @Test func parts() {
    check([4, 3]) {
      $0[0].narrow(axis: 0, start: 1, length: 2)
    } equals: {
      let x = $0[0]
      return Plain([2, 3]) { x[$0[0] + 1, $0[1]] }
    }
    check([4, 3]) {
      $0[0][1..<3]
    } equals: {
      let x = $0[0]
      return Plain([2, 3]) { x[$0[0] + 1, $0[1]] }
    }
    check([4, 3]) {
      $0[0].slice(axis: -1, start: 0, end: 3, step: 2)
    } equals: {
      let x = $0[0]
      return Plain([4, 2]) { x[$0[0], 2 * $0[1]] }
    }
    check([4, 3]) {
      $0[0].slice(axis: 0, start: -2)
    } equals: {
      let x = $0[0]
      return Plain([2, 3]) { x[$0[0] + 2, $0[1]] }
    }
    check([4, 3]) {
      $0[0].select(axis: 1, index: -1)
    } equals: {
      let x = $0[0]
      return Plain([4]) { x[$0[0], 2] }
    }
    check([4, 3, 2]) {
      $0[0][1, 0..<2]
    } equals: {
      let x = $0[0]
      return Plain([2, 2]) { x[1, $0[0], $0[1]] }
    }
    check([1, 3]) {
      $0[0][0..., 2]
    } equals: {
      let x = $0[0]
      return Plain([1]) { x[$0[0], 2] }
    }
  }

  @Test func joining() {
    check([2, 3], [1, 3]) {
      Tensor.concatenate([$0[0], $0[1] * 2, $0[0]])
    } equals: {
      let (a, b) = ($0[0], $0[1])
      return Plain([5, 3]) {
        $0[0] < 2 ? a[$0] : $0[0] == 2 ? 2 * b[0, $0[1]] : a[$0[0] - 3, $0[1]]
      }
    }
    check([2, 3], [2, 1]) {
      Tensor.concatenate($0, axis: -1)
    } equals: {
      let (a, b) = ($0[0], $0[1])
      return Plain([2, 4]) { $0[1] < 3 ? a[$0] : b[$0[0], 0] }
    }
    check([2, 3], [2, 3]) {
      Tensor.stack($0, axis: 1)
    } equals: {
      let (a, b) = ($0[0], $0[1])
      return Plain([2, 2, 3]) { ($0[1] == 0 ? a : b)[$0[0], $0[2]] }
    }
    check([3], [3]) {
      Tensor.stack($0, axis: -1)
    } equals: {
      let (a, b) = ($0[0], $0[1])
      return Plain([3, 2]) { ($0[1] == 0 ? a : b)[$0[0]] }
    }
    check([5, 2]) {
      $0[0].split([1, 3, 1])[1] * 2
    } equals: {
      let x = $0[0]
      return Plain([3, 2]) { 2 * x[$0[0] + 1, $0[1]] }
    }
    check([4, 2]) {
      let p = $0[0].split(size: 2)
      return p[0] * p[1]
    } equals: {
      let x = $0[0]
      return Plain([2, 2]) { x[$0] * x[$0[0] + 2, $0[1]] }
    }
    check([5, 2]) {
      $0[0].split(size: 2)[2]
    } equals: {
      let x = $0[0]
      return Plain([1, 2]) { x[4, $0[1]] }
    }
    check([2, 6]) {
      let p = $0[0].chunk(3, axis: 1)
      return p[0] * p[1].exp() + p[2]
    } equals: {
      let x = $0[0]
      return Plain([2, 2]) { x[$0] * exp(x[$0[0], $0[1] + 2]) + x[$0[0], $0[1] + 4] }
    }
  }

  @Test func picking() {
    check([4, 2]) {
      $0[0].take([1, 3, 1])
    } equals: {
      let x = $0[0]
      return Plain([3, 2]) { x[[1, 3, 1][$0[0]], $0[1]] }
    }
    check([2, 4]) {
      $0[0].take([3, 0, 3], axis: 1)
    } equals: {
      let x = $0[0]
      return Plain([2, 3]) { x[$0[0], [3, 0, 3][$0[1]]] }
    }
    check([3, 4]) {
      $0[0].gather(Indices([[0, 0], [3, 1], [2, 2]]), axis: 1)
    } equals: {
      let x = $0[0]
      return Plain([3, 2]) { x[$0[0], [[0, 0], [3, 1], [2, 2]][$0[0]][$0[1]]] }
    }
    check([3, 4]) {
      $0[0].gather(Indices([[2, 0, 2, 1]]), axis: 0)
    } equals: {
      let x = $0[0]
      return Plain([1, 4]) { x[[2, 0, 2, 1][$0[1]], $0[1]] }
    }
    check([5, 3]) {
      $0[0].embedding(Indices([[1, 4], [1, 0]]))
    } equals: {
      let x = $0[0]
      return Plain([2, 2, 3]) { x[[[1, 4], [1, 0]][$0[0]][$0[1]], $0[2]] }
    }
    let table = Tensor(.ones([3, 2], dtype: .float64), requiresGrad: true)
    table.embedding([0, 1, 1], paddingIndex: 0).sum().backward()
    #expect(table.grad!.doubles == [0, 0, 2, 2, 0, 0])
  }

  /// NumPy's rules: a vector is a row on the left and a column on the right, and gives its axis up again;
  /// axes before the last two are stretched.
  private func product(_ a: Plain, _ b: Plain) -> Plain {
    let left = a.shape.count == 1 ? a.reshaped([1] + a.shape) : a
    let right = b.shape.count == 1 ? b.reshaped(b.shape + [1]) : b
    let (rows, columns) = (left.shape[left.shape.count - 2], right.shape.last!)
    let rank = max(left.shape.count, right.shape.count) - 2
    func outer(_ shape: [Int]) -> [Int] {
      Array(repeating: 1, count: rank + 2 - shape.count) + shape.dropLast(2)
    }
    let (outerLeft, outerRight) = (outer(left.shape), outer(right.shape))
    let stretched = zip(outerLeft, outerRight).map { $0 == 1 ? $1 : $0 }
    let result = Plain(stretched + [rows, columns]) { place in
      func own(_ outer: [Int], _ count: Int) -> [Int] {
        Array(zip(place, outer).map { $1 == 1 ? 0 : $0 }.suffix(count))
      }
      let (l, r) = (
        own(outerLeft, left.shape.count - 2), own(outerRight, right.shape.count - 2)
      )
      return (0..<left.shape.last!).reduce(0) {
        $0 + left[l + [place[rank], $1]] * right[r + [$1, place[rank + 1]]]
      }
    }
    var shape = stretched
    if a.shape.count > 1 { shape.append(rows) }
    if b.shape.count > 1 { shape.append(columns) }
    return result.reshaped(shape)
  }

  @Test(arguments: [
    ([2, 3], [3, 4]), ([3], [3]), ([3], [3, 2]), ([2, 3], [3]), ([2, 2, 3], [3, 2]),
    ([2, 2, 3], [2, 3, 1]), ([2, 1, 2, 3], [2, 3, 1]), ([2, 3], [2, 3, 2]), ([3], [2, 3, 2]),
    ([2, 2, 3], [3]), ([1, 1], [1, 1]),
  ])
  func products(_ a: [Int], _ b: [Int]) {
    check(a, b) {
      $0[0].matmul($0[1])
    } equals: {
      product($0[0], $0[1])
    }
  }

  @Test(arguments: [[3], [2, 3], [2, 2, 3], [1, 3], [0, 3]]) func linear(_ shape: [Int]) {
    check(shape, [4, 3], [4]) {
      $0[0].linear($0[1], $0[2])
    } equals: {
      let (x, weight, bias) = ($0[0], $0[1], $0[2])
      return Plain(shape.dropLast() + [4]) { place in
        (0..<3).reduce(bias[place.last!]) {
          $0 + x[place.dropLast() + [$1]] * weight[place.last!, $1]
        }
      }
    }
    check(shape, [4, 3]) { $0[0].linear($0[1]) }
    check([3, 2], [4, 3], [4]) { $0[0].transposed.linear($0[1], $0[2]) }
    let x = Tensor(.ones([2, 3])), b = Tensor(.zeros([4]), requiresGrad: true)
    x.linear(Tensor(.ones([4, 3])), b).sum().backward()
    #expect(b.grad == .full([4], 2), "only the bias wants a gradient")
  }
}
