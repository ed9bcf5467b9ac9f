import Arrays
import Sequences
import Testing

struct LoaderTests {
  let data = ArrayDataset(
    NDArray((0..<20).map(Double.init), shape: [10, 2]), Indices(Array(0..<10)))

  @Test(arguments: [1, 3, 5, 10, 11]) func `every example comes once in an epoch`(size: Int) {
    for shuffle in [false, true] {
      let loader = DataLoader(
        data, batchSize: size, shuffle: shuffle, generator: Generator(seed: 4))
      let batches = Array(loader)
      #expect(batches.count == loader.count)
      let labels = batches.flatMap(\.targets.values)
      #expect(labels.sorted() == Array(0..<10))
      #expect(shuffle || labels == Array(0..<10))
      for batch in batches {
        // Each input stays with its own target.
        #expect(
          batch.inputs[0..<batch.inputs.shape[0], 0].doubles
            == batch.targets.values.map { Double($0 * 2) })
      }
    }
  }

  @Test func `dropping the last batch leaves whole ones`() {
    let loader = DataLoader(data, batchSize: 4, dropLast: true)
    #expect(loader.count == 2)
    #expect(loader.map(\.targets.values) == [[0, 1, 2, 3], [4, 5, 6, 7]])
    #expect(Array(DataLoader(data, batchSize: 11, dropLast: true)).isEmpty)
  }

  @Test func `the same seed gives the same orders, and each epoch another`() {
    func epochs(_ seed: UInt64) -> [[Int]] {
      let loader = DataLoader(
        data, batchSize: 3, shuffle: true, generator: Generator(seed: seed))
      return (0..<3).map { _ in loader.flatMap(\.targets.values) }
    }
    #expect(epochs(1) == epochs(1))
    #expect(epochs(1) != epochs(2))
    #expect(Set(epochs(1)).count == 3)
  }

  @Test func `batches can be put together by hand`() {
    let loader = DataLoader(data, batchSize: 5) { examples in examples.map(\.target.values.count) }
    #expect(Array(loader) == [[1, 1, 1, 1, 1], [1, 1, 1, 1, 1]])
  }

  @Test func `buckets hold similar lengths, and every example once`() {
    let lengths = (0..<200).map { 1 + ($0 * 37) % 50 }
    let generator = Generator(seed: 2)
    let buckets = lengthBuckets(lengths, batchSize: 16, generator: generator)
    #expect(buckets.flatMap { $0 }.sorted() == Array(0..<200))
    for bucket in buckets {
      let own = bucket.map { lengths[$0] }
      #expect(own.max()! - own.min()! <= 12)
    }
    #expect(buckets != lengthBuckets(lengths, batchSize: 16, generator: generator))
    let sorted = lengthBuckets(lengths, batchSize: 16)
    #expect(sorted.flatMap { $0 }.map { lengths[$0] } == lengths.sorted())
  }

  @Test func `ragged batches are padded to their own longest`() {
    let data = LabeledTokens(
      [[1, 2, 3], [4], [5, 6], [7, 8, 9, 10]], labels: [0, 1, 0, 1], batchFirst: true)
    let loader = DataLoader(data, batchSize: 2, lengths: data.lengths)
    let batches = Array(loader)
    #expect(batches[0].inputs == Indices([[4, 0], [5, 6]]))
    #expect(batches[0].lengths == [1, 2] && batches[0].targets == [1, 0])
    #expect(batches[0].mask() == NDArray([[1, 0], [1, 1]]))
    #expect(batches[1].inputs == Indices([[1, 2, 3, 0], [7, 8, 9, 10]]))
  }

  @Test func `a random split is a partition`() {
    let (first, rest) = data.randomSplit(fraction: 0.3, generator: Generator(seed: 8))
    #expect(first.count == 3 && rest.count == 7)
    #expect((first.places + rest.places).sorted() == Array(0..<10))
    #expect(first.batch([2]).targets.values == [first.places[2]])
    #expect(first[1].target.values == [first.places[1]])
  }

  @Test func `unequal numbers of inputs and targets stop the program`() async {
    await #expect(processExitsWith: .failure) {
      _ = ArrayDataset(NDArray.zeros([3, 1]), Indices([1, 2]))
    }
  }
}

struct TextStreamTests {
  let tokens = Array(0..<1000)

  @Test(arguments: [false, true]) func `targets are the inputs moved on by one`(batchFirst: Bool) {
    for order in [TextStream.Order.random, .sequential] {
      let stream = TextStream(
        tokens, batchSize: 4, steps: 7, order: order, batchFirst: batchFirst,
        generator: Generator(seed: 3))
      for batch in stream {
        #expect(batch.inputs.shape == (batchFirst ? [4, 7] : [7, 4]))
        #expect(batch.targets.values == batch.inputs.values.map { $0 + 1 })
        let step = batchFirst ? 1 : 4
        #expect(batch.inputs.values[step] == batch.inputs.values[0] + 1)
      }
    }
  }

  @Test func `sequential rows go on where they ended, in every epoch from another offset`() {
    let stream = TextStream(
      tokens, batchSize: 4, steps: 7, order: .sequential, batchFirst: true,
      generator: Generator(seed: 3))
    var firsts: Set<Int> = []
    for _ in 0..<20 {
      let batches = Array(stream)
      firsts.insert(batches[0].inputs.values[0])
      #expect(batches.map(\.continuesLast) == [false] + batches.dropFirst().map { _ in true })
      for (before, after) in zip(batches, batches.dropFirst()) {
        for row in 0..<4 {
          #expect(after.inputs.values[row * 7] == before.targets.values[row * 7 + 6])
        }
      }
      // All but less than a batch's width of tokens are used.
      #expect(batches.count * 28 > 1000 - 7 - 4 * 8)
    }
    #expect(firsts.count > 3 && firsts.allSatisfy { $0 < 7 })
  }

  @Test func `random stretches do not overlap and cover nearly all`() {
    let stream = TextStream(
      tokens, batchSize: 4, steps: 7, order: .random, generator: Generator(seed: 3))
    let seen = stream.flatMap(\.inputs.values)
    #expect(Set(seen).count == seen.count)
    #expect(seen.count > 1000 - 7 - 35)
    #expect(stream.allSatisfy { !$0.continuesLast })
  }

  @Test func `a text just long enough gives one batch whatever the offset`() {
    for order in [TextStream.Order.random, .sequential] {
      for length in 29...36 {
        let stream = TextStream(
          Array(0..<length), batchSize: 4, steps: 7, order: order, generator: Generator(seed: 3))
        for _ in 0..<10 { #expect(Array(stream).count == 1) }
      }
    }
  }

  @Test func `a text too short stops with a sentence`() async {
    await #expect(processExitsWith: .failure) {
      _ = TextStream(Array(0..<28), batchSize: 4, steps: 7, order: .random)
    }
  }
}
