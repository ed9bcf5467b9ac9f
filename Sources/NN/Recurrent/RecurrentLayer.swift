/// What all recurrent layers share: cells run over time, stacked, in one or both directions. Used
/// through `RNN`, `LSTM`, `GRU`, or `Recurrent` for any other cell.
///
/// Parameters are named as PyTorch names them: the cell's name for it, the layer, and `_reverse` for
/// the direction from the end to the start: `weight_ih_l0`, `weight_ih_l0_reverse`.
///
/// A subclass gives a cell of one's own a layer with a name and a call: it makes the cells, and hands
/// on to `over`. Further parameters and modules of a subclass keep their own names.
///
///     final class Minimal: RecurrentLayer<MinimalCell> {
///       init(inputSize: Int, hiddenSize: Int, numLayers: Int = 1) {
///         super.init(inputSize: inputSize, numLayers: numLayers) { inputSize, _ in
///           MinimalCell(inputSize: inputSize, hiddenSize: hiddenSize)
///         }
///       }
///       func callAsFunction(_ x: Tensor) -> (output: Tensor, h_n: Tensor) {
///         let (output, last) = over(x)
///         return (output, last[0])
///       }
///     }
open class RecurrentLayer<Cell: RecurrentCell>: Module {
  /// Layers, each of which takes the output of the one below.
  public let numLayers: Int
  /// Whether each layer also runs from the end to the start, and whether input and output are
  /// `[batch, time, feature]`, not `[time, batch, feature]`.
  public let bidirectional, batchFirst: Bool
  /// The share of numbers that are set to 0 between two layers in training.
  public let dropout: Double
  /// The share of numbers of the state that are set to 0 before every step in training.
  public let recurrentDropout: Double
  /// How the outputs of the two directions become one.
  public let merge: Merge
  /// The cells: `cells[layer][direction]`, direction 0 forward and 1 backward.
  public let cells: [[Cell]]
  /// Whether cells that have a fused twin are run by it; off, every step is a chain of the cell's own
  /// operations. The results are the same up to rounding.
  public var isFused = true
  /// Whether the fused twins let go of the gates, which are most of what a training step keeps, and
  /// compute them once more on the way back, a few steps at a time (Chen et al. 2016; PyTorch's
  /// `torch.utils.checkpoint`). The gradients have the same bits. A training step of an LSTM or GRU
  /// then needs less than half the memory for each row of its input, and up to 1.35 times the time.
  public var checkpointing = false {
    didSet {
      for (_, cell) in allCells { (cell as? CellWeights)?.checkpointing = checkpointing }
    }
  }
  private let generator: Generator
  private let seesLayerBelow: Bool

  /// - Parameters:
  ///   - inputSize: features of the input.
  ///   - numLayers: layers; each takes the output of the one below.
  ///   - batchFirst: input and output are `[batch, time, feature]`, not `[time, batch, feature]`.
  ///   - dropout: the share of numbers set to 0 between two layers in training.
  ///   - recurrentDropout: the share of numbers of h set to 0 before every step in training, the
  ///     same numbers of a sequence at all steps (Gal & Ghahramani 2016) and the others scaled by
  ///     1/(1 − p), as Keras' `recurrent_dropout`. Without the fused twin, so training takes
  ///     longer.
  ///   - bidirectional: whether each layer also runs from the end to the start.
  ///   - merge: how the outputs of the two directions become one.
  ///   - generator: where the numbers set to 0 in training are drawn from.
  ///   - cell: makes the cell for an input of so many features in the layer of this number; called
  ///     for each layer and direction.
  public init(
    inputSize: Int, numLayers: Int = 1, batchFirst: Bool = false, dropout: Double = 0,
    recurrentDropout: Double = 0, bidirectional: Bool = false, merge: Merge = .concatenate,
    generator: Generator = .default, cell: (_ inputSize: Int, _ layer: Int) -> Cell
  ) {
    checkSizes("\(Self.self)", ("inputSize", inputSize), ("numLayers", numLayers))
    for (name, share) in [("dropout", dropout), ("recurrentDropout", recurrentDropout)]
    where !(0...1).contains(share) {
      wrongUse("\(Self.self): \(name) \(share) is not in 0...1")
    }
    self.recurrentDropout = recurrentDropout
    (self.numLayers, self.bidirectional, self.batchFirst) = (numLayers, bidirectional, batchFirst)
    (self.dropout, self.merge, self.generator) = (dropout, merge, generator)
    var cells: [[Cell]] = []
    var size = inputSize
    for layer in 0..<numLayers {
      cells.append((0..<(bidirectional ? 2 : 1)).map { _ in cell(size, layer) })
      let outputSize = cells[layer][0].stateSizes[0]
      size = bidirectional ? merge.size(outputSize) : outputSize
    }
    self.cells = cells
    seesLayerBelow = cells.contains { ($0[0] as? any GatedCell)?.seesLayerBelow ?? false }
  }

