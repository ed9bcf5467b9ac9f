import UnrollChapter

extension SequenceData {
  /// A series cut into windows, and windows into examples.
  func cut(_ page: Page, _ hourly: Hourly) throws {
    page.prose(
      #"""
      ## Windows

      A network learns from examples (what it is, chapter 2 tells from the beginning; here it is a
      box that is shown numbers and learns to answer), and a long series is a single one. So it is
      cut: every run of $w$ numbers is a *window*, and window $i$ begins at row $i \cdot s$, with
      the *stride* $s$. Of $n$ numbers that makes $\lfloor (n - w) / s \rfloor + 1$ windows; 720
      hours cut by 12 give 709.

      The windows overlap, and still nothing is copied: a window is a place in the series and a
      length. The array below has the shape `[windows, width, features]` and looks at the memory of
      the series, with a step of one row along both of its first axes.
      """#)
    let series = hourly.series, array = series.array()
    let before = arrayBytesInUse
    let windows = array.slidingWindows(width: 12)
    page.print("\(array.shape) → \(windows.shape), bytes copied: \(arrayBytesInUse - before)")
    page.result("windows.count", windows.shape[0])
    try page.figure(
      Self.overlap(series["value"], width: 12, count: 8, unit: hourly.unit), standsForChapter: true)

    page.prose(
      #"""
      A window alone is no example; it needs something to predict. `Windows` adds it: the rows that
      follow, one or several, as many as the *horizon* says, or for every row of the window the row
      that comes `horizon` steps later.
      """#)
    for (title, horizon, target) in [
      ("many to one", 1, WindowTarget.following), ("many to several", 6, .following),
      ("many to many", 1, .everyStep),
    ] {
      let examples = Windows(array, width: 12, horizon: horizon, target: target)
      page.print("\(title): \(examples.inputs.shape) → \(examples.targets.shape)")
    }
  }
}
