import Foundation

/// What is meant by a local time of the hour that comes twice, when clocks are put back (pandas'
/// `ambiguous`).
public enum RepeatedHour: Sendable {
  /// It is an error that names the line.
  case raise
  /// The first of the two as long as stamps ascend with it, else the second. For rows in order of
  /// time that have both hours; the series' notes say how many stamps were told so.
  case infer
  /// Always the first (summer time).
  case first
  /// Always the second.
  case second
}

/// Turns the local time of a zone into UTC.
final class LocalClock {
  let zone: TimeZone
  private let repeatedHour: RepeatedHour
  /// How many times of a repeated hour were told by their order.
  private(set) var inferred = 0
  /// The seconds east of UTC the day before and the day after a day.
  private var day = Double.nan, before = 0, after = 0

  init(_ zone: TimeZone, _ repeatedHour: RepeatedHour) {
    (self.zone, self.repeatedHour) = (zone, repeatedHour)
  }

  enum Failure: Error { case repeated, skipped }

  /// The moment that clocks show `local`, given the moment of the row before.
  func utc(_ local: Double, after last: Double) throws(Failure) -> Double {
    let today = (local / 86_400).rounded(.down)
    if today != day {
      (day, before) = (today, offset(at: (today - 1) * 86_400))
      after = offset(at: (today + 2) * 86_400)
    }
    if before == after { return local - Double(before) }
    let first = local - Double(max(before, after)), second = local - Double(min(before, after))
    switch (offset(at: first) == max(before, after), offset(at: second) == min(before, after)) {
    case (true, false): return first
    case (false, true): return second
    case (false, false): throw .skipped
    case (true, true):
      switch repeatedHour {
      case .raise: throw .repeated
      case .first: return first
      case .second: return second
      case .infer:
        inferred += 1
        return first > last ? first : second
      }
    }
  }

  private func offset(at stamp: Double) -> Int {
    zone.secondsFromGMT(for: Date(timeIntervalSince1970: stamp))
  }
}
