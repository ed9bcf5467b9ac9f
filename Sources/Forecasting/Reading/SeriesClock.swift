import Sequences

/// The times of evenly spaced values.
public struct SeriesClock: Codable, Equatable, Sendable {
  /// The first value's, in seconds since 1970-01-01 00:00 UTC.
  public let start: Double
  /// From one value to the next; a day where weekends are skipped.
  public let step: TimeStep
  /// Whether Saturdays and Sundays are left out.
  public let skipsWeekends: Bool

  /// - Parameters:
  ///   - start: the first value's time, in seconds since 1970-01-01 00:00 UTC.
  ///   - step: from one value to the next.
  ///   - skipsWeekends: whether Saturdays and Sundays are left out; the step is then a day.
  public init(start: Double, step: TimeStep, skipsWeekends: Bool = false) {
    (self.start, self.step, self.skipsWeekends) = (start, step, skipsWeekends)
  }

  /// The times of the values in a range of places, from 0.
  public func times(_ places: Range<Int>) -> [Double] {
    guard skipsWeekends else { return places.map { step.after(start, count: $0) } }
    var times: [Double] = [], day = start, place = 0
    while place < places.upperBound {
      if !Self.isWeekend(day) {
        if place >= places.lowerBound { times.append(day) }
        place += 1
      }
      day += 86_400
    }
    return times
  }

  /// 1970-01-01 was a Thursday.
  static func isWeekend(_ stamp: Double) -> Bool {
    let day = Int((stamp / 86_400).rounded(.down))
    return [2, 3].contains(((day % 7) + 7) % 7)
  }
}