  open override func namedParts() -> [(name: String, value: Any)] {
    allCells.flatMap { suffix, cell in
      cell.namedParts().map { ($0.name + suffix, $0.value) }
    } + reflectedParts(below: RecurrentLayer<Cell>.self)
  }

  open override func setTraining(_ isTraining: Bool) {
    super.setTraining(isTraining)
    for (_, cell) in allCells { cell.setTraining(isTraining) }
  }

  private var allCells: [(suffix: String, cell: Cell)] {
    cells.enumerated().flatMap { layer, directions in
      zip(["_l\(layer)", "_l\(layer)_reverse"], directions).map { ($0, $1) }
    }
  }

  /// All layers over packed rows (see `RecurrentCell.sequence`).
  ///
  /// - Parameter state: each part `[layers · directions, batch, size]`.
  /// - Returns: the last layer's output, and each part of all last states.
  private func run(
    _ rows: Tensor, batchSizes: [Int], state: [Tensor]?
  ) -> (output: Tensor, state: [Tensor]) {
    let drops = isTraining && recurrentDropout > 0
    let isFused = isFused && !drops
    // The commonest layer of all has no parts to take its state from or to put together.
    if isFused, cells.count == 1, cells[0].count == 1, state != nil,
      let fused = cells[0][0].sequence(rows, batchSizes: batchSizes, state: state, reverse: false)
    {
      return fused
    }
    var rows = rows
    var last: [[Tensor]] = []
    var below = [[[Tensor]]?](repeating: nil, count: 2)
    var statesBelow = [[Tensor]?](repeating: nil, count: 2)
    for (layer, directions) in cells.enumerated() {
      if layer > 0, isTraining, dropout > 0 {
        rows = rows.dropout(dropout, generator: generator)
      }
      var outputs: [Tensor] = []
      // Whether the layer above looks down at the states of this one.
      let isSeen = seesLayerBelow && layer + 1 < cells.count
      let starts = directions.indices.map { direction in
        state.map { parts in
          parts.map { $0.select(axis: 0, index: layer * directions.count + direction) }
        }
      }
      if isFused, !isSeen, directions.count == 2,
        let both = CellWeights.fused(
          directions.compactMap { $0 as? CellWeights }, rows, batchSizes, starts)
      {
        outputs = both.map(\.output)
        last += both.map(\.state)
      }
      for (direction, cell) in directions.enumerated() where outputs.count < directions.count {
        let start = starts[direction], reverse = direction == 1
        if isFused, !isSeen,
          let fused = cell.sequence(rows, batchSizes: batchSizes, state: start, reverse: reverse)
        {
          outputs.append(fused.output)
          last.append(fused.state)
        } else if isFused, let gated = cell as? any GatedCell,
          let fused = gated.gated(
            rows, batchSizes, start, reverse,
            below: gated.seesLayerBelow ? statesBelow[direction] : nil)
        {
          outputs.append(fused.output)
          last.append(fused.state)
          statesBelow[direction] = fused.all
        } else {
          let unrolled = Unrolled(
            cell, rows, batchSizes: batchSizes, state: start, below: below[direction],
            mask: drops ? dropMask(batch: batchSizes[0], cell) : nil, reverse: reverse)
          outputs.append(unrolled.output)
          last.append(unrolled.last)
          below[direction] = unrolled.states
        }
      }
      rows = outputs.count == 1 ? outputs[0] : merge(outputs[0], outputs[1])
    }
    let parts = last[0].indices.map { part in
      last.count == 1 ? last[0][part].unsqueezed(0) : Tensor.stack(last.map { $0[part] })
    }
    return (rows, parts)
  }

  /// 0 where h is dropped, 1/(1 − p) elsewhere, `[batch, size of h]`.
  private func dropMask(batch: Int, _ cell: Cell) -> Tensor {
    Tensor.ones([batch, cell.stateSizes[0]], dtype: cell.dtype)
      .dropout(recurrentDropout, generator: generator)
  }

  /// The same where some sequences have no step at all, or all of them: these are the last of the
  /// batch, and end with the state that they began with.
  private func run(
    _ rows: Tensor, batchSizes: [Int], batch: Int, state: [Tensor]?
  ) -> (output: Tensor, state: [Tensor]) {
    let going = rows.shape[0] == 0 ? 0 : batchSizes[0]
    if going == batch, batch > 0 { return run(rows, batchSizes: batchSizes, state: state) }
    let count = numLayers * (bidirectional ? 2 : 1)
    let state =
      state
      ?? cells[0][0].stateSizes.map { .zeros([count, batch, $0], dtype: cells[0][0].dtype) }
    if going == 0 { return still(rows, state) }
    let (output, last) = run(
      rows, batchSizes: batchSizes,
      state: state.map { $0.narrow(axis: 1, start: 0, length: going) })
    let waiting = state.map { $0.narrow(axis: 1, start: going, length: batch - going) }
    return (output, zip(last, waiting).map { .concatenate([$0, $1], axis: 1) })
  }

