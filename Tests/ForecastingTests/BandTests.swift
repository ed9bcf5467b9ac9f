import Forecasting
import Foundation
import Testing

@Suite struct BandTests {
  /// Bands of 80, 90 and 95 % hold about so many of what comes, over many generated series: walks,
  /// waves with a trend, and short growing ones, whose errors grow with their level.
  @Test(arguments: ["walk", "wave", "growth"])
  func bandsHoldWhatTheySay(kind: String) throws {
    var sums = [Double](repeating: 0, count: 3)
    let noise = noise(40 * 100)
    for series in 0..<40 {
      var level = 0.0
      let values = (0..<100).map { t -> Double in
        let e = noise[series * 100 + t]
        level += e
        switch kind {
        case "walk": return 50 + level
        case "wave": return 10 + 0.1 * Double(t) + 3 * sin(0.5 * Double(t)) + e
        default: return exp(3 + 0.02 * Double(t) + 0.05 * level)
        }
      }
      var forecaster = Forecaster(horizon: 6, season: .none, networks: 0)
      forecaster.only = [LastValue(), Drift(), MeanOfAll(), Theta(), Autoregression(lags: 4)]
      let heldOut = try #require(try forecaster.fitted(to: values).heldOut)
      #expect(heldOut.coverages.map(\.share) == [0.8, 0.9, 0.95])
      for (place, coverage) in heldOut.coverages.enumerated() {
        sums[place] += coverage.measured / 40
      }
    }
    for (measured, share) in zip(sums, [0.8, 0.9, 0.95]) {
      #expect(measured > share - 0.05 && measured < share + 0.13, "\(share): \(measured)")
    }
  }

  /// A band is as wide as it is for what it forecasts: wider farther ahead, and of positive values wider
  /// at a higher level.
  @Test func bandsGrowWithTheHorizonAndTheLevel() throws {
    let noise = noise(200)
    let values = (0..<200).map { exp(3 + 0.01 * Double($0) + 0.1 * noise[$0]) }
    let next = try Forecaster(horizon: 8, season: .none, networks: 0).fitted(to: values).forecast()
    let widths = next.mean.indices.map { log(next.upper[$0] / next.lower[$0]) }
    #expect(zip(widths, widths.dropFirst()).allSatisfy { $0 <= $1 + 1e-12 })
    #expect(next.upper[0] - next.mean[0] > next.mean[0] - next.lower[0])
  }
}
