import Arrays
import Sequences
import Testing

struct ForecastDataTests {
  let series = TimeSeries(
    times: (0..<200).map { Double($0) * 3600 }, names: ["a", "b"],
    columns: [draw(200, seed: 1), draw(200, seed: 2, in: 100...300)])

  @Test func `the parts share nothing, the scaler knows the training part alone`() {
    let data = ForecastData(series, target: "b", width: 12, horizon: 3)
    #expect(data.training.count == 140 - 14 && data.test.count == 30 - 14)
    #expect(sharedValues(between: data.training, and: data.validation) == 0)
    #expect(sharedValues(between: data.validation, and: data.test) == 0)
    #expect(data.scaler.offset == StandardScaler(fittedTo: series[0..<140]).offset)
  }

  @Test func `targets come back in the data's units, with every scaler`() {
    for fit in [
      { MinMaxScaler(fittedTo: $0) as any Scaler }, { RobustScaler(fittedTo: $0) },
      { StandardScaler(fittedTo: $0) },
    ] as [(TimeSeries) -> any Scaler] {
      let data = ForecastData(
        series, target: "b", width: 12, horizon: 3, fractions: (0.5, 0.25), dtype: .float64,
        scaler: fit)
      let (_, targets) = data.test.batch([0, 5])
      #expect(targets.shape == [2, 3, 1])
      let expected = Array(series["b"][162..<165]) + Array(series["b"][167..<170])
      #expect(close(data.inUnits(targets).doubles, expected))
    }
  }

  @Test func `a part without a window stops at once, unless it has no share`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = ForecastData(
        TimeSeries(every: .hours(1), values: (0..<100).map { Double($0) }), target: "value",
        width: 50)
    }
    let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(
      said.contains(
        "ForecastData: the validation part of 15 rows has no window: width 50 and horizon 1 take 51"
      ))
    let data = ForecastData(series, target: "b", width: 50, fractions: (1, 0))
    #expect(data.training.count == 150 && data.validation.count == 0 && data.test.count == 0)
  }

  @Test func `missing numbers stop the program`() async {
    await #expect(processExitsWith: .failure) {
      _ = ForecastData(
        TimeSeries(every: .hours(1), values: [1, .nan, 3]), target: "value", width: 1)
    }
  }
}
