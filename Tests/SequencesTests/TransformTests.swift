import Arrays
import Foundation
import Sequences
import Testing

struct ResamplingTests {
  @Test func `every number lands in its own bin, and none is lost`() {
    let generator = Generator(seed: 3)
    var time = 1e9
    let times = (0..<500).map { _ in
      time += 1 + (generator.uniform() * 5000).rounded()
      return time
    }
    let series = TimeSeries(times: times, values: draw(500, seed: 4))
    for step in [TimeStep.minutes(10), .hours(1), .hours(5), .days(1), .weeks(1), .months(1)] {
      let sums = series.resampled(every: step, by: .sum)
      let counts = series.resampled(every: step, by: .count)
      #expect(counts["value"].reduce(0, +) == 500)
      #expect(
        close(
          [sums["value"].filter { !$0.isNaN }.reduce(0, +)],
          [series["value"].reduce(0, +)], 1e-9))
      #expect(sums["value"].map(\.isNaN) == counts["value"].map { $0 == 0 })
      #expect(sums.times.first! <= times.first! && sums.times.last! <= times.last!)
      for row in sums.times.indices.dropLast() {
        #expect(sums.times[row + 1] == step.after(sums.times[row]))
      }
    }
  }

  @Test func `upsampling shows the gaps, a regular series stays itself`() {
    let days = TimeSeries(every: .days(1), values: [1, 2, 3])
    let hours = days.resampled(every: .hours(12))
    #expect(close(hours["value"], [1, .nan, 2, .nan, 3]))
    #expect(close(hours.filled(.linear)["value"], [1, 1.5, 2, 2.5, 3]))
    let monthly = AirlinePassengers.series
    #expect(monthly.resampled(every: .months(1))["passengers"] == AirlinePassengers.monthly)
    let yearly = monthly.resampled(every: .years(1), by: .sum)
    #expect(yearly.count == 12 && yearly["passengers"][0] == 1520)
    #expect(monthly.resampled(every: .months(3), by: .first)["passengers"][1] == 129)
  }

  @Test func `each column has its own aggregation`() {
    let series = TimeSeries(
      times: [0, 60, 3600], names: ["rain", "warmth"], columns: [[1, 2, 3], [10, 20, 30]])
    let hours = series.resampled(every: .hours(1)) { $0 == "rain" ? .sum : .mean }
    #expect(hours["rain"] == [3, 3] && hours["warmth"] == [15, 30])
  }

  @Test func `rolling over a span sees the rows of that span`() {
    let series = TimeSeries(times: [0, 1, 5, 6, 7, 20], values: [1, 2, 3, 4, 5, 6])
    #expect(series.rolling(over: .seconds(3), by: .sum)["value"] == [1, 3, 3, 7, 12, 6])
    #expect(
      close(
        series.rolling(over: .seconds(3), by: .sum, minimum: 2)["value"],
        [.nan, 3, .nan, 7, 12, .nan]))
  }
}

struct FillingTests {
  let methods: [Filling] = [.linear, .previous, .next, .nearest, .spline, .seasonal(period: 4)]

  @Test func `known numbers stay, gaps inside are filled, ends stay open`() {
    var values = draw(60, seed: 2)
    for row in [0, 1, 7, 8, 9, 20, 33, 34, 58, 59] { values[row] = .nan }
    let series = TimeSeries(every: .hours(1), values: values)
    for method in methods {
      let filled = series.filled(method)["value"]
      for row in values.indices where !values[row].isNaN { #expect(filled[row] == values[row]) }
      #expect(filled[2..<58].allSatisfy { !$0.isNaN })
      #expect(filled[0].isNaN == (method != .next) && filled[59].isNaN == (method != .previous))
      // A gap longer than the limit stays.
      let limited = series.filled(method, limit: 2)["value"]
      #expect(limited[7...9].allSatisfy { $0.isNaN } && !limited[20].isNaN && !limited[33].isNaN)
    }
  }

  @Test func `a line, a cubic and a season are met exactly`() {
    let times = draw(30, seed: 6, in: 0...100).sorted()
    func check(_ method: Filling, _ times: [Double], _ curve: (Double) -> Double) {
      let whole = times.map(curve)
      var gaps = whole
      for row in [3, 9, 10, 11, 18, 25] { gaps[row] = .nan }
      let filled = TimeSeries(times: times, values: gaps).filled(method)["value"]
      #expect(close(filled, whole, 1e-8))
    }
    check(.linear, times) { 3 - 0.5 * $0 }
    check(.spline, times) { 1 + $0 * (2 + $0 * (0.3 - 0.01 * $0)) }
    check(.seasonal(period: 6), (0..<36).map(Double.init)) { [5, 1, -2, 8, 0, 3][Int($0) % 6] }
  }

  @Test func `nothing known, or everything, comes back as it is`() {
    let unknown = TimeSeries(every: .hours(1), values: [.nan, .nan])
    for method in methods {
      #expect(unknown.filled(method)["value"].allSatisfy { $0.isNaN })
      #expect(AirlinePassengers.series.filled(method)["passengers"] == AirlinePassengers.monthly)
      let single = TimeSeries(every: .hours(1), values: [.nan, 4, .nan]).filled(method)["value"]
      #expect(single[1] == 4)
    }
  }
}

struct DifferencingTests {
  static let orders: [(Int, Int?, Int)] = [
    (0, nil, 1), (1, nil, 1), (2, nil, 1), (0, 12, 1), (1, 12, 1), (2, 4, 2), (1, 1, 1), (3, 7, 1),
  ]

