import Foundation
import Sequences

/// Forecasts a series and says how well: tries simple methods, classical ones and recurrent networks
/// on the past, and takes the weighted mean of those that did best.
///
///     let model = try Forecaster(horizon: 12).fitted(to: passengers)
///     let next = model.forecast()               // next.mean, next.lower, next.upper
///     model.heldOut?.error                      // of forecasts that no choice has seen
///
/// The last part of the series is held out. On what is before it each candidate forecasts from
/// several origins, as it would have done at the time (Tashman 2000); of those within a quarter of the
/// best error the best two of each family, at most six, are taken, weighing as the fourth power of
/// 1/error: methods of different kinds err differently. The held-out part then tells what they are
/// worth, and with all values they are learned anew for the future.
public struct Forecaster: Sendable {
  /// What is known of the seasons.
  public enum Season: Sendable, Equatable {
    /// They are sought in the values.
    case automatic
    /// There are none, and none are sought.
    case none
    /// Rows in each.
    case rows([Int])
  }

  /// How many values ahead.
  public var horizon: Int
  /// What is known of the seasons.
  public var season: Season
  /// The share of future values that the band is to hold, between 0 and 1.
  public var interval: Double
  /// Networks in the recurrent ensemble; 0 leaves networks out.
  public var networks: Int
  /// Where the networks' beginnings come from: the same seed, the same forecast.
  public var seed: UInt64
  /// The step of time, which tells what seasons are likely: a day, a week, a year.
  public var step: TimeStep?
  /// Other series measured beside this one, from the same first value on: their past may help.
  public var exogenous: [[Double]] = []
  /// Methods of one's own, tried beside the others.
  public var own: [any ForecastMethod] = []
  /// Where given, these methods are tried and no others.
  public var only: [any ForecastMethod]?
  var onlyNetworks = false

  /// - Parameters:
  ///   - horizon: how many values ahead, from 1.
  ///   - season: what is known of the seasons; they are sought if nothing is said.
  ///   - interval: the share of future values that the band is to hold, between 0 and 1.
  ///   - networks: how many in the recurrent ensemble; 0 leaves networks out and takes least time.
  ///   - seed: where the networks' beginnings come from.
  ///   - step: the step of time, which tells what seasons are likely.
  public init(
    horizon: Int, season: Season = .automatic, interval: Double = 0.9, networks: Int = 3,
    seed: UInt64 = 1, step: TimeStep? = nil
  ) {
    (self.horizon, self.season, self.interval) = (horizon, season, interval)
    (self.networks, self.seed, self.step) = (networks, seed, step)
  }

