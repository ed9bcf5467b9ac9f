import Forecasting
import Foundation
import Sequences
import Testing

@Suite struct SeasonTests {
  @Test func aDecompositionAddsUp() {
    let values = (0..<200).map { 0.1 * Double($0) + 5 * sin(2 * .pi * Double($0) / 12) }
    let parts = Decomposition(values, seasons: [12])
    for t in values.indices {
      let sum = parts.trend[t] + parts.seasonal[0][t] + parts.remainder[t]
      #expect(abs(sum - values[t]) < 1e-12)
    }
    #expect(parts.strength(of: 0) > 0.999)
    for (step, value) in parts.seasonalForecast(30).enumerated() {
      #expect(abs(value - 5 * sin(2 * .pi * Double(200 + step) / 12)) < 0.15)
    }
  }

  @Test func twoSeasonsComeApart() {
    func day(_ t: Int) -> Double { 3 * sin(2 * .pi * Double(t) / 24) }
    func week(_ t: Int) -> Double { t / 24 % 7 < 5 ? 2 : -5 }
    let values = (0..<24 * 7 * 8).map { 50 + day($0) + week($0) }
    let parts = Decomposition(values, seasons: [24, 168])
    let error =
      values.indices.map {
        abs(parts.seasonal[0][$0] + parts.seasonal[1][$0] - day($0) - week($0))
      }.reduce(0, +) / Double(values.count)
    #expect(error < 0.3, "\(error)")
  }

  @Test func seasonsAreFound() {
    func seasonal(_ count: Int, _ course: (Int) -> Double) -> [Double] {
      zip(0..<count, noise(count)).map { course($0) + 0.3 * $1 }
    }
    let monthly = seasonal(120) { 5 * sin(2 * .pi * Double($0) / 12) + 0.1 * Double($0) }
    #expect(SeasonDetection.seasons(of: monthly) == [12])
    let hourly = seasonal(24 * 7 * 6) {
      4 * sin(2 * .pi * Double($0) / 24) + ($0 / 24 % 7 < 5 ? 3 : -3)
    }
    #expect(SeasonDetection.seasons(of: hourly) == [24, 168])
    let candidates = SeasonDetection.candidates(every: .hours(1))
    #expect(SeasonDetection.seasons(of: hourly, candidates: candidates) == [24, 168])
    #expect(SeasonDetection.seasons(of: noise(300)).isEmpty)
    var walk = [0.0]
    for step in noise(300) { walk.append(walk.last! + step) }
    #expect(SeasonDetection.seasons(of: walk).isEmpty)
    #expect(SeasonDetection.seasons(of: [Double](repeating: 1, count: 50)).isEmpty)
    #expect(SeasonDetection.seasons(of: []).isEmpty)
  }

  @Test func aStepOfTimeTellsWhatIsLikely() {
    #expect(SeasonDetection.candidates(every: .months(1)) == [12])
    #expect(SeasonDetection.candidates(every: .months(3)) == [4])
    #expect(SeasonDetection.candidates(every: .days(1)) == [7, 365])
    #expect(SeasonDetection.candidates(every: .minutes(30)) == [2, 48, 336])
    #expect(SeasonDetection.candidates(every: .weeks(1)) == [52])
    #expect(SeasonDetection.candidates(every: .years(1)).isEmpty)
  }
}
