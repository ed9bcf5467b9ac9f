import Arrays
import Foundation
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

  /// An offset of many digits, of which a Float would keep few beside the scale.
  @Test func `single precision far from zero`() {
    let numbers = NDArray(draw(1000, seed: 3, in: 0...1).map { 100_000 + $0 })
    let column = numbers.reshaped([1000, 1])
    func check(_ scaler: some Scaler) {
      let scaled = scaler.transform(column)
      #expect(close(scaled.doubles, scaler.transform(column.doubles), 1e-6))
      #expect(scaler.inverse(scaled) == column)
    }
    check(StandardScaler(fittedTo: column))
    check(MinMaxScaler(fittedTo: column, range: -1...1))
    check(RobustScaler(fittedTo: column))
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

  /// Columns that scikit-learn 1.9 gives the scale 1 in all three scalers: constant but for rounding.
  static let constants: [(String, [Double])] = {
    let mean = [Double](repeating: 0.1, count: 24).reduce(0, +) / 24  // 0.10000000000000003
    var sums = [0.0]
    for _ in 0..<200 { sums.append(sums.last! + 0.1) }
    return [
      ("a mean", Array(repeating: mean, count: 100)),
      ("a mean and 0.1", (0..<100).map { $0 % 2 == 0 ? mean : 0.1 }),
      ("running sums", (24..<201).map { (sums[$0] - sums[$0 - 24]) / 24 }),
      ("negative", (0..<40).map { $0 % 2 == 0 ? -0.3 : -0.1 * 3 }),
      ("large", Array(repeating: 1e15, count: 10)), ("one", [5]), ("zeros", [0, 0, -0.0]),
      ("denormal", [0, 5e-324, 1e-323, 1.5e-323]),
    ]
  }()

  @Test(arguments: constants)
  func `a column that is constant but for rounding has the scale 1`(name: String, column: [Double])
  {
    func check<S: Scaler>(_ scaler: S, _ series: S, _ array: S) {
      for scaler in [scaler, series, array] {
        #expect(scaler.scale == [1] && scaler.constantFeatures == [0])
        #expect(scaler.transform(column).allSatisfy { abs($0) < 1e-12 })
        // 0.01 beside the constant is 0.01, not 7e14.
        let beside = scaler.transform([column[0] + 0.01])[0]
        #expect(abs(beside - (column[0] + 0.01 - column[0])) < 1e-12)
      }
    }
    let series = TimeSeries(every: .hours(1), values: [.nan] + column)
    let array = NDArray([.nan] + column, dtype: .float64).reshaped([column.count + 1, 1])
    check(
      StandardScaler(fittedTo: column), StandardScaler(fittedTo: series),
      StandardScaler(fittedTo: array))
    check(
      MinMaxScaler(fittedTo: column), MinMaxScaler(fittedTo: series), MinMaxScaler(fittedTo: array))
    check(
      RobustScaler(fittedTo: column), RobustScaler(fittedTo: series), RobustScaler(fittedTo: array))
    if column.allSatisfy({ $0 > 0 }) { #expect(BoxCox(fittedTo: column).lambda == 1) }
  }

  @Test func `single precision is rounded more coarsely`() {
    let column = (0..<100).map { Float(0.1) + ($0 % 3 == 0 ? Float(0.1).ulp : 0) }
    let array = NDArray(column, shape: [100, 1])
    #expect(StandardScaler(fittedTo: array).constantFeatures == [0])
    #expect(MinMaxScaler(fittedTo: array).scale == [1])
    #expect(RobustScaler(fittedTo: array).scale == [1])
  }

  /// scikit-learn 1.9.1's numbers.
  @Test func `what varies little about a large mean is scaled`() {
    let pressure = (0..<50).map { 101_325 + 0.001 * Double($0) }
    #expect(close(StandardScaler(fittedTo: pressure).scale, [0.014430869689558957], 1e-9))
    #expect(close(MinMaxScaler(fittedTo: pressure).scale, [0.04899999999906868]))
    #expect(close(RobustScaler(fittedTo: pressure).scale, [0.02449999999953434]))
    let single = MinMaxScaler(
      fittedTo: NDArray([Float(1e6), 1e6 + 0.5, 1e6 + 1]).reshaped([3, 1]))
    #expect(single.scale == [1] && single.offset == [1e6] && single.constantFeatures == [])
    // An outlier beside a constant: only the quartiles are rounding.
    let outlier = Self.constants[1].1 + [5]
    #expect(RobustScaler(fittedTo: outlier).scale == [1])
    #expect(close(StandardScaler(fittedTo: outlier).scale, [0.48514851485148514]))
    // No unit is too small.
    let tiny = [1e-20, 2e-20, 3e-20]
    #expect(
      close(
        StandardScaler(fittedTo: tiny).transform(tiny), [-1.224744871391589, 0, 1.224744871391589]))
    #expect(close(MinMaxScaler(fittedTo: tiny).transform(tiny), [0, 0.5, 1]))
  }

  @Test func `infinite numbers stop with feature and row`() async {
    func expect(_ words: String, _ result: ExitTest.Result?) {
      let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(said.contains(words), "it said: \(said.prefix(300))")
    }
    expect(
      "StandardScaler.fitting: feature 1 is inf in row 2",
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = StandardScaler(fittedTo: NDArray([[0, 1], [2, 3], [4, .infinity]]))
      })
    expect(
      "RobustScaler.fitting: feature wind is -inf in row 0",
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = RobustScaler(
          fittedTo: TimeSeries(times: [0, 1], name: "wind", values: [-.infinity, 1]))
      })
    expect(
      "MinMaxScaler.transform: feature 0 is inf in row 1",
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = MinMaxScaler(fittedTo: [1, 2]).transform(NDArray([[.nan], [.infinity]]))
      })
    expect(
      "BoxCox: number 1 of wind is inf",
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = BoxCox.log.transform(TimeSeries(times: [0, 1], name: "wind", values: [1, .infinity]))
      })
    expect(
      "BoxCox: number 0 is inf",
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = BoxCox(fittedTo: [.infinity, 1])
      })
    expect(
      "too far apart",
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = MinMaxScaler(fittedTo: [-1.7e308, 1.7e308])
      })
  }

  @Test func `scalers are written down and read back`() throws {
    func check<S: Scaler>(_ scaler: S) throws {
      let again = try JSONDecoder().decode(S.self, from: try JSONEncoder().encode(scaler))
      #expect(again.offset == scaler.offset && again.scale == scaler.scale)
      #expect(again.constantFeatures == scaler.constantFeatures)
    }
    let array = NDArray([[1, 5, 0.1], [2, 5, 0.7], [4, 5, .nan]], dtype: .float64)
    try check(StandardScaler(fittedTo: array))
    try check(MinMaxScaler(fittedTo: array, range: -1...1))
    try check(RobustScaler(fittedTo: array))
    let power = BoxCox(fittedTo: [1, 2, 5])
    #expect(try JSONDecoder().decode(BoxCox.self, from: try JSONEncoder().encode(power)) == power)
    for broken in [
      #"{"offset":[0],"scale":[0],"constantFeatures":[]}"#,
      #"{"offset":[0],"scale":[-1],"constantFeatures":[]}"#,
      #"{"offset":[0],"scale":[1,1],"constantFeatures":[]}"#,
      #"{"offset":[0],"scale":[1],"constantFeatures":[1]}"#, #"{"offset":[0]}"#,
    ] {
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(StandardScaler.self, from: Data(broken.utf8))
      }
    }
  }

  @Test func `Box–Cox finds its way where powers overflow`() {
    // scipy.stats.boxcox([0.001, 1000, 5, 7])
    #expect(abs(BoxCox(fittedTo: [1e-3, 1e3, 5, 7]).lambda - 0.062090639020507744) < 1e-6)
    #expect(abs(BoxCox(fittedTo: [1e-300, 1e300, 1e-100, 1e100, 1]).lambda) < 0.01)
  }
}