  /// Chooses and learns.
  ///
  /// - Parameters:
  ///   - values: oldest first, all finite, on a regular grid.
  ///   - progress: what is being done, and how far it has come, from 0 to 1.
  /// - Throws: `ForecastError` for values that nothing can be learned from.
  public func fitted(
    to values: [Double], progress: (String, Double) -> Void = { _, _ in }
  ) throws -> ForecastModel {
    try check(values)
    // Held out: five horizons, or as many as fit into a quarter.
    let blocks = min(5, values.count / 4 / horizon)
    let known = values.count - blocks * horizon
    let training = Array(values[..<known])
    let seasons = seasons(of: training)

    let rolling = RollingOrigin(
      origins: origins(training.count, longest: seasons.last ?? 1), horizon: horizon)
    let candidates =
      try onlyNetworks
      ? networkCandidates(for: training, of: values.count, seasons: seasons)
      : only ?? candidates(for: training, seasons: seasons)
    var trials: [Trial] = []
    for (place, method) in candidates.enumerated() {
      progress(method.name, 0.7 * Double(place) / Double(candidates.count))
      if let forecasts = rolling.forecasts(of: training, by: method) {
        trials.append(
          Trial(
            method: method, forecasts: forecasts,
            error: rolling.error(of: forecasts, training)))
      }
    }
    trials.sort { $0.error < $1.error }
    let chosen = weights(trials)
    let past = honestPast(trials, rolling, training)
    let isRelative = training.allSatisfy { $0 > 0 }
    let span = rolling.origins.last! - rolling.origins[0]
    // The near and the far steps of a horizon err each in their own way.
    let independent = 1 + 2 * Double(span) / Double(horizon)
    func band(_ past: Past, _ share: Double, _ more: Int = 0) -> Band {
      Band(past, share: share, isRelative: isRelative, independent: independent + Double(2 * more))
    }

    var heldOut: HeldOut?
    if blocks > 0 {
      let later = RollingOrigin(
        origins: (0..<blocks).map { known + $0 * horizon }, horizon: horizon)
      var figures: [HeldOut.Rival] = []
      var parts: [([[Double]], Double)] = []
      for (place, trial) in trials.enumerated() {
        let weight = chosen.first { $0.trial.method.name == trial.method.name }?.weight ?? 0
        guard weight > 0 || isTold(trial, among: trials) else { continue }
        progress("held out", 0.7 + 0.15 * Double(place) / Double(trials.count))
        guard let forecasts = later.forecasts(of: values, by: trial.method) else { continue }
        figures.append(
          HeldOut.Rival(
            name: trial.method.name, weight: weight, validationError: trial.error,
            error: later.error(of: forecasts, values)))
        if weight > 0 { parts.append((forecasts, weight)) }
      }
      let forecasts = mixed(parts)
      let told = Past(later.origins, forecasts, values)
      heldOut = HeldOut(
        origins: later.origins, forecasts: forecasts, error: later.error(of: forecasts, values),
        coverage: band(past, interval).coverage(told),
        coverages: [0.8, 0.9, 0.95].map {
          HeldOut.Coverage(share: $0, measured: band(past, $0).coverage(told))
        }, rivals: figures)
    }

    // For the future: all that is known, and all errors that were made.
    var members: [ForecastModel.Member] = []
    for (place, choice) in chosen.enumerated() {
      progress(choice.trial.method.name, 0.85 + 0.15 * Double(place) / Double(chosen.count))
      guard let fitted = choice.trial.method.fitted(to: values) else { continue }
      members.append(
        ForecastModel.Member(
          name: choice.trial.method.name, weight: choice.weight, box: FittedBox(fitted)))
    }
    var errors = past
    if let heldOut { errors.add(Past(heldOut.origins, heldOut.forecasts, values)) }
    progress("done", 1)
    return ForecastModel(
      values: values, horizon: horizon, seasons: seasons, members: members,
      band: band(errors, interval, blocks), heldOut: heldOut)
  }

  private func check(_ values: [Double]) throws {
    guard horizon >= 1 else { throw ForecastError.noHorizon(horizon) }
    guard interval > 0, interval < 1 else { throw ForecastError.noShare(interval) }
    if let place = values.firstIndex(where: { !$0.isFinite }) {
      throw ForecastError.notFinite(place: place)
    }
    guard values.count >= max(8, 2 * horizon) else {
      throw ForecastError.tooFew(values.count, horizon: horizon)
    }
    guard let least = values.min(), let most = values.max(), least < most else {
      throw ForecastError.constant(values[0])
    }
    if case .rows(let rows) = season {
      if let wrong = rows.first(where: { $0 < 2 || 2 * $0 > values.count }) {
        throw ForecastError.noSeason(wrong, count: values.count)
      }
    }
  }

  /// Rows in each season.
  func seasons(of values: [Double]) -> [Int] {
    switch season {
    case .none: []
    case .rows(let rows): rows.sorted()
    case .automatic:
      SeasonDetection.seasons(of: values, candidates: step.map(SeasonDetection.candidates))
    }
  }

  /// Where the candidates forecast from: up to twelve places of the last third, or from where there is
  /// enough to learn from.
  func origins(_ count: Int, longest: Int) -> [Int] {
    let last = count - horizon
    let enough = min(count / 2, max(2 * longest + horizon, 20))
    let first = min(last, max(count - max(count / 3, 3 * horizon), enough, 4))
    let number = min(12, last - first + 1)
    return (0..<number).reversed().map {
      last - (number == 1 ? 0 : $0 * (last - first) / (number - 1))
    }
  }

  /// Whether a method stands in the table though it is not used: the best of each family does.
  private func isTold(_ trial: Trial, among trials: [Trial]) -> Bool {
    trials.first { family($0.method) == family(trial.method) }?.method.name == trial.method.name
  }

