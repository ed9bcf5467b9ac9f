/// The Theta method (Assimakopoulos & Nikolopoulos 2000): simple exponential smoothing, and half the
/// slope of the straight line through all values. It won the M3 competition.
public struct Theta: ForecastMethod, FittedForecast {
  private let alpha: Double
  public var name: String { "Theta" }

  /// There is nothing to choose: the weight of the smoothing is fitted, to a hundredth.
  public init() { alpha = 0.5 }

  private init(alpha: Double) { self.alpha = alpha }

  public func fitted(to values: [Double]) -> (any FittedForecast)? {
    guard values.count >= 4 else { return nil }
    func squares(_ alpha: Double) -> Double {
      var level = values[0], sum = 0.0
      for value in values.dropFirst() {
        sum += (value - level) * (value - level)
        level += alpha * (value - level)
      }
      return sum
    }
    let best = (1...99).map { Double($0) / 100 }.min { squares($0) < squares($1) }!
    return Theta(alpha: best)
  }

  public func forecast(after history: [Double], horizon: Int) -> [Double] {
    let slope = StraightLine(history).slope / 2
    let level = history.dropFirst().reduce(history[0]) { $0 + alpha * ($1 - $0) }
    // Hyndman & Billah (2003): the drift starts where the smoothing's memory of the line ends.
    let count = Double(history.count)
    var forgotten = 1.0
    for _ in 0..<min(history.count, 5000) { forgotten *= 1 - alpha }
    let start = (1 - forgotten) / alpha
    return (0..<horizon).map { level + slope * (Double($0) + min(start, count)) }
  }
}
