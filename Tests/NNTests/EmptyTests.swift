import NN
import Testing

/// Batches and sequences of no length: empty results, gradients of zeros, states as they were.
@Suite struct EmptyTests {
  @Test(arguments: [[0, 3], [2, 0, 3], [0, 4, 3]])
  func layersTakeEmptyBatches(shape: [Int]) {
    let layers: [any UnaryLayer] = [
      Linear(3, 3), Tanh(), Sigmoid(), ReLU(), Softplus(), Softmax(), LogSoftmax(), LayerNorm(3),
      Dropout(0.5),
    ]
    for layer in layers {
      let input = Tensor(.zeros(shape), requiresGrad: true)
      let output = layer(input)
      #expect(output.shape == shape, "\(layer)")
      output.sum().backward()
      #expect(input.grad?.shape == shape, "\(layer)")
      for parameter in layer.parameters() {
        #expect(parameter.grad == .zeros(parameter.shape), "\(layer)")
      }
    }
    #expect(Flatten()(Tensor(.zeros([0, 2, 3]))).shape == [0, 6])
    let convolution = Conv1d(3, 2, kernelSize: 2, padding: 1)
    let sequences = Tensor(.zeros([0, 3, 4]), requiresGrad: true)
    let seen = convolution(sequences)
    #expect(seen.shape == [0, 2, 5])
    seen.sum().backward()
    #expect(sequences.grad?.shape == [0, 3, 4])
    for parameter in convolution.parameters() {
      #expect(parameter.grad == .zeros(parameter.shape))
    }
    let embedding = Embedding(4, 2)
    embedding(Indices([], shape: [0, 5])).sum().backward()
    #expect(embedding.weight.grad == .zeros([4, 2]))
  }

  /// As PyTorch's: the mean of nothing is NaN, the sum 0.
  @Test(arguments: [Reduction.mean, .sum, .none])
  func lossesOfNothing(reduction: Reduction) {
    let losses: [(Tensor) -> Tensor] = [
      { mseLoss($0, Tensor(.zeros([0, 3])), reduction: reduction) },
      { l1Loss($0, Tensor(.zeros([0, 3])), reduction: reduction) },
      { smoothL1Loss($0, Tensor(.zeros([0, 3])), reduction: reduction) },
      { binaryCrossEntropyWithLogits($0, Tensor(.zeros([0, 3])), reduction: reduction) },
      { crossEntropy($0, Indices([], shape: [0]), reduction: reduction) },
      { nllLoss($0, Indices([], shape: [0]), reduction: reduction) },
      {
        crossEntropy(
          $0, Indices([], shape: [0]), weight: [1, 2, 3], labelSmoothing: 0.1, reduction: reduction)
      },
      { crossEntropy($0, probabilities: Tensor(.zeros([0, 3])), reduction: reduction) },
    ]
    for (place, loss) in losses.enumerated() {
      let input = Tensor(.zeros([0, 3]), requiresGrad: true)
      let output = loss(input)
      switch reduction {
      case .none: #expect(output.count == 0, "\(place)")
      case .sum: #expect(output.item == 0, "\(place)")
      case .mean: #expect(output.item.isNaN, "\(place)")
      }
      if reduction != .none {
        output.backward()
        #expect(input.grad?.shape == [0, 3], "\(place)")
      }
    }
  }

