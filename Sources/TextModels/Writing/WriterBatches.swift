import Arrays

/// Some training steps over a text that is read as a ring: rows evenly apart, each of which goes on where
/// it was, and after the text's end at its beginning. However short the text, there is a next step.
package struct WriterBatches: Sequence {
  let ids: [Int]
  let batchSize, stretch: Int
  /// The numbers of the steps, from 0.
  let steps: Range<Int>

  package init(ids: [Int], batchSize: Int, stretch: Int, steps: Range<Int>) {
    (self.ids, self.batchSize, self.stretch, self.steps) = (ids, batchSize, stretch, steps)
  }

  package var underestimatedCount: Int { steps.count }

  package func makeIterator() -> AnyIterator<(inputs: Indices, targets: Indices)> {
    AnyIterator(steps.lazy.map(batch).makeIterator())
  }

  /// Inputs `[stretch, batchSize]`, and the characters that follow them, `[stretch · batchSize]`.
  private func batch(_ step: Int) -> (inputs: Indices, targets: Indices) {
    let starts = (0..<batchSize).map { $0 * ids.count / batchSize + step * stretch }
    func cut(_ shift: Int) -> [Int] {
      (0..<stretch).flatMap { time in starts.map { ids[($0 + time + shift) % ids.count] } }
    }
    return (Indices(cut(0), shape: [stretch, batchSize]), Indices(cut(1)))
  }
}
