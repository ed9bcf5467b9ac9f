import Foundation
import Unroll

/// The chapter's series: made up, or out of the Beijing file when there is a folder with it.
struct Hourly {
  /// 720 hours without a gap, and what their numbers are.
  let series: TimeSeries
  let unit: String
  /// Reports at irregular times, and what was truly there at every full hour.
  let reports, truth: TimeSeries
  let source: String

  init(_ data: URL?, seed: UInt64) throws {
    let generator = Generator(seed: seed)
    guard let folder = DataFolder(data), folder.has(.beijingAir) else {
      series = Generated.waves(generator: generator)
      (reports, truth) = Generated.sensor(generator: generator)
      (unit, source) = ("value", "made up by `Generated`")
      return
    }
    let air = try folder.beijingAir(columns: ["pm2.5", "TEMP"])
    // Thirty days of autumn 2013, and two weeks of spring whose temperature is kept now and then.
    let autumn = air.selecting(["pm2.5"]).filled(.linear)
    let start = autumn.times.firstIndex { $0 >= CivilTime(year: 2013, month: 10).stamp }!
    series = TimeSeries(
      times: Array(autumn.times[start..<start + 720]),
      values: Array(autumn["pm2.5"][start..<start + 720]))
    let spring = air.times.firstIndex { $0 >= CivilTime(year: 2013, month: 4).stamp }!
    let hours = air[spring..<spring + 14 * 24]
    truth = TimeSeries(times: hours.times, name: "temperature", values: hours["TEMP"])
    reports = Self.thinned(truth, generator)
    (unit, source) = ("PM2.5 in µg/m³", "Beijing, hourly, UCI no. 381")
  }

  /// Most rows of a series, without those of a few outages.
  private static func thinned(_ series: TimeSeries, _ generator: Generator) -> TimeSeries {
    let outages = (0..<5).map { _ in
      let start = Int(generator.uniform() * Double(series.count))
      return start..<start + 4 + Int(generator.uniform() * 8)
    }
    let kept = series.times.indices.map { row in
      generator.uniform() < 0.85 && !outages.contains { $0.contains(row) }
    }
    return series.setting(
      "temperature",
      to: zip(series["temperature"], kept).map { $1 ? $0 : .nan }
    ).droppingMissing()
  }
}