  @Test func attentionToAndFromNothing() {
    for (batch, queries, keys) in [(0, 2, 3), (2, 0, 3), (2, 2, 0)] {
      for mask in [nil, NDArray.ones([queries, keys])] {
        let q = Tensor(.ones([batch, queries, 4]), requiresGrad: true)
        let k = Tensor(.ones([batch, keys, 4]), requiresGrad: true)
        let (output, weights) = scaledDotProductAttention(q, k, k, mask: mask)
        #expect(output.value == .zeros([batch, queries, 4]) || keys > 0)
        #expect(output.shape == [batch, queries, 4] && weights.shape == [batch, queries, keys])
        output.sum().backward()
        #expect(q.grad == .zeros(q.shape) && k.grad == .zeros(k.shape))
      }
    }
    let additive = AdditiveAttention(querySize: 3, keySize: 4, hiddenSize: 2)
    for (batch, keys) in [(0, 3), (2, 0)] {
      for mask in [nil, NDArray.ones([batch, keys])] {
        let (context, weights) = additive(
          Tensor(.ones([batch, 3])), keys: Tensor(.zeros([batch, keys, 4])), mask: mask)
        #expect(context.value == .zeros([batch, 4]) && weights.shape == [batch, keys])
        additive.zeroGrad()
        context.sum().backward()
        for parameter in additive.parameters() {
          #expect(parameter.grad == .zeros(parameter.shape))
        }
      }
    }
  }

