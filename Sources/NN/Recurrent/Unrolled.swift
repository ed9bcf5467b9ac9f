/// A cell run over time, step by step.
struct Unrolled {
  /// `[rows, size]`, in the order of time.
  let output: Tensor
  /// Each part `[batch, size]` after each sequence's last step.
  let last: [Tensor]
  /// The whole state after every step, for a layer above that looks down at it.
  let states: [[Tensor]]

  /// - Parameters: as of `RecurrentCell.sequence`; `below` holds the states of the same direction of
  ///   the layer below after every step; `mask` multiplies h before every step.
  init(
    _ cell: some RecurrentCell, _ input: Tensor, batchSizes: [Int], state: [Tensor]?,
    below: [[Tensor]]?, mask: Tensor?, reverse: Bool
  ) {
    // Backward means: each sequence turned round, run forward, and its output turned round again.
    let turned = reverse ? turnedRows(batchSizes) : nil
    let steps = (turned.map { input.take($0) } ?? input).split(batchSizes)

    var state = state ?? cell.initialState(batch: batchSizes[0])
    var ended: [[Tensor]] = []
    var states: [[Tensor]] = []
    for (time, x) in steps.enumerated() {
      let going = batchSizes[time], rows = state[0].shape[0]
      if going < rows {
        ended.append(state.map { $0.narrow(axis: 0, start: going, length: rows - going) })
        state = state.map { $0.narrow(axis: 0, start: 0, length: going) }
      }
      var before = state
      if let mask {
        before[0] = before[0] * mask.narrow(axis: 0, start: 0, length: going)
      }
      state = cell.step(x, before, time: time, below: below?[time])
      states.append(state)
    }
    let output = Tensor.concatenate(states.map { $0[0] })
    self.output = turned.map { output.take($0) } ?? output
    self.states = states
    // The sequences that ended first are the last rows of the batch.
    last = state.indices.map { part in
      ended.isEmpty
        ? state[part]
        : .concatenate([state[part]] + ended.reversed().map { $0[part] })
    }
  }

}

/// For each packed row, the row of the same sequence as far from its end as this is from its start:
/// `rows.take(turnedRows(batchSizes))` turns every sequence round, each on its own, and done twice
/// leaves all as it was.
///
/// - Parameter batchSizes: how many sequences there are at each time; never rising.
public func turnedRows(_ batchSizes: [Int]) -> Indices {
  var starts: [Int] = []
  var start = 0
  for size in batchSizes {
    starts.append(start)
    start += size
  }
  let lengths = sequenceLengths(batchSizes)
  var rows: [Int] = []
  for (time, size) in batchSizes.enumerated() {
    for sequence in 0..<size { rows.append(starts[lengths[sequence] - 1 - time] + sequence) }
  }
  return Indices(rows)
}

/// How long each sequence is, when so many are still going on at each time.
public func sequenceLengths(_ batchSizes: [Int]) -> [Int] {
  var lengths = [Int](repeating: 0, count: batchSizes.first ?? 0)
  for size in batchSizes {
    for sequence in 0..<size { lengths[sequence] += 1 }
  }
  return lengths
}
