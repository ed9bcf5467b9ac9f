import Foundation
import Sequences
import Testing

/// Stamps of today are multiples of 2.4e-7 s: what lies on a grid does so up to that.
struct StampTests {
  static let starts = [0, 1_700_000_000, 1_789_000_123.4, -2_208_988_800, 253_000_000_000]
  static let steps = [0.1, 0.001, 0.05, 1.0 / 3, 0.25, 1 / 44.1, 1.5, 60, 3600, 2.2]

  @Test(arguments: starts, steps) func `a regular step is found`(start: Double, step: Double) throws
  {
    let series = TimeSeries(start: start, every: .seconds(step), values: draw(1000, seed: 1))
    // At far dates the stamps know a step of a millisecond only roughly.
    let known = try #require(series.regularStep)
    #expect(abs(known - step) <= 4 * max(abs(start), 1000 * step).ulp / 999)
    if [0.1, 0.001, 0.05, 0.25, 1.5, 60, 3600].contains(step) { #expect(known == step) }
    // A row less, and it is none.
    #expect(
      TimeSeries(
        times: series.times.enumerated().filter { $0.offset != 500 }.map(\.element),
        values: draw(999, seed: 1)
      ).regularStep == nil)
  }

  @Test func `a step that is not regular`() {
    #expect(TimeSeries(times: [0, 1, 2.001], values: [1, 2, 3]).regularStep == nil)
    let today = [0, 0.1, 0.2001, 0.3].map { 1.7e9 + $0 }
    #expect(TimeSeries(times: today, values: [1, 2, 3, 4]).regularStep == nil)
  }

  /// Every row falls into its own step, and windows have as many rows as their span has steps.
  @Test(arguments: starts, [0.1, 0.05, 0.25, 1.5])
  func `steps, spans and neighbors on a grid`(start: Double, step: Double) {
    let values = draw(600, seed: 2)
    let series = TimeSeries(start: start, every: .seconds(step), values: values)
    // A grid counts from midnight, and so only some series lie on it.
    if (start / step).rounded() * step == start || step == 0.1 {
      let same = series.resampled(every: .seconds(step))
      #expect(same["value"] == values)
      let tens = series.resampled(every: .seconds(10 * step), by: .count)["value"]
      #expect(tens.dropFirst().dropLast().allSatisfy { $0 == 10 } && tens.reduce(0, +) == 600)
    }
    let lengths = series.timeWindows(span: .seconds(7 * step)).lengths
    #expect(lengths == (0..<600).map { min($0 + 1, 7) })
    #expect(
      series.rolling(over: .seconds(7 * step), by: .count)["value"] == lengths.map(Double.init))
    let steps = series.timeWindows(span: .seconds(7 * step), every: .seconds(5 * step)).rows
    #expect(steps == (0..<(599 - 7) / 5 + 1).map { 5 * $0..<5 * $0 + 7 })
    // Of two neighbors equally near, the earlier.
    var gaps = values
    for row in stride(from: 1, to: 599, by: 2) { gaps[row] = .nan }
    let filled = series.setting("value", to: gaps).filled(.nearest)["value"]
    #expect((0..<598).allSatisfy { filled[$0] == values[$0 / 2 * 2] })
  }

  /// pandas 3: `Series.rolling(…).count()`.
  @Test func `a count counts what is there`() {
    let nan = Double.nan
    let series = TimeSeries(every: .seconds(1), values: [1, nan, 3, nan, nan, nan, 7, 8])
    func count(_ window: Int, _ minimum: Int? = nil, centered: Bool = false) -> [Double] {
      series.rolling(window, by: .count, minimum: minimum, centered: centered)["value"]
    }
    #expect(close(count(3), [nan, nan, 2, 1, 1, 0, 1, 2]))
    #expect(close(count(3, 2), [nan, 1, 2, 1, 1, 0, 1, 2]))
    #expect(close(count(3, 0), [1, 1, 2, 1, 1, 0, 1, 2]))
    #expect(close(count(3, centered: true), [nan, 2, 1, 1, 0, 1, 2, nan]))
    #expect(
      close(
        series.rolling(over: .seconds(3), by: .count)["value"], [1, 1, 2, 1, 1, 0, 1, 2]))
    // Other aggregations ask for numbers.
    #expect(close(series.rolling(3, by: .sum)["value"], Array(repeating: nan, count: 8)))
  }
}