  @Test(arguments: [0, 3]) func taggingOfNoSequences(steps: Int) {
    let crf = LinearChainCRF(4)
    let scores = Tensor(.zeros([steps, 0, 4]), requiresGrad: true)
    #expect(crf.decode(scores).isEmpty)
    let losses = crf.loss(scores, Indices([], shape: [steps, 0]), reduction: .none)
    #expect(losses.shape == [0])
    losses.sum().backward()
    #expect(scores.grad == .zeros([steps, 0, 4]))
    for parameter in crf.parameters() { #expect(parameter.grad == .zeros(parameter.shape)) }
  }

  @Test(arguments: [0, 3]) func alignmentsOfNoSequences(steps: Int) {
    let scores = Tensor(.zeros([steps, 0, 4]), requiresGrad: true)
    let loss = ctcLoss(scores, Indices([], shape: [0, 2]), reduction: .sum)
    #expect(loss.item == 0)
    loss.backward()
    #expect(scores.grad == .zeros([steps, 0, 4]))
  }

  @Test func cellsTakeEmptyBatches() {
    let cells: [any RecurrentCell] = [
      RNNCell(inputSize: 3, hiddenSize: 2), LSTMCell(inputSize: 3, hiddenSize: 2),
      LSTMCell(inputSize: 3, hiddenSize: 2, projSize: 1), GRUCell(inputSize: 3, hiddenSize: 2),
      PeepholeLSTMCell(inputSize: 3, hiddenSize: 2), CoupledLSTMCell(inputSize: 3, hiddenSize: 2),
      DepthGatedLSTMCell(inputSize: 3, hiddenSize: 2, hasLayerBelow: false),
      ClockworkRNNCell(inputSize: 3, hiddenSize: 2, periods: [1, 2]),
    ]
    for cell in cells {
      let state = cell.step(
        Tensor(.zeros([0, 3])), cell.initialState(batch: 0), time: 0, below: nil)
      #expect(state.map(\.shape) == cell.stateSizes.map { [0, $0] })
      state.map { $0.sum() }.reduce(Tensor(0), +).backward()
      for (name, parameter) in cell.namedParameters() {
        #expect(parameter.grad == .zeros(parameter.shape), "\(type(of: cell)) \(name)")
      }
    }
  }

  @Test(arguments: [false, true], [false, true])
  func recurrentLayersTakeEmptyBatches(bidirectional: Bool, batchFirst: Bool) {
    for (steps, batch) in [(0, 2), (3, 0), (0, 0)] {
      for withState in [false, true] {
        let lstm = LSTM(
          inputSize: 3, hiddenSize: 4, numLayers: 2, batchFirst: batchFirst,
          bidirectional: bidirectional)
        let axes = batchFirst ? [batch, steps] : [steps, batch]
        let rows = bidirectional ? 4 : 2
        let input = Tensor(.zeros(axes + [3]), requiresGrad: true)
        let h = Tensor(.normal([rows, batch, 4]), requiresGrad: true)
        let c = Tensor(.normal([rows, batch, 4]), requiresGrad: true)
        let (output, (h_n, c_n)) = lstm(input, withState ? (h, c) : nil)
        #expect(output.shape == axes + [bidirectional ? 8 : 4])
        #expect(h_n.value == (withState ? h.value : .zeros([rows, batch, 4])))
        #expect(c_n.value == (withState ? c.value : .zeros([rows, batch, 4])))
        (output.sum() + h_n.sum() * 2.0).backward()
        #expect(input.grad?.shape == input.shape)
        if withState {
          #expect(h.grad == .full([rows, batch, 4], 2) && c.grad == .zeros([rows, batch, 4]))
        }
        for parameter in lstm.parameters() { #expect(parameter.grad == .zeros(parameter.shape)) }
      }
    }
    let alone = GRU(inputSize: 3, hiddenSize: 4)(Tensor(.zeros([0, 3])))
    #expect(alone.output.shape == [0, 4] && alone.h_n.value == .zeros([1, 4]))
  }

  /// Those of no length keep their state, which goes through to its gradient; the others have what
  /// they have alone.
  @Test(arguments: [[2, 0, 3, 0], [0, 0, 0], [], [0, 1]], [false, true])
  func sequencesOfNoLengthKeepTheirState(lengths: [Int], bidirectional: Bool) {
    for isFused in [false, true] {
      for withState in [false, true] {
        let gru = GRU(
          inputSize: 3, hiddenSize: 4, numLayers: 2, bidirectional: bidirectional, dtype: .float64,
          generator: Generator(seed: 4))
        gru.isFused = isFused
        let rows = bidirectional ? 4 : 2, batch = lengths.count
        let input = Tensor(random([3, batch, 3]), requiresGrad: true)
        let start = Tensor(random([rows, batch, 4], seed: 2), requiresGrad: true)
        let (packed, last) = gru(
          packPaddedSequence(input, lengths: lengths), withState ? start : nil)
        let output = padPackedSequence(packed, totalLength: 3).output
        #expect(output.shape == [3, batch, bidirectional ? 8 : 4])
        (output.sum() + last.sum()).backward()
        #expect(input.grad?.shape == input.shape)
        for (sequence, length) in lengths.enumerated() {
          let state = start.value[0..<rows, sequence..<sequence + 1]
          if length == 0 {
            #expect(
              last.value[0..<rows, sequence..<sequence + 1]
                == (withState ? state : .zeros([rows, 1, 4], dtype: .float64)))
            #expect(output.value[0..<3, sequence].doubles.allSatisfy { $0 == 0 })
            if withState {
              #expect(start.grad![0..<rows, sequence].doubles.allSatisfy { $0 == 1 })
            }
          } else {
            let alone = gru(
              Tensor(input.value[0..<length, sequence..<sequence + 1]),
              withState ? Tensor(state) : nil)
            #expect(
              last.value[0..<rows, sequence..<sequence + 1]
                .isClose(to: alone.h_n.value, relative: 1e-12, absolute: 1e-12))
            #expect(
              output.value[0..<length, sequence..<sequence + 1]
                .isClose(to: alone.output.value, relative: 1e-12, absolute: 1e-12))
          }
        }
        for parameter in gru.parameters() { #expect(parameter.grad?.shape == parameter.shape) }
      }
    }
  }

  @Test func misuseStopsByName() async {
    let length = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = packPaddedSequence(Tensor(.zeros([3, 2, 1])), lengths: [2, -1])
    }
    expectWords("Packing: sequence 1 has length -1", length)
    let rank = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = GRU(inputSize: 3, hiddenSize: 2)(Tensor(.zeros([2, 2, 2, 3])))
    }
    expectWords(
      "GRU: input [2, 2, 2, 3], expected [time, batch, feature] or [time, feature]", rank)
    let cell = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = GRUCell(inputSize: 3, hiddenSize: 2)(Tensor(.zeros([2, 2, 3])))
    }
    expectWords("GRUCell: input [2, 2, 3], expected [batch, feature] or [feature]", cell)
    let projection = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = LSTM(inputSize: 3, hiddenSize: 2, projSize: 2) }
    expectWords("LSTM: projSize 2 is not in 0..<2", projection)
  }
}
