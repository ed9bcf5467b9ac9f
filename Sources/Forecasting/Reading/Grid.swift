import Foundation
import Sequences

/// A series put on the regular grid that its stamps lie on, with what is missing there as NaN.
struct Grid {
  let columns: [[Double]]
  /// nil for rows without times.
  let clock: SeriesClock?
  private(set) var notes: [String] = []

  /// Rows without times.
  init(rows series: TimeSeries) {
    (columns, clock) = (series.columns, nil)
  }

  init(_ series: TimeSeries, file: URL) throws {
    let stamps = series.times
    guard stamps.count > 1 else {
      (columns, clock) = (series.columns, nil)
      return
    }
    let gaps = zip(stamps.dropFirst(), stamps).map(-)
    let middle = gaps.sorted()[gaps.count / 2], days = middle / 86_400
    let hasWeekends = stamps.contains(where: SeriesClock.isWeekend)
    if abs(days - 1) < 0.01, !hasWeekends, stamps.count > 10 {
      // Working days: a row for each, holidays missing.
      var all: [Double] = [], day = stamps[0]
      while day <= stamps[stamps.count - 1] + 1 {
        if !SeriesClock.isWeekend(day) { all.append(day) }
        day += 86_400
      }
      let places = Dictionary(
        zip(all.map { ($0 / 86_400).rounded(.down) }, all.indices), uniquingKeysWith: { a, _ in a })
      columns = series.columns.map { column in
        var result = [Double](repeating: .nan, count: all.count)
        for (row, stamp) in stamps.enumerated() {
          if let place = places[(stamp / 86_400).rounded(.down)] { result[place] = column[row] }
        }
        return result
      }
      clock = SeriesClock(start: stamps[0], step: .days(1), skipsWeekends: true)
      notes.append("working days: Saturdays and Sundays are left out")
      return
    }
    let step: TimeStep
    switch days {
    case 27.5...31.5: step = .months(1)
    case 58.5...62.5: step = .months(2)
    case 89...92.5: step = .months(3)
    case 180.5...184.5: step = .months(6)
    case 364.5...366.5: step = .years(1)
    default: step = .seconds(middle)
    }
    // Which step of the grid each stamp is nearest to.
    // Months differ in length: over a hundred years a step has its mean.
    let mean = (step.after(stamps[0], count: 1200) - stamps[0]) / 1200
    func place(_ stamp: Double) -> Int {
      let guess = Int(((stamp - stamps[0]) / mean).rounded())
      return (max(0, guess - 1)...guess + 1).min {
        abs(step.after(stamps[0], count: $0) - stamp)
          < abs(step.after(stamps[0], count: $1) - stamp)
      }!
    }
    let places = stamps.map(place)
    let count = places[places.count - 1] + 1
    guard count <= 20 * stamps.count + 1000 else {
      throw CSVError(
        file: file.lastPathComponent,
        problem: "\(stamps.count) rows lie so unevenly in time that no step fits them")
    }
    let shifted = zip(stamps, places).count {
      abs(step.after(stamps[0], count: $1) - $0) > 0.05 * middle
    }
    columns = series.columns.map { column in
      var sums = [Double](repeating: 0, count: count), counts = sums
      for (row, place) in places.enumerated() where !column[row].isNaN {
        sums[place] += column[row]
        counts[place] += 1
      }
      return zip(sums, counts).map { $1 > 0 ? $0 / $1 : .nan }
    }
    clock = SeriesClock(start: stamps[0], step: step)
    notes.append("a row every \(step)")
    if shifted > 0 {
      notes.append("\(shifted) rows lie off this grid and count for its nearest step")
    }
  }

  /// How much the steps between stamps differ, in relation to the middle one.
  static func unevenness(_ stamps: [Double]) -> Double {
    let gaps = zip(stamps.dropFirst(), stamps).map(-)
    guard !gaps.isEmpty else { return 0 }
    let middle = gaps.sorted()[gaps.count / 2]
    return mean(gaps.map { abs($0 - middle) / middle })
  }
}

/// A column with its gaps filled.
struct Filled {
  let values: [Double]

  init(
    _ column: [Double], name: String, file: String, step: TimeStep?, notes: inout [String]
  ) throws {
    let known = column.filter { !$0.isNaN }
    guard !known.isEmpty else { throw SeriesFileError.allMissing(file: file, column: name) }
    let first = column.firstIndex { !$0.isNaN }!, last = column.lastIndex { !$0.isNaN }!
    let missing = column[first...last].count(where: \.isNaN)
    guard missing > 0 else {
      values = column
      return
    }
    var longest = 0, run = 0
    for value in column[first...last] {
      run = value.isNaN ? run + 1 : 0
      longest = max(longest, run)
    }
    let series = TimeSeries(every: .days(1), values: column)
    let straight = series.filled(.linear)
    let season = SeasonDetection.seasons(
      of: Array(straight.columns[0][first...last]),
      candidates: step.map(SeasonDetection.candidates)
    ).first
    let way: Filling = season.map { .seasonal(period: $0) } ?? .linear
    values = series.filled(way).columns[0]
    notes.append(
      "\(missing) values of '\(name)' are missing, at most \(longest) in a row: filled in on a "
        + "straight line" + (season.map { " beside the season of \($0) rows" } ?? ""))
  }
}
