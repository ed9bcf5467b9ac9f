extension [Double] {
  /// NaN of none.
  public var mean: Double { reduce(0, +) / Double(count) }
}
