import Arrays
import Testing

/// Shapes that no array can have end the program with one message, whoever asks for them, before any
/// memory is touched.
@Suite struct SizeTests {
  func said(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }

  @Test func counts() {
    #expect([2, 3].checkedProduct == 6 && [Int]().checkedProduct == 1)
    #expect([1 << 60 - 1].checkedProduct == 1 << 60 - 1 && [1 << 60].checkedProduct == nil)
    #expect([1 << 62, 4].checkedProduct == nil && [1 << 32, 1 << 32].checkedProduct == nil)
    #expect([-2, -3].checkedProduct == nil && [0, -1].checkedProduct == nil)
    #expect([0, 1 << 62, 1 << 62].checkedProduct == 0)
    #expect([1 << 62, 1 << 62, 0].checkedProduct == 0)
    #expect([9, 1 << 62, 4, 2][2...].product == 8)
  }

  @Test func creation() async {
    let large = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = NDArray.zeros([1 << 62, 4])
    }
    #expect(said(large).contains("shape [4611686018427387904, 4]: these are more numbers than"))
    let bytes = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = NDArray.zeros([1 << 61])
    }
    #expect(said(bytes).contains("shape [2305843009213693952]: these are more numbers than"))
    let negative = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = NDArray.ones([-2, -3])
    }
    #expect(said(negative).contains("shape [-2, -3]: a size is negative"))
    let given = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = NDArray([1.0, 2, 3, 4, 5, 6], shape: [-2, -3])
    }
    #expect(said(given).contains("shape [-2, -3]: a size is negative"))
    let drawn = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = NDArray.normal([1 << 32, 1 << 32])
    }
    #expect(said(drawn).contains("normal: shape [4294967296, 4294967296]"))
    let square = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = NDArray.eye(-2)
    }
    #expect(said(square).contains("eye: shape [-2, -2]: a size is negative"))
    let steps = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = NDArray.arange(0, 1, step: 0)
    }
    #expect(said(steps).contains("arange: from 0.0 to 1.0 in steps of 0.0"))
    let endless = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = NDArray.linspace(0, 1, count: -1)
    }
    #expect(said(endless).contains("linspace: shape [-1]"))
  }

  @Test func otherShapesOfTheSameNumbers() async {
    let reshaped = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = NDArray.zeros([2, 3]).reshaped([-2, -3])
    }
    #expect(said(reshaped).contains("reshaped: shape [-2, -3]: a size is negative"))
    let expanded = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = NDArray.zeros([1]).expanded(to: [1 << 62, 4])
    }
    #expect(said(expanded).contains("expanded: shape [4611686018427387904, 4]"))
    let stretched = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let row = NDArray.zeros([1, 1]).expanded(to: [1, 1 << 40])
      _ = row + row.transposed
    }
    #expect(said(stretched).contains("shape [1099511627776, 1099511627776]"))
    let joined = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let none = NDArray.zeros([0, 1 << 62])
      _ = NDArray.concatenate([none, none], axis: 1)
    }
    #expect(said(joined).contains("concatenate: sizes [4611686018427387904, 4611686018427387904]"))
    let cut = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = NDArray.zeros([4]).narrow(axis: 0, start: 1, length: .max)
    }
    #expect(said(cut).contains("narrow: 9223372036854775807 places from 1 on of axis 0 of [4]"))
    let mask = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = sequenceMask([1, 2], steps: -1)
    }
    #expect(said(mask).contains("sequenceMask: shape [2, -1]: a size is negative"))
    let split = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = NDArray.zeros([4]).split([.max, .max])
    }
    #expect(said(split).contains("split: sizes [9223372036854775807, 9223372036854775807]"))
  }

  @Test func stepsAndPartsBeyondTheArray() {
    let five = counting([5])
    #expect(five.slice(axis: 0, step: .max) == doubles([0]))
    #expect(five.slice(axis: 0, start: 1, step: 3) == doubles([1, 4]))
    #expect(five.slice(axis: 0, start: 3, end: 1).count == 0)
    #expect(five.chunk(.max).count == 5 && five.split(size: .max).count == 1)
    #expect(NDArray.zeros([0]).chunk(3).isEmpty)
  }

  @Test func nothingOfManyPlaces() {
    let none = NDArray.zeros([0, 1 << 40, 1 << 40])
    #expect((none + none).shape == none.shape && none.transposed(0, 2).copied().count == 0)
    #expect(none.sum().item == 0 && NDArray.concatenate([none, none]).count == 0)
    #expect(NDArray.zeros([2, 3, 0]).matmul(.zeros([0, 4])) == .zeros([2, 3, 4]))
  }
}
