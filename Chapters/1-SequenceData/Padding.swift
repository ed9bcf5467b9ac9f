import ChapterTools
import UnrollChapter

extension SequenceData {
  /// Sequences of unequal length in one array, padded and packed.
  func padding(_ page: Page) throws {
    page.prose(
      #"""
      ## Padding, the mask, packing

      Sequences of unequal length do not fit into one array. *Padding* fills the shorter ones up; a
      *mask* says what is real, so that errors and means can leave out the rest. *Packing* keeps the
      real steps alone: sorted by length, step after step, so that step $t$ is one block of as many
      rows as there are sequences still running. A network that reads step by step works through the
      blocks and computes nothing for padding.
      """#)
    let ragged = [4, 7, 2, 5]
    let sequences = ragged.enumerated().map { row, length in
      NDArray((0..<length).map { Double(10 * (row + 1) + $0 + 1) }, shape: [length, 1])
    }
    let padded = padSequence(sequences)
    let packing = Packing(lengths: ragged)
    let packed = packing.pack(padded)
    page.print("padded \(padded.shape), packed \(packed.shape), block sizes \(packing.batchSizes)")
    page.print("and back:", packing.unpack(packed) == padded ? "the same numbers" : "other numbers")
    try page.figure(
      .grid(
        "Four sequences in one array", columns: 2,
        [
          Self.cells(padded, "padded with 0", ragged),
          Self.cells(sequenceMask(ragged), "mask", ragged),
        ], size: .flat))
    let batch = UnequalBatch(sequences.map(\.doubles))
    try page.interactive(
      Interactive(
        .packing, data: batch,
        fallback: Figure(batch.diagram("The same four, packed: longest first, step after step"))))
  }
}
