extension SeriesFile {
  /// How far ahead such a series is usually forecast: the horizons of the M4 competition by the step of
  /// time, 6 years, 8 quarters, 18 months, 13 weeks, 14 days, 48 rows of a finer grid, and a fifth of the
  /// series at the most.
  public var usualHorizon: Int {
    let most = max(1, values.count / 5)
    guard let step else { return min(clock == nil ? 12 : 14, most) }
    let days = (step.after(0) - 0) / 86_400
    let horizon =
      switch days {
      case 300...: 6
      case 80...: 8
      case 25...: 18
      case 6...: 13
      case 0.9...: 14
      default: 48
      }
    return min(horizon, most)
  }
}
