/// Whether numbers vary by more than rounding.
enum Spread {
  /// Whether a spread about numbers of some size is what rounding makes of a constant: of n numbers,
  /// n units in the last place (ten at least), as scikit-learn's `StandardScaler` has it. What a
  /// running sum adds up to is off by no more.
  ///
  /// - Parameter rounding: how far the numbers themselves may be rounded, as a share of their size.
  static func isRounding(
    _ spread: Double, around size: Double, count: Int, rounding: Double = 0
  ) -> Bool {
    let share = max(Double(max(count, 10)) * .ulpOfOne, rounding)
    // Dividing by a number below the normal ones overflows.
    return !(spread > max(share * abs(size), .leastNormalMagnitude))
  }
}
