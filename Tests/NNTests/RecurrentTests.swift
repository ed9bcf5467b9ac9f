import NN
import Testing

/// Layers of every kind, in Double: (input 3 features, 2 layers).
private func makeLayers(bidirectional: Bool, merge: Merge = .concatenate) -> [any AnyLayer] {
  let g = Generator(seed: 31)
  func layer<Cell>(_ cell: @escaping (Int, Int) -> Cell) -> Recurrent<Cell> {
    Recurrent(
      inputSize: 3, numLayers: 2, bidirectional: bidirectional, merge: merge, generator: g,
      cell: cell)
  }
  return [
    layer { input, _ in
      RNNCell(inputSize: input, hiddenSize: 4, dtype: .float64, generator: g)
    },
    layer { input, _ in
      RNNCell(
        inputSize: input, hiddenSize: 4, nonlinearity: .relu, dtype: .float64, generator: g)
    },
    layer { input, _ in LSTMCell(inputSize: input, hiddenSize: 4, dtype: .float64, generator: g) },
    layer { input, _ in GRUCell(inputSize: input, hiddenSize: 4, dtype: .float64, generator: g) },
    layer { input, _ in
      PeepholeLSTMCell(inputSize: input, hiddenSize: 4, dtype: .float64, generator: g)
    },
    layer { input, _ in
      CoupledLSTMCell(inputSize: input, hiddenSize: 4, dtype: .float64, generator: g)
    },
    layer { input, layer in
      DepthGatedLSTMCell(
        inputSize: input, hiddenSize: 4, hasLayerBelow: layer > 0, dtype: .float64, generator: g)
    },
    layer { input, _ in
      ClockworkRNNCell(
        inputSize: input, hiddenSize: 4, periods: [1, 2], dtype: .float64, generator: g)
    },
  ]
}

/// What the tests below ask of a layer of any cell.
private protocol AnyLayer: Module {
  var isFused: Bool { get set }
  func run(_ input: Tensor, _ state: [Tensor]?) -> (output: Tensor, state: [Tensor])
  func run(_ input: PackedSequence, _ state: [Tensor]?) -> (output: PackedSequence, state: [Tensor])
}
extension Recurrent: AnyLayer {
  func run(_ input: Tensor, _ state: [Tensor]?) -> (output: Tensor, state: [Tensor]) {
    self(input, state)
  }
  func run(
    _ input: PackedSequence, _ state: [Tensor]?
  ) -> (output: PackedSequence, state: [Tensor]) { self(input, state) }
}

@Suite struct RecurrentTests {
  @Test(arguments: 0..<8, [false, true])
  func gradientsAreRight(kind: Int, isFused: Bool) throws {
    for bidirectional in [false, true] {
      let layer = makeLayers(bidirectional: bidirectional)[kind]
      layer.isFused = isFused
      let rows = bidirectional ? 4 : 2
      let parts = layer.run(Tensor(random([1, 2, 3])), nil).state.count
      let inputs =
        [random([3, 2, 3])] + (0..<parts).map { random([rows, 2, 4], seed: UInt64($0)) }
      func run(_ tensors: [Tensor]) -> Tensor {
        let packed = packPaddedSequence(tensors[0], lengths: [2, 3])
        let (output, state) = layer.run(packed, Array(tensors.dropFirst()))
        return Tensor.concatenate(
          [output.data.reshaped([-1])] + state.map { $0.reshaped([-1]) })
      }
      try gradientCheck(run, inputs: inputs, parameters: layer.parameters())
    }
  }

  /// A packed sequence of a batch has the results that it has alone.
  @Test(arguments: 0..<8, [false, true])
  func packedSequencesAreIndependent(kind: Int, isFused: Bool) {
    let lengths = [2, 5, 1, 5, 3]
    for bidirectional in [false, true] {
      let layer = makeLayers(bidirectional: bidirectional)[kind]
      layer.isFused = isFused
      let input = Tensor(random([5, 5, 3]))
      let rows = bidirectional ? 4 : 2
      let parts = layer.run(Tensor(random([1, 2, 3])), nil).state.count
      let start = (0..<parts).map { Tensor(random([rows, 5, 4], seed: UInt64($0))) }
      let (packed, state) = layer.run(packPaddedSequence(input, lengths: lengths), start)
      let (output, back) = padPackedSequence(packed, paddingValue: 9, totalLength: 6)
      #expect(back == lengths && output.shape == [6, 5, bidirectional ? 8 : 4])
      for (sequence, length) in lengths.enumerated() {
        let alone = layer.run(
          input[0..<length, sequence..<sequence + 1],
          start.map { $0[0..<rows, sequence..<sequence + 1] })
        func close(_ a: Tensor, _ b: Tensor) {
          #expect(a.value.isClose(to: b.value, relative: 1e-12, absolute: 1e-12))
        }
        close(output[0..<length, sequence..<sequence + 1], alone.output)
        #expect(output.value[length..<6, sequence].doubles.allSatisfy { $0 == 9 })
        for (all, own) in zip(state, alone.state) {
          close(all[0..<rows, sequence..<sequence + 1], own)
        }
      }
    }
  }

