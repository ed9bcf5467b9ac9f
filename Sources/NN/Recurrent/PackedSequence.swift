/// Sequences of unequal length without their padding: all steps of time 0, longest sequence first,
/// then the steps of time 1 of those that have one, and so on. A recurrent layer takes it and gives
/// one back, with the results that each sequence has on its own.
public struct PackedSequence {
  /// `[rows, feature]`, a row for every step of every sequence.
  public let data: Tensor
  /// How many sequences there are at each time.
  public let batchSizes: [Int]
  /// Which of the caller's sequences stands at each place from the longest to the shortest, and the
  /// other way round; nil if they came in that order.
  public let sortedIndices, unsortedIndices: [Int]?

  func with(data: Tensor) -> PackedSequence {
    PackedSequence(
      data: data, batchSizes: batchSizes, sortedIndices: sortedIndices,
      unsortedIndices: unsortedIndices)
  }

  /// The lengths in the caller's order.
  public var lengths: [Int] {
    let sorted = sequenceLengths(batchSizes)
    return unsortedIndices?.map { sorted[$0] } ?? sorted
  }
}

/// Leaves the padding out.
///
/// - Parameters:
///   - input: `[time, batch, feature]`, or `[batch, time, feature]` with `batchFirst`.
///   - lengths: of each sequence, in any order, from 1 to the number of time steps.
public func packPaddedSequence(
  _ input: Tensor, lengths: [Int], batchFirst: Bool = false
) -> PackedSequence {
  guard input.rank == 3 else {
    wrongUse("packPaddedSequence: input \(input.shape), expected time, batch and feature")
  }
  let (steps, batch) =
    batchFirst ? (input.shape[1], input.shape[0]) : (input.shape[0], input.shape[1])
  guard lengths.count == batch, batch > 0 else {
    wrongUse("packPaddedSequence: \(lengths.count) lengths for \(batch) sequences")
  }
  if let wrong = lengths.first(where: { !(1...max(1, steps)).contains($0) }) {
    wrongUse("packPaddedSequence: length \(wrong) is not in 1...\(steps)")
  }
  // Sorting keeps the order of equal lengths.
  let order = lengths.indices.sorted { (lengths[$0], $1) > (lengths[$1], $0) }
  var rows: [Int] = []
  var batchSizes: [Int] = []
  for time in 0..<lengths.max()! {
    let going = order.prefix { lengths[$0] > time }
    batchSizes.append(going.count)
    rows += going.map { batchFirst ? $0 * steps + time : time * batch + $0 }
  }
  let isSorted = order == Array(lengths.indices)
  var back = order
  for (place, sequence) in order.enumerated() { back[sequence] = place }
  return PackedSequence(
    data: input.reshaped([steps * batch, input.shape[2]]).take(Indices(rows)),
    batchSizes: batchSizes, sortedIndices: isSorted ? nil : order,
    unsortedIndices: isSorted ? nil : back)
}

/// Puts the padding back: `[time, batch, feature]`, or `[batch, time, feature]` with `batchFirst`, in
/// the caller's order, and the lengths.
///
/// - Parameters:
///   - paddingValue: what stands after a sequence's end.
///   - totalLength: the number of time steps; that of the longest sequence if left out.
public func padPackedSequence(
  _ packed: PackedSequence, batchFirst: Bool = false, paddingValue: Double = 0,
  totalLength: Int? = nil
) -> (output: Tensor, lengths: [Int]) {
  let steps = totalLength ?? packed.batchSizes.count
  guard steps >= packed.batchSizes.count else {
    wrongUse(
      "padPackedSequence: totalLength \(steps) for sequences of up to \(packed.batchSizes.count)")
  }
  let batch = packed.batchSizes[0], order = packed.sortedIndices ?? Array(0..<batch)
  let data = packed.data.value
  // Where each packed row goes, and which row each place has: the one after the last is padding.
  var places: [Int] = []
  var rows = [Int](repeating: data.shape[0], count: steps * batch)
  for (time, going) in packed.batchSizes.enumerated() {
    for sequence in order.prefix(going) {
      let place = batchFirst ? sequence * steps + time : time * batch + sequence
      rows[place] = places.count
      places.append(place)
    }
  }
  let feature = Array(data.shape.dropFirst())
  let padding = NDArray.full([1] + feature, paddingValue, dtype: data.dtype)
  let padded = NDArray.concatenate([data, padding]).take(Indices(rows))
    .reshaped((batchFirst ? [batch, steps] : [steps, batch]) + feature)
  let output = Tensor("padPackedSequence", of: packed.data, value: padded) { dy in
    dy.reshaped([steps * batch] + feature).take(Indices(places))
  }
  return (output, packed.lengths)
}
