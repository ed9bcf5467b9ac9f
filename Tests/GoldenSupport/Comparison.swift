import Autograd

extension GoldenArray {
  /// Compares shapes first, so that broadcasting hides nothing, then every number.
  ///
  /// - Returns: nil where all agree, otherwise one line with the worst index, what was expected and
  ///   what was got, for a message that begins with the case and the array.
  public func difference(from got: GoldenArray, tolerance: Double) -> String? {
    if got.shape != shape { return "expected shape \(shape), got \(got.shape)" }
    var worst: (error: Double, index: Int)?
    var wrong = 0
    for index in values.indices {
      let error = Self.error(got: got.values[index], expected: values[index])
      guard !(error <= tolerance) else { continue }
      wrong += 1
      if worst.map({ error > $0.error }) ?? true { worst = (error, index) }
    }
    guard let worst else { return nil }
    return "at \(place(of: worst.index)) expected \(values[worst.index]), got "
      + "\(got.values[worst.index]): off by \(worst.error), allowed \(tolerance); "
      + "\(wrong) of \(values.count) numbers differ"
  }

  /// |got − expected| / max(1, |expected|); equal infinities and two NaNs agree.
  private static func error(got: Double, expected: Double) -> Double {
    if got == expected || (got.isNaN && expected.isNaN) { return 0 }
    let error = abs(got - expected) / max(1, abs(expected))
    return error.isNaN ? .infinity : error
  }

  /// A row-major offset as one index for each axis.
  private func place(of offset: Int) -> [Int] {
    var rest = offset
    var place: [Int] = []
    for size in shape.reversed() {
      place.append(rest % size)
      rest /= size
    }
    return place.reversed()
  }
}

extension GoldenCase {
  /// What differs between the outputs that the case expects and those given, a line for each.
  public func differences(from got: [String: GoldenArray], dtype: DType = .float64) -> [String] {
    outputs.sorted { $0.key < $1.key }.compactMap { key, expected in
      difference("output", key, expected, got[key], dtype)
    }
  }

  func difference(
    _ kind: String, _ key: String, _ expected: GoldenArray, _ got: GoldenArray?, _ dtype: DType
  ) -> String? {
    let words =
      got.map { expected.difference(from: $0, tolerance: tolerance(dtype)) } ?? "missing"
    return words.map { "\(title), \(dtype), \(kind) `\(key)`: \($0)" }
  }
}
