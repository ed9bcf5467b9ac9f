import Arrays
import Sequences
import Testing

struct PaddingTests {
  let lengths = [3, 5, 1, 5, 2]

  /// Sequences of these lengths with two features, all numbers different from zero.
  var sequences: [NDArray] {
    lengths.enumerated().map { row, length in
      NDArray((0..<length * 2).map { Double(100 * (row + 1) + $0) }, shape: [length, 2])
    }
  }

  @Test func `padding leaves each sequence at the front and fills the rest`() {
    for batchFirst in [false, true] {
      let padded = padSequence(sequences, value: -1, batchFirst: batchFirst)
      #expect(padded.shape == [5, 5, 2])
      let rows = batchFirst ? padded : padded.transposed(0, 1)
      let mask = sequenceMask(lengths, batchFirst: true)
      for (row, length) in lengths.enumerated() {
        #expect(rows[row][0..<length] == sequences[row])
        #expect(rows[row][length..<5].doubles.allSatisfy { $0 == -1 })
        #expect(mask[row].doubles == (0..<5).map { $0 < length ? 1 : 0 })
      }
    }
    #expect(
      padSequence([[1, 2], [3]], value: 9, batchFirst: true) == Indices([[1, 2], [3, 9]]))
    #expect(padSequence([[1, 2], [3]], value: 9) == Indices([[1, 3], [2, 9]]))
    #expect(sequenceMask([1, 2], steps: 3) == NDArray([[1, 1], [0, 1], [0, 0]]))
  }

  @Test func `packing takes the longest first, step after step`() {
    let packing = Packing(lengths: lengths)
    #expect(packing.order == [1, 3, 0, 4, 2])
    #expect(packing.inverseOrder == [2, 0, 4, 1, 3])
    #expect(packing.batchSizes == [5, 4, 3, 2, 2])
    #expect(packing.count == 16)
    let packed = packing.pack(padSequence(sequences))
    #expect(packed.shape == [16, 2])
    #expect(packed[0..<5, 0].doubles == [200, 400, 100, 500, 300])
    #expect(packed[5..<9, 0].doubles == [202, 402, 102, 502])
  }

  @Test(arguments: 0..<20) func `unpacking what was packed returns the padded batch`(seed: Int) {
    let generator = Generator(seed: UInt64(seed))
    let count = 1 + Int(generator.uniform() * 8)
    let lengths = (0..<count).map { _ in 1 + Int(generator.uniform() * 9) }
    let packing = Packing(lengths: lengths)
    let sequences = lengths.map { NDArray.normal([$0, 3], dtype: .float64, generator: generator) }
    for batchFirst in [false, true] {
      let padded = padSequence(sequences, value: 7, batchFirst: batchFirst)
      let packed = packing.pack(padded, batchFirst: batchFirst)
      #expect(packed.shape == [packing.count, 3])
      #expect(packing.unpack(packed, value: 7, batchFirst: batchFirst) == padded)
      // With more steps than the longest sequence has.
      let longer = packing.unpack(packed, steps: 12, value: 7, batchFirst: batchFirst)
      #expect(longer.shape == (batchFirst ? [count, 12, 3] : [12, count, 3]))
      #expect(packing.pack(longer, batchFirst: batchFirst) == packed)
    }
  }

  @Test func `a negative length and a wrong shape stop with a sentence`() async {
    await #expect(processExitsWith: .failure) { _ = Packing(lengths: [2, -1]) }
    await #expect(processExitsWith: .failure) {
      _ = Packing(lengths: [2, 1]).pack(NDArray.zeros([2, 3, 1]))
    }
    await #expect(processExitsWith: .failure) {
      _ = padSequence([NDArray.zeros([2, 3]), NDArray.zeros([2, 4])])
    }
  }
}
