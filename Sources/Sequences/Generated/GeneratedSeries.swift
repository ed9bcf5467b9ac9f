import Arrays
import Foundation

/// Data made up by this library, for whoever has none at hand: the same seed gives the same data on
/// every machine.
public enum Generated {
  /// Hours of a made-up measurement: a daily and a weekly wave about a level that wanders, and
  /// noise.
  ///
  /// - Parameters:
  ///   - hours: how many rows.
  ///   - noise: the standard deviation of each hour's own error.
  ///   - drift: that of the pushes that the level gets; each lasts for hours, as weather does, and
  ///     the level is slowly drawn back to 20.
  ///   - generator: where the noise is drawn from.
  /// - Returns: a series of one column, `value`, from 2024-01-01 on.
  public static func waves(
    hours: Int = 720, noise: Double = 0.3, drift: Double = 0.3, generator: Generator = .default
  ) -> TimeSeries {
    var level = 0.0, change = 0.0
    let values = (0..<hours).map { hour in
      let day = 2 * Double.pi * Double(hour) / 24, week = day / 7
      change = 0.8 * change + drift * generator.normal()
      level = 0.98 * level + change
      return 20 + level + 4 * sin(day - 2) + sin(2 * day) + 2 * sin(week)
        + noise * generator.normal()
    }
    return TimeSeries(
      start: CivilTime(year: 2024).stamp, every: .hours(1), values: values)
  }

  /// Sine waves, one a row, each with its own phase and noise: `[count, steps]`.
  ///
  /// - Parameters:
  ///   - count: rows.
  ///   - steps: numbers in a row.
  ///   - period: steps in a wave.
  ///   - noise: the standard deviation of what is added to each number.
  ///   - dtype: the element type.
  ///   - generator: where phases and noise are drawn from.
  public static func sines(
    count: Int, steps: Int, period: Double = 20, noise: Double = 0, dtype: DType = .float32,
    generator: Generator = .default
  ) -> NDArray {
    var values: [Double] = []
    for _ in 0..<count {
      let phase = 2 * Double.pi * generator.uniform()
      for step in 0..<steps {
        values.append(
          sin(2 * .pi * Double(step) / period + phase) + noise * generator.normal())
      }
    }
    return NDArray(values, shape: [count, steps], dtype: dtype)
  }

  /// A thermometer that reports when it likes and now and then not at all.
  ///
  /// Reports come about every `minutes` minutes, at random moments; a few times it is silent for
  /// hours. What it measures is smooth: a warm and a cold time of day, weather that comes and goes.
  ///
  /// - Returns: the reports, with noise, in a column `temperature` (°C) at irregular stamps; and the
  ///   true temperature at every full hour.
  public static func sensor(
    days: Int = 14, minutes: Double = 20, outages: Int = 5, noise: Double = 0.2,
    generator: Generator = .default
  ) -> (reports: TimeSeries, truth: TimeSeries) {
    guard days > 0, minutes > 0, outages >= 0 else {
      wrongUse("Generated.sensor: \(days) days, a report every \(minutes) min, \(outages) outages")
    }
    let start = CivilTime(year: 2024, month: 3).stamp, length = Double(days) * 86_400
    let phases = (0..<3).map { _ in 2 * Double.pi * generator.uniform() }
    func temperature(_ stamp: Double) -> Double {
      let day = 2 * Double.pi * (stamp - start) / 86_400
      return 9 + 5 * sin(day - 2.1) + 0.8 * sin(2 * day + phases[0])
        + 2.5 * sin(day / 4.3 + phases[1]) + 1.5 * sin(day / 9.1 + phases[2])
    }
    let silent = (0..<outages).map { _ in
      let from = start + length * generator.uniform()
      return from..<from + 3600 * (4 + 8 * generator.uniform())
    }
    var stamps: [Double] = []
    var stamp = start
    while true {
      // Waiting times of a process without memory, never below ten seconds.
      stamp += (10 - 60 * minutes * log(1 - generator.uniform())).rounded()
      guard stamp < start + length else { break }
      if !silent.contains(where: { $0.contains(stamp) }) { stamps.append(stamp) }
    }
    let hours = (0..<days * 24).map { start + Double($0) * 3600 }
    return (
      TimeSeries(
        times: stamps, name: "temperature",
        values: stamps.map { temperature($0) + noise * generator.normal() }),
      TimeSeries(times: hours, name: "temperature", values: hours.map(temperature))
    )
  }

  /// A text written for this library, an English story in plain prose of about 17,000 characters:
  /// enough for a small model of language.
  public static var story: String {
    String(decoding: PackageResources.story_txt, as: UTF8.self)
  }
}
