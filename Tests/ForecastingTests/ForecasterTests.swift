import Arrays
import Forecasting
import Foundation
import NN
import Sequences
import Testing

let airline = AirlinePassengers.series["passengers"]

@Suite struct ForecasterTests {
  private let quick = Forecaster(horizon: 12, networks: 0)

  @Test func passengersAreForecastBetterThanByTheSameMonthLastYear() throws {
    let known = Array(airline.dropLast(12))
    let model = try Forecaster(horizon: 12, networks: 1).fitted(to: known)
    #expect(model.seasons == [12])
    let next = model.forecast()
    func error(_ forecast: [Double]) -> Double {
      zip(forecast, airline.suffix(12)).reduce(0) { $0 + abs($1.0 - $1.1) } / 12
    }
    #expect(error(next.mean) < 0.5 * error(Array(known.suffix(12))))
    for step in 0..<12 {
      #expect(next.lower[step] < next.mean[step] && next.mean[step] < next.upper[step])
    }
    #expect(abs(model.members.reduce(0) { $0 + $1.weight } - 1) < 1e-12)
    let heldOut = try #require(model.heldOut)
    #expect(heldOut.origins == [108, 120])
    #expect(heldOut.rivals.contains { $0.name == "same season last time (12)" })
    #expect(heldOut.rivals.contains { $0.name.contains("GRU") })
    #expect((0.3...1).contains(heldOut.coverage))
  }

  /// The choice must not see what is held out: other values there, the same choice.
  @Test func whatIsHeldOutIsNotSeen() throws {
    var other = airline
    for place in 108..<144 { other[place] = 1000 + Double(place % 7) * 300 }
    let one = try quick.fitted(to: airline), two = try quick.fitted(to: other)
    #expect(one.heldOut?.origins == [108, 120, 132])
    #expect(one.members.map(\.name) == two.members.map(\.name))
    #expect(one.members.map(\.weight) == two.members.map(\.weight))
    #expect(one.heldOut?.forecasts.first == two.heldOut?.forecasts.first)
  }

  @Test func theSameSeedGivesTheSameForecast() throws {
    let forecaster = Forecaster(horizon: 6, networks: 1)
    let values = Array(airline.prefix(96))
    #expect(
      try forecaster.fitted(to: values).forecast() == forecaster.fitted(to: values).forecast())
  }

  @Test func aRandomWalkIsLeftToTheLastValue() throws {
    var walk = [100.0]
    for step in noise(400) { walk.append(walk.last! + step) }
    let model = try Forecaster(horizon: 5, networks: 0).fitted(to: walk)
    let next = model.forecast().mean
    #expect(next.allSatisfy { abs($0 - walk.last!) < 3 }, "\(next), \(walk.last!)")
  }

  @Test func aMethodOfOnesOwnIsTried() throws {
    struct Oracle: ForecastMethod {
      let name = "oracle"
      func fitted(to values: [Double]) -> (any FittedForecast)? { Known() }
      struct Known: FittedForecast {
        func forecast(after history: [Double], horizon: Int) -> [Double] {
          (0..<horizon).map { ForecasterTests.chaos(history.count + $0) }
        }
      }
    }
    var forecaster = Forecaster(horizon: 4, networks: 0)
    forecaster.own = [Oracle()]
    let model = try forecaster.fitted(to: (0..<80).map(Self.chaos))
    #expect(model.members.map(\.name) == ["oracle"])
    #expect(model.forecast().mean == (80..<84).map(Self.chaos))
  }

  private static func chaos(_ place: Int) -> Double {
    Double((place &* 7919 &+ place &* place &* 104_729) % 1009)
  }

  @Test(arguments: [
    ([Double](repeating: 1, count: 9), 5, "9 values are too few for a horizon of 5"),
    ([Double](repeating: 5, count: 40), 4, "all values are 5.0"),
    ([1, 2, .nan, 4, 5, 6, 7, 8, 9], 2, "value 3 is missing or infinite"),
    ([1, 2, 3, 4, 5, 6, 7, 8, 9], 0, "a horizon of 0"),
  ])
  func whatCannotBeForecastIsSaid(values: [Double], horizon: Int, text: String) {
    let error = #expect(throws: ForecastError.self) {
      try Forecaster(horizon: horizon).fitted(to: values)
    }
    #expect("\(error!)".contains(text), "\(error!)")
  }

  @Test func longSeriesAndLongHorizons() throws {
    let values = zip(0..<3000, noise(3000)).map { 10 * sin(2 * .pi * Double($0) / 24) + $1 }
    let model = try Forecaster(horizon: 48, networks: 0).fitted(to: values)
    #expect(model.seasons == [24])
    let next = model.forecast(horizon: 200)
    #expect(next.mean.count == 200)
    for (step, value) in next.mean.enumerated() {
      #expect(abs(value - 10 * sin(2 * .pi * Double(step) / 24)) < 3)
    }
  }
}

