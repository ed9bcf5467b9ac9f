import Forecasting
import Foundation
import Sequences
import Testing

@Suite struct ExogenousNetworkTests {
  /// Each value is what another series was three rows before.
  private let leading = noise(400)
  private var values: [Double] { (0..<400).map { $0 < 3 ? 0 : 2 * leading[$0 - 3] } }

  private func method(_ exogenous: [[Double]]) -> RecurrentForecast {
    var method = RecurrentForecast(horizon: 3, window: 6, members: 1, steps: 400)
    method.exogenous = exogenous
    return method
  }

  @Test func aNetworkLearnsFromTheOtherSeries() throws {
    let known = Array(values.prefix(380))
    let rolling = RollingOrigin(origins: Array(stride(from: 380, to: 397, by: 3)), horizon: 3)
    let alone = rolling.error(of: rolling.forecasts(of: values, by: method([]))!, values)
    let helped = rolling.error(of: rolling.forecasts(of: values, by: method([leading]))!, values)
    #expect(helped < 0.35 * alone, "\(helped), \(alone)")
    #expect(method([leading]).name == "GRU (1 networks, 6 values, 1 other columns)")
    let short = method([Array(leading.prefix(300))]).fitted(to: known)
    #expect(short == nil)
  }

  /// What the other series does after the last value known, or while it is being learned after that,
  /// changes nothing.
  @Test func nothingIsSeenThatWasNotKnown() throws {
    let known = Array(values.prefix(200))
    var other = leading
    for place in 200..<400 { other[place] = 1000 * Double(place % 7) }
    func next(_ exogenous: [Double], horizon: Int) throws -> [Double] {
      var quick = method([exogenous])
      quick.steps = 20
      return try #require(quick.fitted(to: known)).forecast(after: known, horizon: horizon)
    }
    for horizon in [3, 8] {
      let usual = try next(leading, horizon: horizon)
      let changed = try next(other, horizon: horizon)
      let ended = try next(Array(leading.prefix(200)), horizon: horizon)
      #expect(usual == changed && usual == ended)
    }
  }

  /// It is tried where there are other series; and what was learned goes into a file.
  @Test func itIsTriedBesideTheOthers() throws {
    var forecaster = Forecaster(horizon: 3, season: .none, networks: 1)
    let without = forecaster.candidates(for: values, seasons: []).map(\.name)
    #expect(!without.contains { $0.contains("other columns") })
    forecaster.exogenous = [leading]
    let names = forecaster.candidates(for: values, seasons: []).map(\.name)
    #expect(names.contains { $0.hasPrefix("GRU") && $0.contains("1 other columns") })

    var quick = method([leading])
    quick.steps = 10
    forecaster.only = [quick]
    let model = try forecaster.fitted(to: values)
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID()).safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    try SavedForecast(model, column: "a", clock: nil).write(to: file)
    let back = try SavedForecast(contentsOf: file).model
    #expect(back.forecast() == model.forecast())
    // Rows have come whose other columns are not known: the last ones go on.
    let newer = [1.0, 2, 3]
    let later = back.forecast(after: newer).mean
    #expect(later.allSatisfy { $0.isFinite })
  }
}
