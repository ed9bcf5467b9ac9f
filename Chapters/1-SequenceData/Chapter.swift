import ThisBook
import UnrollChapter

@main struct SequenceData: Chapter {
  static let book = Book.unroll
  static let number = 1
  static let title = "Sequence data"
  static let summary =
    "What happens to a sequence before a network sees it: windows, splits, gaps, differences, "
    + "padding, scales, the loader that hands it out, and text from tokens to batches."
  static let languages = ["zh"]
  static let source: String? = #filePath

  func tell(_ page: Page) throws {
    let hourly = try order(page)
    try cut(page, hourly)
    try split(page, hourly)
    try gaps(page, hourly)
    try differences(page)
    try spans(page, hourly)
    try padding(page)
    try scaling(page, hourly)
    try loader(page, hourly)
    try text(page)

    page.prose(
      #"""
      ## Try next

      - `Windows(part, width: 24, horizon: 12)`: a horizon of 1. Does shuffled validation still
        promise too much? Which numbers does a window now share with its neighbors?
      - `steps` to 100: before the network knows its windows by heart. Where do promise and truth part?
      - A stride of 36 in `Windows`, so that windows no longer overlap: what does `sharedValues` say,
        and what is left of the difference?
      - `Generated.sensor(outages: 20)`, and `filled(.spline, limit: 3)`: which way of filling suffers
        most from long gaps?
      - `differenced(order: 1)` without the season, `order: 2` with it: what is still to be seen in the
        changes?
      - `timeWindows(span: .hours(6))` without `every`: one window for each report. How long are they?
      - `minimumFrequency: 1` and 5 in the vocabulary: what becomes of the perplexities, and why must two
        models be compared with one vocabulary only?
      - `--data` with the Beijing file, `--seed 2`: which statements still hold?
      """#)
  }
}