  /// The direction from the end to the start is the other one on the sequence turned round.
  @Test(arguments: 0..<8)
  func backwardIsForwardOnTheTurnedSequence(kind: Int) {
    let layer = makeLayers(bidirectional: true)[kind]
    // One weight set in both directions.
    for (name, parameter) in layer.namedParameters() where name.hasSuffix("_reverse") {
      let twin = String(name.dropLast("_reverse".count))
      parameter.value = layer.namedParameters().first { $0.name == twin }!.parameter.value
    }
    let input = random([4, 1, 3])
    let turned = input.take([3, 2, 1, 0])
    let (_, state) = layer.run(Tensor(input), nil), (_, other) = layer.run(Tensor(turned), nil)
    for (a, b) in zip(state, other) {
      #expect(a.value[0].isClose(to: b.value[1], relative: 1e-12, absolute: 1e-12))
      #expect(a.value[1].isClose(to: b.value[0], relative: 1e-12, absolute: 1e-12))
    }
  }

  @Test(arguments: Merge.allCases)
  func directionsAreMerged(merge: Merge) {
    let g = Generator(seed: 3)
    func gru(_ merge: Merge) -> GRU {
      GRU(
        inputSize: 2, hiddenSize: 3, bidirectional: true, merge: merge, dtype: .float64,
        generator: g)
    }
    let plain = gru(.concatenate), layer = gru(merge)
    for (a, b) in zip(plain.parameters(), layer.parameters()) { b.value = a.value }
    let input = Tensor(random([4, 2, 2]))
    let both = plain(input).output.value
    let forward = both.narrow(axis: 2, start: 0, length: 3)
    let backward = both.narrow(axis: 2, start: 3, length: 3)
    let expected =
      switch merge {
      case .concatenate: both
      case .sum: forward + backward
      case .mean: (forward + backward) / 2.0
      case .product: forward * backward
      }
    #expect(layer(input).output.value.largestDifference(from: expected) < 1e-15)
    let deep = Recurrent(inputSize: 2, numLayers: 2, bidirectional: true, merge: merge) { size, _ in
      GRUCell(inputSize: size, hiddenSize: 3, dtype: .float64)
    }
    #expect(deep.cells[1][0].inputSize == (merge == .concatenate ? 6 : 3))
    #expect(deep(input).output.shape == expected.shape)
  }

  @Test func aSequenceInPiecesIsTheWholeSequence() {
    let lstm = LSTM(inputSize: 2, hiddenSize: 3, numLayers: 2, dtype: .float64)
    let input = Tensor(random([7, 2, 2]))
    let whole = lstm(input)
    let first = lstm(input[0..<4])
    let second = lstm(input[4..<7], first.state)
    let pieces = Tensor.concatenate([first.output, second.output])
    #expect(pieces.value.largestDifference(from: whole.output.value) < 1e-12)
    #expect(second.state.h_n.value.largestDifference(from: whole.state.h_n.value) < 1e-12)
    #expect(second.state.c_n.value.largestDifference(from: whole.state.c_n.value) < 1e-12)
  }

  @Test func batchFirstOnlyTurnsTheAxes() {
    let g = Generator(seed: 3)
    let a = RNN(inputSize: 2, hiddenSize: 3, dtype: .float64, generator: g)
    let b = RNN(inputSize: 2, hiddenSize: 3, batchFirst: true, dtype: .float64, generator: g)
    for (x, y) in zip(a.parameters(), b.parameters()) { y.value = x.value }
    let input = random([5, 4, 2]), h_0 = Tensor(random([1, 4, 3]))
    let first = a(Tensor(input), h_0), second = b(Tensor(input.transposed(0, 1)), h_0)
    #expect(second.output.value.transposed(0, 1) == first.output.value)
    #expect(second.h_n.value == first.h_n.value)
    // A single sequence has no batch axis to turn.
    let alone = b(Tensor(input[0..<5, 1]), h_0[0..<1, 1])
    #expect(alone.output.value.largestDifference(from: first.output.value[0..<5, 1]) < 1e-12)
    #expect(alone.h_n.shape == [1, 3])
  }

