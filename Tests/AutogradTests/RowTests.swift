import Autograd
import Testing

/// The gradient of a table as the rows that were looked up.
@Suite struct RowTests {
  @Test func rowsOfASmallTable() throws {
    let table = Tensor(.ones([6, 2]), requiresGrad: true)
    table.embedding([4, 1, 4], paddingIndex: 1, sparse: true).sum().backward()
    table.embedding(Indices([[0, 1], [4, 5]]), paddingIndex: 5, sparse: true).backward(
      NDArray([1, 2, 3, 4, 5, 6, 7, 8], shape: [2, 2, 2]))
    let found = try #require(table.rowGradient)
    #expect(found.rows == [0, 1, 4] && found.shape == [6, 2])
    #expect(found.values == NDArray([[1, 2], [3, 4], [7, 8]]))
    #expect(found.dense == table.grad)
    #expect(table.grad == NDArray([[1, 2], [3, 4], [0, 0], [0, 0], [7, 8], [0, 0]]))
    #expect(table.rowGradient != nil, "to read grad leaves the rows as they are")
    (table * 2).sum().backward()
    #expect(table.rowGradient == nil, "a dense share makes it dense")
    #expect(table.grad == NDArray([[3, 4], [5, 6], [2, 2], [2, 2], [9, 10], [2, 2]]))
    table.zeroGrad()
    #expect(table.rowGradient == nil && table.grad == nil)
    table.embedding([0]).sum().backward()
    #expect(table.rowGradient == nil, "no one asked for rows")
  }

  @Test(arguments: [[5, 3], [3000, 2]]) func asCentralDifferencesHaveIt(shape: [Int]) throws {
    let table = NDArray.normal(shape, dtype: .float64, generator: Generator(seed: 3))
    try gradientCheck(
      { x in
        let once = x[0].embedding([1, 4, 1], sparse: true)
        return once * once + x[0].embedding([0, 1, 2], paddingIndex: 3, sparse: true)
      }, inputs: [table.narrow(axis: 0, start: 0, length: 5)])
    // A large table's rows, unasked: the same as of a small one.
    let large = Tensor(table, requiresGrad: true)
    let small = Tensor(table[0..<5], requiresGrad: true)
    for x in [large, small] {
      for rows: Indices in [[1, 4, 1], [2], [4, 0]] {
        (x.embedding(rows, paddingIndex: 0) * x.take(rows)).sum().backward()
      }
    }
    #expect(large.grad![0..<5].isClose(to: small.grad!, relative: 1e-14, absolute: 1e-14))
    #expect(large.grad!.sum().item == large.grad![0..<5].sum().item)
  }

  /// What is added up over many passes does not outgrow the table.
  @Test(arguments: [false, true]) func manyPasses(sparse: Bool) {
    let table = Tensor(.ones([100, 50]), requiresGrad: true)
    let before = arrayBytesInUseHere
    for pass in 0..<2000 {
      table.embedding([pass % 7, 99], sparse: sparse).sum().backward()
    }
    #expect(arrayBytesInUseHere < before + 4 * 100 * 50 * 4)
    #expect(table.grad![99, 0].item == 2000 && table.grad![0, 3].item == 286)
  }
}
