import Arrays
import Testing

@Suite struct ViewTests {
  @Test func aCopyIsItsOwnOnceWrittenTo() {
    let a = counting([2, 3])
    var b = a
    b[0, 1] = doubles([9]).reshaped([])
    #expect(a.doubles == [0, 1, 2, 3, 4, 5])
    #expect(b.doubles == [0, 9, 2, 3, 4, 5])
  }

  @Test func writingToAViewLeavesTheArray() {
    let a = counting([2, 3])
    var row = a[1]
    row += doubles([1, 1, 1])
    #expect(a.doubles == [0, 1, 2, 3, 4, 5])
    #expect(row.doubles == [4, 5, 6])
    var turned = a.transposed
    turned[0] = doubles([7, 8])
    #expect(turned.doubles == [7, 8, 1, 4, 2, 5])
    #expect(a.doubles == [0, 1, 2, 3, 4, 5])
  }

  @Test func writingToAnArrayLeavesItsViews() {
    var a = counting([2, 3])
    let row = a[1], turned = a.transposed
    a[1] = doubles([7, 8, 9])
    a.scale(by: 2)
    #expect(row.doubles == [3, 4, 5])
    #expect(turned.doubles == [0, 3, 1, 4, 2, 5])
    #expect(a.doubles == [0, 2, 4, 14, 16, 18])
  }

  @Test func assignmentStretchesAndReachesStridedPlaces() {
    var a = NDArray.zeros([2, 3, 2], dtype: .float64)
    a[0..., 1] = doubles([1, 2])
    #expect(a.doubles == [0, 0, 1, 2, 0, 0, 0, 0, 1, 2, 0, 0])
    a[0..<1, 0..., 0] = doubles([5]).reshaped([1, 1])
    #expect(a.doubles == [5, 0, 5, 2, 5, 0, 0, 0, 1, 2, 0, 0])
  }

  @Test func axesMove() {
    let a = counting([2, 3, 4])
    #expect(a.permuted([2, 0, 1]).shape == [4, 2, 3])
    #expect(a.permuted([2, 0, 1])[1, 1, 2].item == a[1, 2, 1].item)
    #expect(a.transposed(-1, 0).shape == [4, 3, 2])
    #expect(a.transposed(0, 2).reshaped([-1]).doubles[1] == 12)
    #expect(a.unsqueezed(-1).shape == [2, 3, 4, 1])
    #expect(a.unsqueezed(1).squeezed(1) == a)
    #expect(NDArray.zeros([1, 2, 1]).squeezed().shape == [2])
  }

  @Test func viewsShareMemory() {
    let a = counting([64, 64])
    func address(_ array: NDArray) -> UnsafeRawPointer? {
      array.withUnsafeBytes { $0.baseAddress }
    }
    #expect(address(a[3]) == address(a).map { $0 + 3 * 64 * 8 })
    #expect(address(a.reshaped([-1])) == address(a))
    #expect(address(a.transposed.transposed) == address(a))
    #expect(address(a.unsqueezed(1)) == address(a))
  }

  /// start, end and step as Python's `x[start:end:step]` on 0 … 4.
  @Test(arguments: [
    (0, 5, 1, [0.0, 1, 2, 3, 4]), (1, 3, 1, [1, 2]), (-2, .max, 1, [3, 4]),
    (0, -1, 1, [0, 1, 2, 3]),
    (-9, 9, 2, [0, 2, 4]), (1, 5, 3, [1, 4]), (3, 2, 1, []), (7, 9, 1, []), (0, 5, 9, [0]),
  ])
  func slicesAsPython(_ start: Int, _ end: Int, _ step: Int, _ expected: [Double]) {
    #expect(counting([5]).slice(axis: 0, start: start, end: end, step: step).doubles == expected)
    let columns = counting([2, 5]).slice(axis: -1, start: start, end: end, step: step)
    #expect(columns.doubles == expected + expected.map { $0 + 5 })
  }

  @Test func subscripts() {
    let a = counting([3, 4])
    #expect(a[-1].doubles == [8, 9, 10, 11])
    #expect(a[1..<3, 2].doubles == [6, 10])
    #expect(a[0, 1...2].doubles == [1, 2])
    #expect(a[2..., ..<2].doubles == [8, 9])
    #expect(a[2, 3].shape == [])
  }

  @Test func emptyArrays() {
    let empty = NDArray.zeros([0, 3], dtype: .float64)
    #expect(empty.sum(axis: 0).doubles == [0, 0, 0])
    #expect(empty.sum().item == 0)
    #expect(empty.mean().item.isNaN)
    #expect((empty + 1).shape == [0, 3])
    #expect(empty.matmul(counting([3, 2])).shape == [0, 2])
    #expect(counting([2, 0]).matmul(counting([0, 2])).doubles == [0, 0, 0, 0])
    #expect(NDArray.concatenate([empty, counting([1, 3])]) == counting([1, 3]))
    #expect(empty.softmax(axis: 0).shape == [0, 3])
    #expect(empty.reshaped([3, 0]).shape == [3, 0])
  }
}