@Suite struct SavedForecastTests {
  private func scratch(_ work: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("unroll-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try work(folder)
  }

  /// Every kind of method goes into a file and comes back to the bit.
  @Test func everyKindComesBack() throws {
    let methods: [any ForecastMethod] = [
      LastValue(), SeasonalNaive(season: 12), Drift(), MeanOfAll(),
      ExponentialSmoothing(season: 12), Theta(), ARIMA(season: 12, order: 1, seasonalOrder: 1),
      Autoregression(order: 1), Decomposed(seasons: [12], Theta()),
      Transformed(.log, Autoregression()), DirectRegression(horizon: 6, lags: 3),
      RecurrentForecast(horizon: 6, window: 12, members: 2, steps: 5),
    ]
    try scratch { folder in
      for method in methods {
        var forecaster = Forecaster(horizon: 6, networks: 0)
        forecaster.only = [method]
        let model = try forecaster.fitted(to: airline)
        let file = folder.appendingPathComponent("model.safetensors")
        let clock = SeriesClock(start: -662_688_000, step: .months(1))
        try SavedForecast(model, column: "passengers", clock: clock).write(to: file)
        let back = try SavedForecast(contentsOf: file)
        #expect(back.column == "passengers" && back.clock == clock)
        #expect(back.model.forecast() == model.forecast(), "\(method.name)")
      }
    }
  }

  @Test func otherAndDamagedFilesAreRefused() throws {
    try scratch { folder in
      let file = folder.appendingPathComponent("model.safetensors")
      func refusal() -> String {
        do {
          _ = try SavedForecast(contentsOf: file)
          return ""
        } catch { return "\(error)" }
      }
      try Linear(2, 3).save(to: file)
      #expect(refusal().contains("but no unroll.forecast"))
      try Safetensors([:], metadata: ["kind": "unroll.text", "model": "{}"]).write(to: file)
      #expect(refusal().contains("unroll.text"))

      var forecaster = Forecaster(horizon: 6)
      forecaster.only = [RecurrentForecast(horizon: 6, window: 12, members: 1, steps: 2)]
      let model = try forecaster.fitted(to: airline)
      try SavedForecast(model, column: "a", clock: nil).write(to: file)
      let whole = try Data(contentsOf: file)
      #expect(refusal() == "")
      try whole.prefix(whole.count - 7).write(to: file)
      #expect(refusal() != "")
      // A hidden size that is not the tensors', a horizon that is none, a missing tensor.
      let saved = try Safetensors(
        contentsOf: {
          try whole.write(to: file)
          return file
        }())
      let text = try #require(saved.metadata["model"])
      for (from, to) in [
        (#""hiddenSize":24"#, #""hiddenSize":25"#),
        (#""hiddenSize":24"#, #""hiddenSize":99999999"#),
        (#""horizon":6"#, #""horizon":-6"#), ("0.gru.bias_hh_l0", "9.gru.bias_hh_l0"),
        (#""window":12"#, #""window":0"#),
      ] {
        #expect(text.contains(from))
        try Safetensors(
          saved.arrays,
          metadata: [
            "kind": "unroll.forecast", "version": "1", "model": text.replacing(from, with: to),
          ]
        ).write(to: file)
        #expect(refusal().contains("damaged"), "\(to): \(refusal())")
      }
    }
  }
}