  /// No step of any sequence: an empty output and the state as it was. The parameters get gradients of
  /// zeros, as from any batch in which nothing hangs on them.
  private func still(_ rows: Tensor, _ state: [Tensor]) -> (output: Tensor, state: [Tensor]) {
    let weights = parameters()
    let size = cells[0][0].stateSizes[0]
    let output = NDArray.zeros([0, bidirectional ? merge.size(size) : size], dtype: rows.dtype)
    let results = Tensor.outputs(
      "recurrent", of: [rows] + weights + state, values: [output] + state.map(\.value)
    ) { dy in
      func zeros(_ tensor: Tensor) -> NDArray { .zeros(tensor.shape, dtype: tensor.dtype) }
      return ([rows] + weights).map(zeros) + zip(state, dy.dropFirst()).map { $1 ?? zeros($0) }
    }
    return (results[0], Array(results.dropFirst()))
  }

  /// The door for padded input: `[time, batch, feature]`, `[batch, time, feature]` with `batchFirst`,
  /// or a single sequence `[time, feature]`. States `[layers · directions, batch, size]`, without
  /// the batch axis for a single sequence; zeros if left out.
  public final func over(
    _ input: Tensor, _ state: [Tensor]? = nil
  ) -> (output: Tensor, state: [Tensor]) {
    let features = cells[0][0].inputSize
    guard (2...3).contains(input.rank) else {
      let axes = batchFirst ? "[batch, time, feature]" : "[time, batch, feature]"
      wrongUse("\(Self.self): input \(input.shape), expected \(axes) or [time, feature]")
    }
    guard input.shape.last == features else {
      wrongUse("\(Self.self): input \(input.shape), expected \(features) features")
    }
    let isSingle = input.rank == 2
    let overTime = batchFirst && !isSingle ? input.transposed(0, 1) : input
    let steps = overTime.shape[0], batch = isSingle ? 1 : overTime.shape[1]
    check(state, batch: isSingle ? [] : [batch])
    let (rows, last) = run(
      isSingle ? overTime : overTime.reshaped([steps * batch, features]),
      batchSizes: Array(repeating: batch, count: steps), batch: batch,
      state: isSingle ? state?.map { $0.unsqueezed(1) } : state)
    if isSingle { return (observed(rows), last.map { $0.squeezed(1) }) }
    let output = rows.reshaped([steps, batch, rows.shape[1]])
    return (observed(batchFirst ? output.transposed(0, 1) : output), last)
  }

  /// The door for packed input; states are in the order of the caller's sequences.
  public final func over(
    _ input: PackedSequence, _ state: [Tensor]? = nil
  ) -> (output: PackedSequence, state: [Tensor]) {
    let features = cells[0][0].inputSize
    guard input.data.rank == 2 else {
      wrongUse("\(Self.self): packed input \(input.data.shape), expected [rows, feature]")
    }
    guard input.data.shape[1] == features else {
      wrongUse("\(Self.self): packed input \(input.data.shape), expected \(features) features")
    }
    check(state, batch: [input.lengths.count])
    let packing = input.packing
    if packing.order == Array(packing.order.indices) {
      let (rows, last) = run(
        input.data, batchSizes: packing.batchSizes, batch: packing.lengths.count, state: state)
      return (PackedSequence(data: observed(rows), packing: packing), last)
    }
    let order = Indices(packing.order), back = Indices(packing.inverseOrder)
    let (rows, last) = run(
      input.data, batchSizes: packing.batchSizes, batch: packing.lengths.count,
      state: state?.map { $0.take(order, axis: 1) })
    return (
      PackedSequence(data: observed(rows), packing: packing), last.map { $0.take(back, axis: 1) }
    )
  }

  func check(_ state: [Tensor]?, batch: [Int]) {
    guard let state else { return }
    let sizes = cells[0][0].stateSizes
    guard state.count == sizes.count else {
      wrongUse("\(Self.self): a state of \(state.count) parts, expected \(sizes.count)")
    }
    let rows = numLayers * (bidirectional ? 2 : 1)
    for (part, (given, size)) in zip(state, sizes).enumerated() {
      guard given.shape.first == rows, given.shape.last == size, given.rank == batch.count + 2,
        given.shape[1..<given.rank - 1].elementsEqual(batch)
      else {
        let expected = [rows] + batch + [size]
        let name = sizes.count <= 2 ? ["h_0", "c_0"][part] : "part \(part)"
        wrongUse("\(Self.self): state \(name) \(given.shape), expected \(expected)")
      }
    }
  }
}

extension RecurrentLayer: ForgetGated where Cell: ForgetGated {
  /// Those of all cells, layer by layer, forward before backward.
  public var forgetBiases: [(input: Parameter, recurrent: Parameter, rows: Range<Int>)] {
    cells.flatMap { $0 }.flatMap(\.forgetBiases)
  }
}
