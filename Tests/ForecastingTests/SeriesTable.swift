import Forecasting
import Foundation
import Sequences
import Testing

/// The table over series by method: `UNROLL_SERIES=<folder of CSV files> swift test … --filter SeriesTable`
/// prints it. The last column of each file is forecast over its usual horizon, and what is held out judges.
@Suite struct SeriesTable {
  private static let environment = ProcessInfo.processInfo.environment

  @Test(.enabled(if: environment["UNROLL_SERIES"] != nil))
  func table() throws {
    let folder = URL(fileURLWithPath: Self.environment["UNROLL_SERIES"]!)
    let networks = Self.environment["UNROLL_SERIES_NETWORKS"].flatMap(Int.init) ?? 3
    var logs: [Double] = [], inside: [Double: [Double]] = [:]
    let families = [
      "same season", "drift", "exponential", "Theta", "ARIMA", "linear autoregression", "GRU",
    ]
    print(
      "| series | values | seasons | ours | \(families.joined(separator: " | ")) | "
        + "inside 80/90/95 % | s |")
    print("|---|" + String(repeating: "--:|", count: families.count + 5))
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    where name.hasSuffix(".csv") {
      let url = folder.appendingPathComponent(name)
      let header = try String(contentsOf: url, encoding: .utf8).prefix { !$0.isNewline }
      let column = String(header.split(separator: ",").last!)
        .trimmingCharacters(in: CharacterSet(charactersIn: " \""))
      let file = try SeriesFile(csv: url, column: column)
      let horizon = file.usualHorizon
      let forecaster = Forecaster(horizon: horizon, networks: networks, step: file.step)
      let start = ContinuousClock.now
      let model = try forecaster.fitted(to: file.values)
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      guard let heldOut = model.heldOut else { continue }
      let rolling = RollingOrigin(origins: heldOut.origins, horizon: horizon)
      let naive = rolling.error(
        of: rolling.forecasts(of: file.values, by: SeasonalNaive(season: usualSeason(file)))!,
        file.values)
      logs.append(log(heldOut.error / naive))
      for coverage in heldOut.coverages {
        inside[coverage.share, default: []].append(coverage.measured)
      }
      func cell(_ value: Double?) -> String {
        value.map { String(format: "%.2f", $0 / naive) } ?? "–"
      }
      let best = families.map { family in
        cell(heldOut.rivals.first { $0.name.contains(family) }?.error)
      }
      let covered = heldOut.coverages.map { "\(Int((100 * $0.measured).rounded()))" }
      print(
        "| \(name.dropLast(4)) | \(file.values.count) | "
          + "\(model.seasons.map(String.init).joined(separator: ", ")) | \(cell(heldOut.error)) | "
          + "\(best.joined(separator: " | ")) | \(covered.joined(separator: "/")) | "
          + "\(Int(seconds.rounded())) |")
      if Self.environment["UNROLL_SERIES_MEMBERS"] != nil {
        for rival in heldOut.rivals {
          print(
            "    \(rival.name): \(cell(rival.validationError)) \(cell(rival.error)) "
              + "\(Int(100 * rival.weight))")
        }
      }
    }
    let mean = exp(logs.reduce(0, +) / Double(logs.count))
    print("geometric mean \(String(format: "%.3f", mean)), largest \(exp(logs.max() ?? 0))")
    for (share, measured) in inside.sorted(by: { $0.key < $1.key }) {
      print("inside \(share): \(measured.reduce(0, +) / Double(measured.count))")
    }
  }

  /// The seasons whose last value is the seasonal naive forecast.
  private func usualSeason(_ file: SeriesFile) -> Int {
    guard let step = file.step else { return 1 }
    switch step.after(0) / 86_400 {
    case 300...: return 1
    case 80...: return 4
    case 25...: return 12
    case 6...: return 1
    case 0.9...: return 7
    case let days: return max(1, Int((1 / days).rounded()))
    }
  }
}
