import Arrays

/// A length of time: so many seconds, or so many calendar months (which have no fixed length).
public struct TimeStep: Hashable, Codable, Sendable, CustomStringConvertible {
  enum Length: Hashable, Codable, Sendable {
    case seconds(Double)
    case months(Int)
  }
  let length: Length

  /// A positive number of seconds; anything else stops the program.
  public static func seconds(_ count: Double) -> TimeStep {
    guard count > 0, count.isFinite else {
      wrongUse("TimeStep: \(count) seconds is not a positive length")
    }
    return TimeStep(length: .seconds(count))
  }

  /// So many times 60 seconds.
  public static func minutes(_ count: Double) -> TimeStep { .seconds(count * 60) }
  /// So many times 3600 seconds.
  public static func hours(_ count: Double) -> TimeStep { .seconds(count * 3600) }
  /// So many times 86,400 seconds.
  public static func days(_ count: Double) -> TimeStep { .seconds(count * 86_400) }
  /// So many times seven days.
  public static func weeks(_ count: Double) -> TimeStep { .days(count * 7) }
  /// A positive number of calendar months; anything else stops the program.
  public static func months(_ count: Int) -> TimeStep {
    guard count > 0 else { wrongUse("TimeStep: \(count) months is not a positive length") }
    return TimeStep(length: .months(count))
  }

  /// So many times twelve calendar months.
  public static func years(_ count: Int) -> TimeStep { .months(count * 12) }

  /// The stamp `count` steps after `stamp`. A day that the month lacks becomes the month's last.
  public func after(_ stamp: Double, count: Int = 1) -> Double {
    switch length {
    case .seconds(let seconds): return stamp + Double(count) * seconds
    case .months(let months):
      var time = CivilTime(stamp: stamp)
      let month = time.year * 12 + time.month - 1 + count * months
      time.year = month >= 0 ? month / 12 : (month - 11) / 12
      time.month = month - time.year * 12 + 1
      time.day = min(time.day, CivilTime.daysIn(month: time.month, year: time.year))
      return time.stamp
    }
  }

  /// Where a regular grid of this step begins so that it covers `stamp`: steps of seconds are
  /// counted from midnight of the stamp's day, months from January of its year, years from its own.
  func gridStart(for stamp: Double) -> Double {
    switch length {
    case .seconds(let seconds):
      let midnight = (stamp / 86_400).rounded(.down) * 86_400
      // A stamp that lies on the grid but for rounding begins a step.
      let steps = (stamp - midnight) / seconds, nearest = steps.rounded()
      let slack = min(stampSlack(stamp) / seconds, 0.25)
      let whole = abs(nearest - steps) <= slack ? nearest : steps.rounded(.down)
      return midnight + whole * seconds
    case .months(let months):
      let time = CivilTime(stamp: stamp)
      let month = (time.month - 1) / months * months + 1
      return CivilTime(year: time.year, month: month).stamp
    }
  }

  public var description: String {
    switch length {
    case .months(let count):
      return count % 12 == 0 ? "\(count / 12) y" : "\(count) mo"
    case .seconds(let count):
      for (size, name) in [(86_400.0, "d"), (3600, "h"), (60, "min")]
      where (count / size).rounded() * size == count {
        if let whole = Int(exactly: count / size) { return "\(whole) \(name)" }
      }
      return "\(count) s"
    }
  }
}
