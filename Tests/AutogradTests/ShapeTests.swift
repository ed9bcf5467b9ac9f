import Autograd
import Testing

@Suite struct ShapeTests {
  @Test func sameNumbersOtherShapes() {
    check([2, 3]) {
      $0[0].reshaped([3, -1])
    } equals: {
      $0[0].reshaped([3, 2])
    }
    check([2, 1, 3]) {
      $0[0].transposed(0, -1)
    } equals: {
      $0[0].transposed(0, 2)
    }
    check([2, 3]) { $0[0].transposed * 2 }
    check([2, 3, 4]) {
      $0[0].permuted([2, 0, 1])
    } equals: {
      $0[0].permuted([-1, 0, 1])
    }
    check([2, 3]) { $0[0].unsqueezed(-1) }
    check([2, 1, 3]) {
      $0[0].squeezed(1)
    } equals: {
      $0[0].reshaped([2, 3])
    }
    check([2, 1]) { $0[0].expanded(to: [3, 2, 4]) }
    check([]) { $0[0].expanded(to: [2, 2]) }
  }

  @Test func parts() {
    check([4, 3]) {
      $0[0].narrow(axis: 0, start: 1, length: 2)
    } equals: {
      $0[0][1..<3]
    }
    check([4, 3]) { $0[0].slice(axis: -1, start: 0, end: 3, step: 2) }
    check([4, 3]) {
      $0[0].slice(axis: 0, start: -2)
    } equals: {
      $0[0][2..<4]
    }
    check([4, 3]) { $0[0].select(axis: 1, index: -1) }
    check([4, 3, 2]) {
      $0[0][1, 0..<2]
    } equals: {
      $0[0][1][0..<2]
    }
    check([1, 3]) { $0[0][0..., 2] }
  }

  @Test func joining() {
    check([2, 3], [1, 3]) { Tensor.concatenate([$0[0], $0[1] * 2, $0[0]]) }
    check([2, 3], [2, 1]) { Tensor.concatenate($0, axis: -1) }
    check([2, 3], [2, 3]) { Tensor.stack($0, axis: 1) }
    check([3], [3]) { Tensor.stack($0, axis: -1) }
    check([5, 2]) { $0[0].split([1, 3, 1])[1] * 2 }
    check([5, 2]) {
      let p = $0[0].split(size: 2); return p[0] * p[1]
    }
    check([2, 6]) {
      let p = $0[0].chunk(3, axis: 1); return p[0] * p[1].exp() + p[2]
    }
  }

  @Test func picking() {
    check([4, 2]) { $0[0].take([1, 3, 1]) }
    check([2, 4]) { $0[0].take([3, 0, 3], axis: 1) }
    check([3, 4]) { $0[0].gather(Indices([[0, 0], [3, 1], [2, 2]]), axis: 1) }
    check([3, 4]) { $0[0].gather(Indices([[2, 0, 2, 1]]), axis: 0) }
    check([5, 3]) { $0[0].embedding(Indices([[1, 4], [1, 0]])) }
    let table = Tensor(.ones([3, 2], dtype: .float64), requiresGrad: true)
    table.embedding([0, 1, 1], paddingIndex: 0).sum().backward()
    #expect(table.grad!.doubles == [0, 0, 2, 2, 0, 0])
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
      $0[0].matmul($0[1])
    }
  }

  @Test(arguments: [[3], [2, 3], [2, 2, 3], [1, 3], [0, 3]]) func linear(_ shape: [Int]) {
    check(shape, [4, 3], [4]) {
      $0[0].linear($0[1], $0[2])
    } equals: {
      $0[0].matmul($0[1].transposed) + $0[2]
    }
    check(shape, [4, 3]) { $0[0].linear($0[1]) }
    check([3, 2], [4, 3], [4]) { $0[0].transposed.linear($0[1], $0[2]) }
    let x = Tensor(.ones([2, 3])), b = Tensor(.zeros([4]), requiresGrad: true)
    x.linear(Tensor(.ones([4, 3])), b).sum().backward()
    #expect(b.grad == .full([4], 2), "only the bias wants a gradient")
  }
}