  @Test func dropoutActsBetweenLayersInTrainingAlone() {
    func layer(_ numLayers: Int, _ dropout: Double) -> GRU {
      let gru = GRU(
        inputSize: 2, hiddenSize: 64, numLayers: numLayers, dropout: dropout,
        generator: Generator(seed: 4))
      for parameter in gru.parameters() { Init.constant(parameter, 0.01) }
      return gru
    }
    let input = Tensor(.ones([3, 1, 2]))
    let plain = layer(2, 0)(input).output.value
    let dropping = layer(2, 0.5)
    let first = dropping(input).output.value, second = dropping(input).output.value
    #expect(first != second && first != plain)
    dropping.eval()
    #expect(dropping(input).output.value == plain)
    // After the last layer, and so with one layer, nothing is dropped.
    #expect(layer(1, 0.5)(input).output.value == layer(1, 0)(input).output.value)
    // Everything dropped: the second layer sees zeros.
    let all = layer(2, 1)
    let blind = GRU(inputSize: 64, hiddenSize: 64)
    for parameter in blind.parameters() { Init.constant(parameter, 0.01) }
    let zeros = Tensor.zeros([3, 1, 64])
    #expect(all(input).output.value.largestDifference(from: blind(zeros).output.value) < 1e-6)
  }

  @Test func aLongSequenceNeitherOverflowsNorLeaks() {
    let before = arrayBytesInUseHere
    do {
      let rnn = RNN(inputSize: 1, hiddenSize: 2)
      rnn.isFused = false
      let output = rnn(Tensor(.ones([100_000, 1, 1]))).output
      output.sum().backward()
      #expect(rnn.parameters().allSatisfy { $0.grad != nil })
    }
    // A leak would hold tens of MB; the tests that run beside this one hold less than this.
    #expect(arrayBytesInUseHere - before < 10_000_000)
  }

  @Test func packingSortsAndPutsBack() {
    let input = Tensor(NDArray((0..<12).map { Double($0) }, shape: [3, 4, 1]), requiresGrad: true)
    let packed = packPaddedSequence(input, lengths: [2, 3, 1, 3])
    #expect(packed.batchSizes == [4, 3, 2])
    #expect(packed.data.value.doubles == [1, 3, 0, 2, 5, 7, 4, 9, 11])
    #expect(packed.packing.order == [1, 3, 0, 2] && packed.packing.inverseOrder == [2, 0, 3, 1])
    #expect(packed.lengths == [2, 3, 1, 3])
    let (padded, lengths) = padPackedSequence(packed, paddingValue: -1)
    #expect(lengths == [2, 3, 1, 3])
    #expect(padded.value.doubles == [0, 1, 2, 3, 4, 5, -1, 7, -1, 9, -1, 11])
    padded.sum().backward()
    #expect(input.grad!.doubles == [1, 1, 1, 1, 1, 1, 0, 1, 0, 1, 0, 1])
    let sorted = packPaddedSequence(
      Tensor(.zeros([2, 3, 5])), lengths: [3, 1], batchFirst: true)
    #expect(sorted.packing.order == [0, 1] && sorted.batchSizes == [2, 1, 1])
    let (back, _) = padPackedSequence(sorted, batchFirst: true, totalLength: 4)
    #expect(back.shape == [2, 4, 5])
  }

  @Test func paddedSequencesGetTheirGradientsBack() throws {
    let inputs = [random([2, 3], seed: 1), random([4, 3], seed: 2), random([1, 3], seed: 3)]
    for batchFirst in [false, true] {
      let padded = padSequence(inputs.map { Tensor($0) }, value: 7, batchFirst: batchFirst)
      #expect(padded.shape == (batchFirst ? [3, 4, 3] : [4, 3, 3]))
      try gradientCheck({ padSequence($0, batchFirst: batchFirst).tanh() }, inputs: inputs)
      try gradientCheck(
        { tensors in
          let packed = packPaddedSequence(
            padSequence(tensors, batchFirst: batchFirst), lengths: [2, 4, 1],
            batchFirst: batchFirst)
          return padPackedSequence(packed, batchFirst: batchFirst).output.tanh()
        }, inputs: inputs)
    }
  }

  @Test func misuseStopsWithTheSizes() async {
    let input = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = LSTM(inputSize: 3, hiddenSize: 2)(Tensor(.zeros([5, 2, 4])))
    }
    expectWords("LSTM: input [5, 2, 4], expected 3 features", input)
    let state = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let lstm = LSTM(inputSize: 3, hiddenSize: 2, numLayers: 2)
      _ = lstm(Tensor(.zeros([5, 2, 3])), (Tensor(.zeros([2, 2, 2])), Tensor(.zeros([2, 3, 2]))))
    }
    expectWords("LSTM: state c_0 [2, 3, 2], expected [2, 2, 2]", state)
    let lengths = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = packPaddedSequence(Tensor(.zeros([3, 2, 1])), lengths: [3, -1])
    }
    expectWords("Packing: sequence 1 has length -1", lengths)
    let layers = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = GRU(inputSize: 3, hiddenSize: 2, numLayers: 0)
    }
    expectWords("GRU: numLayers 0 is not positive", layers)
    let types = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = GRU(inputSize: 3, hiddenSize: 2)(Tensor(.zeros([1, 1, 3], dtype: .float64)))
    }
    expectWords("float64", types)
  }
}
