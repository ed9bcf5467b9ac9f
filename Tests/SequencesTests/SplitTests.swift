import Arrays
import Sequences
import Testing

struct SplitTests {
  @Test(arguments: [0, 1, 7, 10, 100, 144])
  func `parts follow one another and miss nothing`(count: Int) {
    let series = TimeSeries(every: .days(1), values: (0..<count).map(Double.init))
    for fractions in [[0.5], [0.7, 0.15], [0.1, 0.2, 0.3], [1], [0], [0.9, 0.1]] {
      let parts = series.split(fractions: fractions)
      #expect(parts.count == fractions.count + 1)
      #expect(parts.flatMap(\.times) == series.times)
      #expect(parts.flatMap { $0["value"] } == series["value"])
    }
  }

  @Test func `fractions and counts`() {
    let series = AirlinePassengers.series
    #expect(series.split(fraction: 0.67).first.count == 96)
    #expect(series.split(count: 96).rest.count == 48)
    #expect(series.split(counts: [100, 20]).map(\.count) == [100, 20, 24])
    let ten = NDArray.arange(10)
    #expect(ten.split(fractions: [0.7]).map(\.count) == [7, 3])
    #expect(ten.split(fractions: [0.1, 0.2]).map(\.count) == [1, 2, 7])
    #expect(ten.split(count: 4).rest == NDArray([4, 5, 6, 7, 8, 9]))
  }

  @Test func `too large parts stop the program`() async {
    await #expect(processExitsWith: .failure) { _ = NDArray.arange(10).split(count: 11) }
    await #expect(processExitsWith: .failure) {
      _ = AirlinePassengers.series.split(fractions: [0.8, 0.3])
    }
  }
}
