import Foundation

/// The places of an axis that carry a label, and the labels.
struct TickLabels {
  var places: [(Double, String)]

  /// Where labels stand and how much room they have.
  struct Room {
    /// The length of the axis in pixels.
    var length: Double
    /// The size of the labels in points.
    var points: Double
    /// Labels stand above each other, not side by side.
    var isUpright: Bool
    /// No more than these, however much room there is.
    var most = 12

    /// The pixels from the middle of a label to its edge, along the axis.
    func half(_ label: String) -> Double {
      isUpright
        ? Double(label.lines.count) * points * 96 / 72 * 0.6 : label.pixels(at: points) / 2
    }

    /// What must be free between two labels.
    var gap: Double { isUpright ? points * 0.5 : points * 1.2 }
  }

  /// Whether all can be read between `low` and `high`: none repeated, none touching the next.
  func fit(_ room: Room, low: Double, high: Double) -> Bool {
    if places.count > room.most { return false }
    // What the last label hangs over the end, the plot is shorter.
    var length = room.length
    if !room.isUpright, let last = places.last {
      length -= Swift.max(0, room.half(last.1) - (high - last.0) / (high - low) * length)
    }
    let scale = length / (high - low)
    return zip(places, places.dropFirst()).allSatisfy { first, second in
      first.1 != second.1
        && (second.0 - first.0) * scale >= room.half(first.1) + room.half(second.1) + room.gap
    }
  }
}

extension TickLabels {
  /// Labels for numbers that differ only far behind their first digit, of which gnuplot would print
  /// six: each is written out.
  static func numbers(low: Double, high: Double, step fixed: Double? = nil, room: Room)
    -> TickLabels
  {
    // Not so fine that the distances between the numbers themselves are seen.
    let finest = Swift.max(abs(low), abs(high)).ulp * 4
    var step = Swift.max((high / 100 - low / 100), finest)
    if let fixed {
      step = fixed
    } else {
      step = Self.rounded(step)
    }
    for multiple in 1...60 {
      if step >= finest, let ticks = numbers(low: low, high: high, every: step),
        ticks.fit(room, low: low, high: high)
      {
        return ticks
      }
      step = fixed.map { $0 * Double(multiple + 1) } ?? Self.rounded(step * 1.01)
      if step > 2 * (high - low) { break }
    }
    return TickLabels(places: [(low, low.written(digits: 17))])
  }

  private static func numbers(low: Double, high: Double, every step: Double) -> TickLabels? {
    let (first, last) = ((low / step).rounded(.up), (high / step).rounded(.down))
    guard last - first < 200, last >= first else { return nil }
    let digits = Int(log10(step * 1.0001).rounded(.down))
    let top = Int(log10(Swift.max(abs(low), abs(high))).rounded(.down))
    return TickLabels(
      places: stride(from: 0, through: last - first, by: 1).map { count in
        let value = (first + count) * step
        let text =
          top < 17 && top > -5
          ? value.formatted("%.\(Swift.max(0, -digits))f")
          : value.formatted("%.\(Swift.min(17, Swift.max(0, top - digits)))e")
        return (value, text)
      })
  }

  /// The next of 1, 2 and 5 times a power of ten.
  static func rounded(_ step: Double) -> Double {
    let power = pow(10, log10(step).rounded(.down))
    return [1, 2, 5, 10].map { $0 * power }.first { $0 >= step * 0.999999 } ?? 10 * power
  }
}

extension Double {
  fileprivate func written(digits: Int) -> String {
    abs(self) < 1e17 && abs(self) >= 1e-4 ? text : formatted("%.\(digits)g")
  }
}
