import Foundation

/// From one label of a date axis to the next.
private enum DateStep {
  case seconds(Double)
  case months(Int)

  /// From the finest to the coarsest, about.
  static let all: [DateStep] =
    (-9 ... -1).flatMap { power in
      [1.0, 2, 5].map { .seconds($0 * pow(10, Double(power))) }
    } + [1, 2, 5, 10, 15, 30].map { .seconds($0) }
    + [1, 2, 5, 10, 15, 30].map { .seconds($0 * 60) }
    + [1, 2, 3, 6, 12].map { .seconds($0 * 3600) } + [1, 2, 7, 14].map { .seconds($0 * 86_400) }
    + [1, 2, 3, 6].map { .months($0) }
    + (0...9).flatMap { power in [1, 2, 5].map { .months($0 * 12 * Int(pow(10.0, Double(power)))) }
    }

  /// In seconds, about.
  var length: Double {
    switch self {
    case .seconds(let seconds): seconds
    case .months(let months): Double(months) * 2_629_746
    }
  }

  /// The decimal places that its seconds need.
  var digits: Int {
    guard length < 1 else { return 0 }
    return (1...9).first { digits in
      let shifted = length * pow(10, Double(digits))
      return abs(shifted - shifted.rounded()) < 1e-6 * shifted
    } ?? 9
  }

  /// The moments from `low` to `high`.
  func places(low: Double, high: Double) -> [Double] {
    switch self {
    case .seconds(let step):
      // Weeks begin on Monday; 1970 began on a Thursday.
      let origin = step.truncatingRemainder(dividingBy: 604_800) == 0 ? 4 * 86_400.0 : 0
      let first = ((low - origin) / step).rounded(.up)
      let last = ((high - origin) / step).rounded(.down)
      guard last >= first, last - first < 1000 else { return [] }
      return stride(from: first, through: last, by: 1).map { origin + $0 * step }
    case .months(let step):
      guard let start = CivilTime(low), CivilTime(high) != nil else { return [] }
      var month = (start.year * 12 + start.month - 1).floorDivided(by: step) * step
      var places: [Double] = []
      while places.count < 1000 {
        let date = CivilTime(
          year: month.floorDivided(by: 12), month: month.modulo(12) + 1, day: 1)
        if date.seconds > high { break }
        if date.seconds >= low { places.append(date.seconds) }
        month += step
      }
      return places
    }
  }

  /// How a moment is labeled at this step.
  func label(_ seconds: Double, format: String?, layout: Layout) -> String? {
    guard let time = CivilTime(seconds, digits: digits) else { return nil }
    if let format { return time.formatted(format) }
    switch self {
    case .months(let months) where months % 12 == 0: return time.yearText
    case .months:
      return layout == .twoLines
        ? "\(time.formatted("%b"))\n\(time.yearText)" : time.monthText
    case .seconds(let step) where step.truncatingRemainder(dividingBy: 86_400) == 0:
      let day = "\(time.month.padded(2))-\(time.day.padded(2))"
      return layout == .twoLines ? "\(day)\n\(time.yearText)" : time.date
    case .seconds(let step):
      let clock = time.clock(seconds: step.truncatingRemainder(dividingBy: 60) != 0)
      switch layout {
      case .time: return clock
      case .oneLine: return "\(time.date) \(clock)"
      case .twoLines: return "\(clock)\n\(time.date)"
      }
    }
  }

  /// The time of day alone, or with its day beside it or below.
  enum Layout { case time, oneLine, twoLines }
}

extension TickLabels {
  /// Labels for moments in seconds since 1970 (UTC), chosen by the span: years, months, days or
  /// times of day, each of which can be told from the others, as many as can be read. nil for
  /// moments too far away to be told.
  ///
  /// - Parameters:
  ///   - format: as for `strftime`, instead.
  ///   - step: so many seconds from one to the next, or a multiple.
  static func dates(
    low: Double, high: Double, format: String?, step: Double? = nil, room: Room
  ) -> TickLabels? {
    guard let first = CivilTime(low), let last = CivilTime(high) else { return nil }
    if low == high {
      return TickLabels(places: [(low, format.map(first.formatted) ?? Self.whole(low))])
    }
    let isOneDay = first.date == last.date
    let steps =
      step.map { step in
        (1...60).map { DateStep.seconds(step * Double($0)) }
          + DateStep.all.filter { $0.length > 60 * step }
      } ?? DateStep.all
    var best = TickLabels(places: [])
    for layout in [isOneDay ? DateStep.Layout.time : .oneLine, .twoLines] {
      for step in steps where (high - low) / step.length <= Double(room.most) + 2 {
        var ticks = TickLabels(
          places: step.places(low: low, high: high).compactMap { place in
            step.label(place, format: format, layout: layout).map { (place, $0) }
          })
        if layout == .time, format == nil, step.length < 86_400, !ticks.places.isEmpty {
          // The day is said once, at the first.
          ticks.places[0].1 += room.isUpright ? " \(first.date)" : "\n\(first.date)"
        }
        if layout == .twoLines { ticks.dropRepeatedLines() }
        if ticks.places.count > best.places.count, ticks.fit(room, low: low, high: high) {
          best = ticks
          break
        }
      }
      if best.places.count >= 3 || format != nil { break }
    }
    if best.places.isEmpty {
      best.places = [(low, format.map(first.formatted) ?? Self.whole(low))]
    }
    return best
  }

  /// Leaves out a second line that says what the one before has said.
  private mutating func dropRepeatedLines() {
    var said = ""
    for index in places.indices {
      let lines = places[index].1.lines
      guard lines.count == 2 else { continue }
      if lines[1] == said { places[index].1 = lines[0] }
      said = lines[1]
    }
  }

  /// A single moment, as exact as it is.
  private static func whole(_ seconds: Double) -> String {
    let time = CivilTime(seconds, digits: 6) ?? CivilTime(year: 1970, month: 1, day: 1)
    if time.fraction != 0 { return "\(time.date)\n\(time.clock(seconds: true))" }
    guard let exact = CivilTime(seconds) else { return time.date }
    if exact.hour == 0 && exact.minute == 0 && exact.second == 0 { return exact.date }
    return "\(exact.date)\n\(exact.clock(seconds: exact.second != 0))"
  }
}
