// Sequences of unequal length in one array: padded to the longest, with a mask that tells what is
// real; or packed, with only what is real, one time step after the other. The recurrent layers and
// the data loader share these.

/// Sequences `[lengthᵢ, …]` in one array `[time, batch, …]`, or `[batch, time, …]`: each is filled
/// up behind with `value`. PyTorch's `pad_sequence`.
public func padSequence(
  _ sequences: [NDArray], value: Double = 0, batchFirst: Bool = false
) -> NDArray {
  guard let first = sequences.first else { wrongUse("padSequence: no sequences") }
  for sequence in sequences {
    checkSameType("padSequence", first, sequence)
    guard sequence.rank > 0, sequence.shape.dropFirst() == first.shape.dropFirst() else {
      wrongUse("padSequence: \(first.shape) and \(sequence.shape) differ beyond the first axis")
    }
  }
  let steps = sequences.map { $0.shape[0] }.max()!
  let tail = Array(first.shape.dropFirst())
  let padded = NDArray.stack(
    sequences.map { sequence in
      let missing = steps - sequence.shape[0]
      return missing == 0
        ? sequence
        : NDArray.concatenate([
          sequence, .full([missing] + tail, value, dtype: sequence.dtype),
        ])
    })
  return batchFirst ? padded : padded.transposed(0, 1).contiguous
}

/// Sequences of whole numbers, such as token ids, in one array `[time, batch]`, or `[batch, time]`:
/// each is filled up behind with `value`.
public func padSequence(
  _ sequences: [[Int]], value: Int = 0, batchFirst: Bool = false
) -> Indices {
  let steps = sequences.map(\.count).max() ?? 0
  var values = [Int](
    repeating: value, count: [steps, sequences.count].product("padSequence"))
  for (row, sequence) in sequences.enumerated() {
    for (step, number) in sequence.enumerated() {
      values[batchFirst ? row * steps + step : step * sequences.count + row] = number
    }
  }
  return Indices(
    values, shape: batchFirst ? [sequences.count, steps] : [steps, sequences.count])
}

/// 1 where a padded batch holds a real time step and 0 in the padding: `[time, batch]`, or
/// `[batch, time]`. `steps` is the padded length, the longest sequence's if left out.
public func sequenceMask(
  _ lengths: [Int], steps: Int? = nil, batchFirst: Bool = false, dtype: DType = .float32
) -> NDArray {
  let steps = steps ?? lengths.max() ?? 0
  _ = [lengths.count, steps].product("sequenceMask")
  guard lengths.allSatisfy({ (0...steps).contains($0) }) else {
    wrongUse("sequenceMask: lengths \(lengths) and \(steps) time steps")
  }
  let rows = lengths.map { length in (0..<steps).map { $0 < length ? 1.0 : 0.0 } }
  let mask = NDArray(rows.flatMap { $0 }, shape: [lengths.count, steps], dtype: dtype)
  return batchFirst ? mask : mask.transposed(0, 1).contiguous
}

/// Where each time step of a padded batch goes when the batch is packed: longest sequence first,
/// step after step, so that step t is one block of `batchSizes[t]` rows. A sequence of length 0 has no
/// row. PyTorch's `PackedSequence`.
public struct Packing: Equatable, Sendable {
  /// The length of each sequence, in the batch's own order.
  public let lengths: [Int]
  /// Sequences from the longest to the shortest, as places in the batch; equals keep their order.
  public let order: [Int]
  /// How many sequences are still running at each time step.
  public let batchSizes: [Int]

  /// The packing of sequences of these lengths; a negative one stops the program.
  public init(lengths: [Int]) {
    if let place = lengths.firstIndex(where: { $0 < 0 }) {
      wrongUse("Packing: sequence \(place) has length \(lengths[place])")
    }
    _ = [lengths.count, lengths.max() ?? 0].product("Packing")
    self.lengths = lengths
    order = lengths.indices.sorted { (lengths[$1], $0) < (lengths[$0], $1) }
    batchSizes = (0..<(lengths.max() ?? 0)).map { step in lengths.count { $0 > step } }
  }

  /// How many real time steps there are in all.
  public var count: Int { lengths.reduce(0, +) }

  /// For each sequence of the batch its place in `order`: what puts sorted results back.
  public var inverseOrder: [Int] {
    var inverse = order
    for (place, sequence) in order.enumerated() { inverse[sequence] = place }
    return inverse
  }

  /// For each packed row its sequence and its time step.
  public var rows: [(step: Int, sequence: Int)] {
    batchSizes.enumerated().flatMap { step, size in
      order[..<size].map { (step: step, sequence: $0) }
    }
  }

  /// The real time steps of a padded batch `[time, batch, …]` (or `[batch, time, …]`), packed:
  /// `[Σ lengths, …]`.
  public func pack(_ padded: NDArray, batchFirst: Bool = false) -> NDArray {
    let steps = batchFirst ? 1 : 0
    guard padded.rank >= 2, padded.shape[1 - steps] == lengths.count,
      padded.shape[steps] >= batchSizes.count
    else {
      wrongUse(
        "pack: \(padded.shape) for \(lengths.count) sequences of up to \(batchSizes.count) steps")
    }
    let flat = padded.reshaped([-1] + padded.shape[2...])
    return flat.take(places(steps: padded.shape[steps], batchFirst: batchFirst))
  }

  /// The opposite of `pack`: `[Σ lengths, …]` as a padded batch, with `value` in the padding.
  public func unpack(
    _ packed: NDArray, steps: Int? = nil, value: Double = 0, batchFirst: Bool = false
  ) -> NDArray {
    let steps = steps ?? batchSizes.count
    guard packed.rank >= 1, packed.shape[0] == count, steps >= batchSizes.count else {
      wrongUse(
        "unpack: \(packed.shape) for lengths \(lengths), which sum to \(count), in \(steps) steps")
    }
    let tail = Array(packed.shape.dropFirst())
    // One row more than there are, of padding, and for each padded place the row that goes there.
    let source = NDArray.concatenate([packed, .full([1] + tail, value, dtype: packed.dtype)])
    var rows = [Int](repeating: count, count: [steps, lengths.count].product("unpack"))
    for (row, place) in places(steps: steps, batchFirst: batchFirst).values.enumerated() {
      rows[place] = row
    }
    let shape = batchFirst ? [lengths.count, steps] : [steps, lengths.count]
    return source.take(Indices(rows, shape: shape))
  }

  /// For each packed row its place in the padded batch with the first two axes made one.
  public func places(steps: Int, batchFirst: Bool = false) -> Indices {
    Indices(
      rows.map { row in
        batchFirst ? row.sequence * steps + row.step : row.step * lengths.count + row.sequence
      })
  }
}
