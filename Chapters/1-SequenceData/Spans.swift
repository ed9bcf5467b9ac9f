import UnrollChapter

extension SequenceData {
  /// Windows of as many hours, and of unequal numbers of reports.
  func spans(_ page: Page, _ hourly: Hourly) throws {
    page.prose(
      #"""
      ## Windows over a span of time

      Twelve rows are twelve hours only on a regular grid. Where reports come at random, a window of
      twelve rows may be half a day or two. The other choice is a window over a fixed *time*: all
      reports of six hours, few or many. The networks of this book do not mind; their
      windows are just of unequal length.
      """#)
    let spans = hourly.reports.timeWindows(span: .hours(6), every: .hours(1))
    let lengths = spans.lengths
    page.print(
      "\(spans.count) windows of 6 hours, from \(lengths.min()!) to \(lengths.max()!) reports")
    var spread6 = Figure("Reports in a window of 6 hours", x: "reports", y: "windows")
    let (shortest, longest) = (lengths.min()!, lengths.max()!)
    spread6.histogram(
      lengths, bins: longest - shortest + 1,
      range: Double(shortest) - 0.5...Double(longest) + 0.5)
    try page.figure(spread6)
  }
}