  /// The past errors of the mean, each origin's with the weights that the other origins would have given:
  /// weights from the same errors would make them look smaller than they will be.
  private func honestPast(
    _ trials: [Trial], _ rolling: RollingOrigin, _ values: [Double]
  ) -> Past {
    if trials.isEmpty { return Past([], [], values) }
    let forecasts = rolling.origins.indices.map { place -> [Double] in
      let origin = rolling.origins[place]
      let others = rolling.origins.indices.filter {
        abs(rolling.origins[$0] - origin) >= horizon
      }
      let seen = others.isEmpty ? Array(rolling.origins.indices) : others
      let part = RollingOrigin(origins: seen.map { rolling.origins[$0] }, horizon: horizon)
      let judged = trials.map { trial in
        Trial(
          method: trial.method, forecasts: [trial.forecasts[place]],
          error: part.error(of: seen.map { trial.forecasts[$0] }, values))
      }
      .sorted { $0.error < $1.error }
      return mixed(weights(judged).map { ($0.trial.forecasts, $0.weight) })[0]
    }
    return Past(rolling.origins, forecasts, values)
  }

  private func weights(_ trials: [Trial]) -> [(trial: Trial, weight: Double)] {
    guard let best = trials.first else { return [] }
    var counts: [String: Int] = [:]
    let near = trials.filter {
      guard $0.error <= 1.25 * best.error else { return false }
      counts[family($0.method), default: 0] += 1
      return counts[family($0.method)]! <= 2
    }.prefix(6)
    let raw = near.map { pow(best.error / max($0.error, .leastNormalMagnitude), 4) }
    let sum = raw.reduce(0, +)
    // The best made no error at all.
    guard sum.isFinite, sum > 0 else { return [(best, 1)] }
    return zip(near, raw).map { ($0, $1 / sum) }
  }
}

/// A candidate's forecasts of the past.
private struct Trial {
  let method: any ForecastMethod
  let forecasts: [[Double]]
  let error: Double
}

/// What a method is at heart: `log: decomposition + Theta` is Theta's.
func family(_ method: any ForecastMethod) -> String {
  switch method {
  case let method as Decomposed: family(method.inner)
  case let method as Transformed: family(method.inner)
  default: "\(type(of: method))"
  }
}

/// Weighted means of forecasts.
private func mixed(_ parts: [([[Double]], Double)]) -> [[Double]] {
  guard let first = parts.first else { return [] }
  let whole = parts.reduce(0) { $0 + $1.1 }
  return first.0.indices.map { origin in
    first.0[origin].indices.map { step in
      parts.reduce(0) { $0 + $1.0[origin][step] * $1.1 } / whole
    }
  }
}

/// Why a series cannot be forecast.
public enum ForecastError: Error, Equatable, CustomStringConvertible {
  /// A horizon below 1.
  case noHorizon(Int)
  /// An interval that is no share between 0 and 1.
  case noShare(Double)
  /// A value that is missing or infinite; its place, from 0.
  case notFinite(place: Int)
  /// Fewer values than a forecast so far ahead takes, 8 or twice the horizon.
  case tooFew(Int, horizon: Int)
  /// Fewer values than a network learns from, where networks alone were asked for.
  case tooFewForNetworks(Int, horizon: Int)
  /// All values are one.
  case constant(Double)
  /// A season of fewer than 2 rows, or so long that the values do not hold two of it.
  case noSeason(Int, count: Int)

  public var description: String {
    switch self {
    case .noHorizon(let horizon): "a horizon of \(horizon): there is nothing to forecast"
    case .noShare(let share): "an interval of \(share) is no share between 0 and 1"
    case .notFinite(let place): "value \(place + 1) is missing or infinite"
    case .tooFew(let count, let horizon):
      "\(count) values are too few for a horizon of \(horizon): it takes \(max(8, 2 * horizon))"
    case .tooFewForNetworks(let count, let horizon):
      "\(count) values are too few for a network with a horizon of \(horizon) to learn from"
    case .noSeason(let rows, let count):
      "a season of \(rows) rows: it takes 2 of them to see one, and \(count) values are there"
    case .constant(let value): "all values are \(value): there is nothing to learn"
    }
  }
}
