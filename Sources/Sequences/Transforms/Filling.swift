import Arrays

/// What to put in place of a missing number.
public enum Filling: Sendable, Equatable {
  /// On the straight line between the neighbors, by time.
  case linear
  /// The number before; carries the last one on behind the end.
  case previous
  /// The number after; carries the first one back before the beginning.
  case next
  /// The neighbor nearer in time; of two equally near, the earlier.
  case nearest
  /// On a cubic spline through all known numbers, by time, with not-a-knot ends: smooth, and apt to
  /// overshoot in wide gaps.
  case spline
  /// Linear after the mean course of a season of so many rows is taken out, which is put back
  /// afterward. For series on a regular grid.
  case seasonal(period: Int)
}

extension TimeSeries {
  /// The series with its missing numbers filled in, column by column.
  ///
  /// Only what lies between two known numbers is filled, but by `.previous` and `.next`. With
  /// `limit`, gaps of more rows than that stay as they are: what was not measured for a week is
  /// better left unknown.
  public func filled(_ method: Filling, limit: Int? = nil) -> TimeSeries {
    mapColumns { column in
      let known = column.indices.filter { !column[$0].isNaN }
      guard !known.isEmpty, known.count < column.count else { return column }
      var result = column
      let fill = filler(method, column, known)
      for (first, last) in zip([-1] + known, known + [count]) where last - first > 1 {
        if let limit, last - first - 1 > limit { continue }
        for row in first + 1..<last {
          result[row] = fill(row, first, last)
        }
      }
      return result
    }
  }

  /// A function of a missing row and of the known rows before and after it; −1 and the number of
  /// rows stand for no such row.
  private func filler(
    _ method: Filling, _ column: [Double], _ known: [Int]
  ) -> (Int, Int, Int) -> Double {
    func isInside(_ before: Int, _ after: Int) -> Bool { before >= 0 && after < count }
    func line(_ values: [Double], _ row: Int, _ before: Int, _ after: Int) -> Double {
      let share = (times[row] - times[before]) / (times[after] - times[before])
      return values[before] + share * (values[after] - values[before])
    }
    switch method {
    case .linear:
      return { row, before, after in
        isInside(before, after) ? line(column, row, before, after) : .nan
      }
    case .previous: return { _, before, _ in before >= 0 ? column[before] : .nan }
    case .next: return { _, _, after in after < count ? column[after] : .nan }
    case .nearest:
      let slack = slack()
      return { row, before, after in
        guard isInside(before, after) else { return .nan }
        let earlier = times[row] - times[before] <= times[after] - times[row] + slack
        return column[earlier ? before : after]
      }
    case .spline:
      let spline = CubicSpline(known.map { times[$0] }, known.map { column[$0] })
      return { row, before, after in isInside(before, after) ? spline(times[row]) : .nan }
    case .seasonal(let period):
      let course = seasonalCourse(column, period: period)
      let rest = column.indices.map { column[$0] - course[$0 % period] }
      return { row, before, after in
        isInside(before, after)
          ? line(rest, row, before, after) + course[row % period] : .nan
      }
    }
  }
}

/// How far each place of a season lies above the column's mean, on average; 0 where nothing is
/// known of a place.
private func seasonalCourse(_ column: [Double], period: Int) -> [Double] {
  guard period > 0 else { wrongUse("filled: a season of \(period) rows") }
  let mean = Aggregation.mean(column)
  return (0..<period).map { place in
    let value = Aggregation.mean(
      stride(from: place, to: column.count, by: period).map { column[$0] })
    return value.isNaN ? 0 : value - mean
  }
}
