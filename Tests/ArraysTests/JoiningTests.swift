import Arrays
import Testing

@Suite struct JoiningTests {
  @Test(arguments: [0, 1, 2, -1]) func concatenateUndoesSplit(_ axis: Int) {
    let a = numbers([3, 4, 5])
    let size = a.shape[axis < 0 ? axis + 3 : axis]
    #expect(NDArray.concatenate(a.split([1, size - 2, 1], axis: axis), axis: axis) == a)
    #expect(NDArray.concatenate(a.chunk(2, axis: axis), axis: axis) == a)
    #expect(NDArray.concatenate(a.split(size: 2, axis: axis), axis: axis) == a)
    let selected = (0..<size).map { a.select(axis: axis, index: $0) }
    #expect(NDArray.stack(selected, axis: axis) == a)
  }

  @Test func chunkSizes() {
    #expect(counting([7]).chunk(3).map(\.count) == [3, 3, 1])
    #expect(counting([6]).chunk(4).map(\.count) == [2, 2, 2])
    #expect(counting([5]).split(size: 2).map(\.count) == [2, 2, 1])
  }

  @Test func picking() {
    let a = counting([3, 4])
    #expect(a.take([2, 0, 2]).doubles == [8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11])
    #expect(a.take([3, 1], axis: -1).doubles == [3, 1, 7, 5, 11, 9])
    #expect(a.take(Indices([[0, 1], [1, 2]])).shape == [2, 2, 4])
    #expect(a.gather(Indices([[0], [3], [1]]), axis: 1).doubles == [0, 7, 9])
    #expect(a.gather(Indices([[2, 1, 0, 2]]), axis: 0).doubles == [8, 5, 2, 11])
    #expect(a.transposed.gather(Indices([[0, 1, 2]]), axis: 0).doubles == [0, 5, 10])
    #expect(NDArray.oneHot([1, 0], classes: 3).doubles == [0, 1, 0, 1, 0, 0])
  }

  @Test(arguments: [
    ([2, 3], [3, 4], [2, 4]), ([3], [3], []), ([3], [3, 2], [2]), ([2, 3], [3], [2]),
    ([5, 2, 3], [3, 4], [5, 2, 4]), ([5, 2, 3], [5, 3, 4], [5, 2, 4]),
    ([2, 1, 2, 3], [3, 3, 1], [2, 3, 2, 1]), ([1, 3], [3, 1], [1, 1]), ([5, 2, 3], [3], [5, 2]),
    ([40, 50], [50, 60], [40, 60]),
  ])
  func productsAsSums(_ a: [Int], _ b: [Int], _ expected: [Int]) {
    let x = numbers(a, seed: 1), y = numbers(b, seed: 2)
    let product = x.matmul(y)
    #expect(product.shape == expected)
    // The same by broadcasting: [… m k 1] · [… 1 k n], summed over k.
    let left = (x.rank == 1 ? x.unsqueezed(0) : x).unsqueezed(-1)
    let right = (y.rank == 1 ? y.unsqueezed(1) : y).unsqueezed(-3)
    let sum = (left * right).sum(axis: -2)
    #expect(product.isClose(to: sum.reshaped(expected), relative: 1e-12, absolute: 1e-12))
    if x.rank == 2, y.rank == 2 {
      #expect(y.transposed.matmul(x.transposed).transposed.isClose(to: product, relative: 1e-12))
      #expect(x.slice(axis: 1, step: 2).matmul(y.slice(axis: 0, step: 2)).shape == expected)
    }
  }

  @Test func sameSeedSameBits() {
    func draw(_ seed: UInt64) -> [Double] {
      let g = Generator(seed: seed)
      return NDArray.normal([9], generator: g).doubles + NDArray.uniform([9], generator: g).doubles
    }
    #expect(draw(3) == draw(3) && draw(3) != draw(4))
    let g = Generator(seed: 1)
    _ = g.normal()
    let state = g.savedState
    let next = [g.normal(), g.uniform()]
    g.savedState = state
    #expect([g.normal(), g.uniform()] == next)
    let many = NDArray.normal([100_000], mean: 2, standardDeviation: 3, generator: g)
    #expect(Swift.abs(many.mean().item - 2) < 0.05 && Swift.abs(many.variance().item - 9) < 0.2)
  }
}
