import UnrollChapter

/// The beginning of a series, to be cut in the page: the data of `Interactive.Component.windows`.
package struct CutSeries: Encodable {
  let values: [Double]
  let unit: String
  /// Windows for validation are those with the least of these.
  let keys: [Double]
  let width = 12, stride = 1, horizon = 6

  package init(_ values: [Double], unit: String, seed: UInt64) {
    (self.values, self.unit) = (values, unit)
    let generator = Generator(seed: seed)
    keys = values.map { _ in generator.uniform() }
  }

  /// How many windows there are and how many values leak, as the page counts them.
  package func counts(
    width: Int, stride: Int, horizon: Int, isSplit: Bool
  ) -> (windows: Int, leaked: Int) {
    func cut(_ part: TimeSeries) -> Windows {
      Windows(part, width: width, horizon: horizon, stride: stride)
    }
    let series = TimeSeries(
      times: values.indices.map { Double($0) * 3600 }, values: values)
    if isSplit {
      let (early, late) = series.split(count: values.count * 4 / 5)
      let (learned, heldOut) = (cut(early), cut(late))
      return (learned.count + heldOut.count, sharedValues(between: learned, and: heldOut))
    }
    let all = cut(series), order = (0..<all.count).sorted { keys[$0] < keys[$1] }
    return (
      all.count,
      sharedValues(
        between: all.subset(order[(all.count / 5)...]), and: all.subset(order[..<(all.count / 5)]))
    )
  }
}
