/// Sequences of unequal length without their padding: all steps of time 0, longest sequence first,
/// then the steps of time 1 of those that have one, and so on. A recurrent layer takes it and gives
/// one back, with the results that each sequence has on its own.
public struct PackedSequence {
  /// `[rows, feature]`, a row for every step of every sequence.
  public let data: Tensor
  /// Which row is which step of which sequence.
  public let packing: Packing

  /// Rows in the order that the packing says, as many as its `count`, or the program stops.
  public init(data: Tensor, packing: Packing) {
    guard data.rank > 0, data.shape[0] == packing.count else {
      wrongUse("PackedSequence: \(data.shape) for lengths \(packing.lengths)")
    }
    (self.data, self.packing) = (data, packing)
  }

  /// How many sequences there are at each time.
  public var batchSizes: [Int] { packing.batchSizes }
  /// The lengths in the caller's order.
  public var lengths: [Int] { packing.lengths }
}

/// Leaves the padding out.
///
/// - Parameters:
///   - input: `[time, batch, …]`, or `[batch, time, …]` with `batchFirst`.
///   - lengths: of each sequence, in any order, from 0 to the number of time steps. A recurrent
///     layer leaves the state of a sequence of length 0 as it was.
///   - batchFirst: whether the input is `[batch, time, …]`.
public func packPaddedSequence(
  _ input: Tensor, lengths: [Int], batchFirst: Bool = false
) -> PackedSequence {
  let packing = Packing(lengths: lengths)
  let packed = packing.pack(input.value, batchFirst: batchFirst)
  let steps = input.shape[batchFirst ? 1 : 0]
  let data = Tensor("packPaddedSequence", of: input, value: packed) { dy in
    packing.unpack(dy, steps: steps, batchFirst: batchFirst)
  }
  return PackedSequence(data: data, packing: packing)
}

/// Puts the padding back: `[time, batch, …]`, or `[batch, time, …]` with `batchFirst`, in the
/// caller's order, and the lengths.
///
/// - Parameters:
///   - packed: what a recurrent layer gave, or any other packing.
///   - batchFirst: whether the result is `[batch, time, …]`.
///   - paddingValue: what stands after a sequence's end.
///   - totalLength: the number of time steps; that of the longest sequence if left out.
public func padPackedSequence(
  _ packed: PackedSequence, batchFirst: Bool = false, paddingValue: Double = 0,
  totalLength: Int? = nil
) -> (output: Tensor, lengths: [Int]) {
  let packing = packed.packing
  let padded = packing.unpack(
    packed.data.value, steps: totalLength, value: paddingValue, batchFirst: batchFirst)
  let output = Tensor("padPackedSequence", of: packed.data, value: padded) { dy in
    packing.pack(dy, batchFirst: batchFirst)
  }
  return (output, packing.lengths)
}

/// Sequences `[lengthᵢ, …]` in one tensor `[time, batch, …]`, or `[batch, time, …]` with
/// `batchFirst`, each filled up behind with `value`.
public func padSequence(
  _ sequences: [Tensor], value: Double = 0, batchFirst: Bool = false
) -> Tensor {
  let padded = padSequence(sequences.map(\.value), value: value, batchFirst: batchFirst)
  let lengths = sequences.map { $0.shape[0] }
  return Tensor("padSequence", of: sequences, value: padded) { dy in
    lengths.enumerated().map { place, length in
      dy.select(axis: batchFirst ? 0 : 1, index: place).narrow(axis: 0, start: 0, length: length)
    }
  }
}
