import ChapterTools
import Unroll

extension FusedLSTM {
  /// What the cell's line is good for, and by which gates.
  func memory(_ page: Page) throws {
    let (lengths, steps, moments, added) = try adding(page)
    try copying(page)
    try reach(page)
    try reachWhileLearning(page, lengths, steps: steps, moments, added)
    try gatesAtWork(page, lengths, added)
  }
}
