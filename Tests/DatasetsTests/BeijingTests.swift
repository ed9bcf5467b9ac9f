import Foundation
import Datasets
import Sequences
import Testing

struct BeijingTests {
  @Test(.needsRealData) func `43,824 hours without a gap in the stamps`() throws {
    let series = try TimeSeries(
      csv: realData!.appendingPathComponent("pollution.csv"),
      time: .parts(year: "year", month: "month", day: "day", hour: "hour"),
      columns: ["pm2.5", "DEWP", "TEMP", "PRES", "Iws", "Is", "Ir"])
    #expect(series.count == 43_824 && series.regularStep == 3600)
    #expect(series["pm2.5"].count { $0.isNaN } == 2_067)
    #expect(series["pm2.5"].last == 12 && series["PRES"].last == 1034)
    let wind = try DataFolder(realData!).beijingAir(columns: ["TEMP"], categories: ["cbwd"])
    #expect(wind.names == ["TEMP", "cbwd"] && wind.missingCount == 0)
    #expect(wind.categories == ["cbwd": ["NW", "cv", "NE", "SE"]])
    // As pandas counts them.
    let counts = (0..<4).map { code in wind["cbwd"].count { $0 == Double(code) } }
    #expect(counts == [14_150, 9_387, 4_997, 15_290])
    // Read as a number, the wind's direction is an error.
    let error = #expect(throws: CSVError.self) {
      try TimeSeries(
        csv: realData!.appendingPathComponent("pollution.csv"), time: .rows(every: .hours(1)))
    }
    #expect(error?.description == "pollution.csv:2: column \"cbwd\": \"NW\" is no number")
  }
}
