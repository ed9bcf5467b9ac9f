import Arrays
import Sequences
import Testing

struct ScalerTests {
  let train = NDArray([[1, 10, 5], [2, 20, 5], [3, 60, 5], [6, 30, 5]], dtype: .float64)

  @Test func `min-max reaches both ends, beyond them outside the fitted part`() {
    let scaler = MinMaxScaler(fittedTo: train, range: -1...1)
    let scaled = scaler.transform(train)
    #expect(close(scaled[0..<4, 0].doubles, [-1, -0.6, -0.2, 1]))
    #expect(close(scaled[0..<4, 1].doubles, [-1, -0.6, 1, -0.2]))
    let test = NDArray([[11, 110, 5]], dtype: .float64)
    #expect(close(scaler.transform(test)[0, 0..<2].doubles, [3, 3]))
  }

  @Test func `standard gives mean 0 and deviation 1, robust median 0 and quartiles 1 apart`() {
    let values = draw(1001, seed: 5)
    let standard = StandardScaler(fittedTo: values).transform(values)
    #expect(abs(standard.reduce(0, +) / 1001) < 1e-12)
    #expect(abs(standard.reduce(0) { $0 + $1 * $1 } / 1001 - 1) < 1e-12)
    let robust = RobustScaler(fittedTo: values).transform(values).sorted()
    #expect(abs(robust[500]) < 1e-12)
    #expect(abs(robust[750] - robust[250] - 1) < 1e-12)
  }

  @Test func `the inverse returns what was transformed`() {
    let array = NDArray(draw(600, seed: 9, in: 900...1100), shape: [20, 10, 3], dtype: .float64)
    func check(_ scaler: some Scaler) {
      #expect(close(scaler.inverse(scaler.transform(array)).doubles, array.doubles))
      #expect(scaler.featureCount == 3)
      let second = scaler.selecting([1])
      #expect(second.offset == [scaler.offset[1]] && second.scale == [scaler.scale[1]])
    }
    check(MinMaxScaler(fittedTo: array))
    check(StandardScaler(fittedTo: array))
    check(RobustScaler(fittedTo: array))
  }

  @Test func `a column without variance becomes one number and comes back`() {
    func check(_ scaler: some Scaler, _ expected: Double) {
      #expect(scaler.constantFeatures == [2])
      let scaled = scaler.transform(train)
      #expect(scaled[0..<4, 2].doubles == [expected, expected, expected, expected])
      #expect(close(scaler.inverse(scaled).doubles, train.doubles))
    }
    check(MinMaxScaler(fittedTo: train), 0)
    check(MinMaxScaler(fittedTo: train, range: -1...1), -1)
    check(StandardScaler(fittedTo: train), 0)
    check(RobustScaler(fittedTo: train), 0)
    #expect(StandardScaler(fittedTo: [0.1, 0.1, 0.1]).constantFeatures == [0])
  }

  @Test func `missing numbers neither count nor vanish`() {
    let scaler = MinMaxScaler(fittedTo: [.nan, 2, 4, .nan])
    #expect(close(scaler.transform([2, .nan, 4]), [0, .nan, 1]))
    #expect(MinMaxScaler(fittedTo: [.nan, .nan]).constantFeatures == [0])
  }

  @Test func `series are scaled column by column`() {
    let series = TimeSeries(
      times: [0, 1, 2], names: ["a", "b"], columns: [[1, 2, 3], [30, 10, 20]])
    let scaler = MinMaxScaler(fittedTo: series)
    let scaled = scaler.transform(series)
    #expect(close(scaled["a"], [0, 0.5, 1]) && close(scaled["b"], [1, 0, 0.5]))
    #expect(close(scaler.inverse(scaled)["b"], series["b"]))
    #expect(close(scaler.inverse([0, 1], feature: 1), [10, 30]))
  }

  @Test func `another number of features stops with a sentence`() async {
    await #expect(processExitsWith: .failure) {
      _ = StandardScaler(fittedTo: NDArray.zeros([3, 2])).transform(NDArray.zeros([3, 4]))
    }
  }
}
