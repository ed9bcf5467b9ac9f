import Unroll

/// Series G: to learn from, to stop by, and to be judged by.
struct Airline {
  let passengers = AirlinePassengers.monthly
  let dates = AirlinePassengers.series.times
  let training = 0..<88, validation = 88..<100, test = 100..<144

  /// The error of a forecast over the test months, in thousands of passengers.
  func rmse(_ forecast: (_ month: Int) -> Double) -> Double {
    RootMeanSquaredError()(
      NDArray(test.map(forecast), dtype: .float64),
      NDArray(Array(passengers[test]), dtype: .float64))
  }
}
