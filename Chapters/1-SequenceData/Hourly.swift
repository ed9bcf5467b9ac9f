import Foundation
import UnrollChapter

/// The chapter's series: made up, or out of the Beijing file when there is a folder with it.
package struct Hourly {
  /// 720 hours without a gap, and what their numbers are.
  package let series: TimeSeries
  let unit: String
  /// The series and others of its kind and length: made up from the seeds that follow, or the months that
  /// follow as far as the file has them.
  package let stretches: [TimeSeries]
  /// Reports at irregular times, and what was truly there at every full hour: another series.
  package let reports, truth: TimeSeries
  package let source, reportsSource: String

  package init(_ data: URL?, seed: UInt64) throws {
    let generator = Generator(seed: seed)
    let folder = DataFolder(data)
    if let folder, folder.sets.isEmpty {
      throw DatasetError(
        file: folder.url.path, problem: "no data set is in this folder; is it the right one?")
    }
    guard let folder, folder.has(.beijingAir) else {
      series = Generated.waves(generator: generator)
      stretches =
        [series] + (1..<5).map { Generated.waves(generator: Generator(seed: seed &+ $0)) }
      (reports, truth) = Generated.sensor(generator: generator)
      let absence = folder.map { "; there is no Beijing file in \($0.url.path)" } ?? ""
      (unit, source) = ("value", "made up by `Generated`" + absence)
      reportsSource = "another series, a made-up thermometer"
      return
    }
    let air = try folder.beijingAir(columns: ["pm2.5", "TEMP"])
    func hours(_ count: Int, from start: CivilTime, of series: TimeSeries) throws -> TimeSeries {
      let first = series.times.firstIndex { $0 >= start.stamp } ?? series.count
      guard first + count <= series.count else {
        throw DatasetError(
          file: folder.url.appendingPathComponent("pollution.csv").path,
          problem: "there are no \(count) hours from \(start) on in \(series)")
      }
      return series[first..<first + count]
    }
    // Thirty days of autumn 2013, and two weeks of spring whose temperature is kept now and then.
    let dust = air.selecting(["pm2.5"]).filled(.linear)
    let autumn = try hours(720, from: CivilTime(year: 2013, month: 10), of: dust)
    series = TimeSeries(times: autumn.times, values: autumn["pm2.5"])
    let first = dust.times.firstIndex { $0 >= autumn.times[0] }!
    stretches = stride(from: first, through: dust.count - 720, by: 720).prefix(5).map { row in
      TimeSeries(
        times: Array(dust.times[row..<row + 720]), values: Array(dust["pm2.5"][row..<row + 720]))
    }
    let spring = try hours(14 * 24, from: CivilTime(year: 2013, month: 4), of: air)
    truth = TimeSeries(times: spring.times, name: "temperature", values: spring["TEMP"])
    reports = Self.thinned(truth, generator)
    (unit, source) = ("PM2.5 in µg/m³", "Beijing, hourly, UCI no. 381")
    reportsSource =
      "another series, the temperature of April 2013, of which some hours are left out"
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