  @Test(arguments: orders)
  func `integrating differences returns the series`(order: Int, season: Int?, times: Int) {
    for (length, seed) in [(0, 1), (1, 2), (10, 3), (60, 4), (144, 5)] {
      var values = draw(length, seed: UInt64(seed))
      if length == 144 { for row in [0, 30, 31, 32, 77, 143] { values[row] = .nan } }
      let series = TimeSeries(every: .days(1), values: values)
      let differenced = series.differenced(order: order, season: season, seasonalOrder: times)
      let back = differenced.integrated()
      #expect(back.times == series.times)
      #expect(close(back["value"], values, 1e-9))
      #expect(differenced.series.count == max(0, length - differenced.differencing.lag))
    }
    // Whole numbers come back to the bit.
    let whole = AirlinePassengers.series
    let back = whole.differenced(order: order, season: season, seasonalOrder: times).integrated()
    #expect(back["passengers"] == AirlinePassengers.monthly)
  }

  @Test func `differences are what they say`() {
    let squares = (0..<10).map { Double($0 * $0) }
    #expect(Differencing().differences(of: squares) == [1, 3, 5, 7, 9, 11, 13, 15, 17])
    #expect(Differencing(order: 2).differences(of: squares).allSatisfy { $0 == 2 })
    #expect(
      Differencing(order: 0, season: 3).differences(of: squares) == [9, 15, 21, 27, 33, 39, 45])
    #expect(Differencing(season: 12).lag == 13)
    #expect(Differencing(season: 2).coefficients == [1, -1, -1, 1])
  }

  @Test func `a forecast of changes goes on from the series' end`() {
    let differencing = Differencing(season: 12)
    let all = AirlinePassengers.monthly
    let changes = differencing.differences(of: all)
    let history = Array(all[..<100])
    #expect(
      differencing.values(ofDifferences: Array(changes[87...]), after: history)
        == Array(all[100...]))
    #expect(differencing.value(ofDifference: changes[87], after: history) == all[100])
  }

  @Test func `too little history stops with a sentence`() async {
    await #expect(processExitsWith: .failure) {
      _ = Differencing(season: 12).value(ofDifference: 1, after: [1, 2])
    }
  }
}

struct BoxCoxTests {
  @Test(arguments: [-2, -0.5, 0, 0.3, 1, 3])
  func `the inverse returns what was transformed`(lambda: Double) {
    let values = draw(100, seed: 5, in: 0.5...20) + [.nan]
    let transform = BoxCox(lambda: lambda)
    #expect(close(transform.inverse(transform.transform(values)), values, 1e-10))
  }

  @Test func `lambda by maximum likelihood is SciPy's`() {
    // scipy.stats.boxcox of the airline passengers.
    #expect(abs(BoxCox(fittedTo: AirlinePassengers.monthly).lambda - 0.148_022_65) < 1e-6)
    let logs = draw(5000, seed: 3).map { exp($0 / 10) }
    #expect(abs(BoxCox(fittedTo: logs).lambda) < 0.35)
    #expect(BoxCox(fittedTo: [3, 3, 3]).lambda == 1)
    // Scaling the numbers does not change what suits them.
    let tiny = AirlinePassengers.monthly.map { $0 * 1e-80 }
    #expect(abs(BoxCox(fittedTo: tiny).lambda - 0.148_022_65) < 1e-5)
  }

  @Test func `the logarithm of a number that is not positive stops the program`() async {
    await #expect(processExitsWith: .failure) { _ = BoxCox.log.transform([1, 0]) }
  }
}

struct TimeSpanTests {
  let series = TimeSeries(
    times: [0, 10, 20, 100, 105, 300], values: [1, 2, 3, 4, 5, 6])

  @Test func `a window for each row holds the rows of its span`() {
    let windows = series.timeWindows(span: .seconds(20))
    #expect(windows.rows == [0..<1, 0..<2, 1..<3, 3..<4, 3..<5, 5..<6])
    #expect(windows.lengths == [1, 2, 2, 1, 2, 1])
    #expect(windows[4].doubles == [4, 5] && windows[4].shape == [2, 1])
    let batch = windows.batch([0, 2])
    #expect(batch.inputs[0..<2, 1, 0].doubles == [2, 3] && batch.lengths == [1, 2])
    #expect(batch.inputs.shape == [2, 2, 1] && batch.inputs[1, 0, 0].item == 0)
  }

  @Test func `a window for each step`() {
    let windows = series.timeWindows(span: .seconds(50), every: .seconds(50))
    #expect(windows.rows == [0..<3, 3..<5])
    let overlapping = series.timeWindows(span: .seconds(30), every: .seconds(10))
    #expect(overlapping.rows.prefix(3) == [0..<3, 1..<3, 2..<3])
  }

  @Test(arguments: 0..<10) func `windows hold just the rows of their span`(seed: Int) {
    let times = draw(80, seed: UInt64(seed), in: 0...1000).sorted()
    let series = TimeSeries(times: times, values: times)
    for (row, rows) in series.timeWindows(span: .seconds(70)).rows.enumerated() {
      #expect(Array(rows) == times.indices.filter { times[$0] > times[row] - 70 && $0 <= row })
    }
    let step = TimeStep.seconds(25), span = TimeStep.seconds(70)
    var expected: [[Int]] = []
    var start = times[0]
    var number = 0
    while start + 70 <= times.last! {
      let rows = times.indices.filter { times[$0] >= start && times[$0] < start + 70 }
      if !rows.isEmpty { expected.append(rows) }
      number += 1
      start = step.after(times[0], count: number)
    }
    #expect(series.timeWindows(span: span, every: step).rows.map(Array.init) == expected)
  }
}
