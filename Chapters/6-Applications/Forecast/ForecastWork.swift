import ChapterTools
import Foundation
import Unroll

/// What the command does, on its page.
final class ForecastWork {
  private let command: ForecastCommand
  private let file: SeriesFile?
  private let loaded: SavedForecast?
  let column: String
  /// The columns by name.
  let names: [String]
  private var learned: ForecastModel?
  private var network: ForecastNetwork?
  private var clock: SeriesClock? { file?.clock ?? loaded?.clock }

  /// Reads the files, so that what is wrong with them is said before any work is done.
  init(_ command: ForecastCommand) throws {
    self.command = command
    loaded = try command.load.map { try SavedForecast(contentsOf: URL(fileURLWithPath: $0)) }
    column = command.column ?? loaded?.column ?? ""
    let others = (command.exogenous ?? "").split(separator: ",").map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    names = [column] + others + (command.time.map { [$0] } ?? [])
    file = try command.csv.map { [column] in
      try SeriesFile(
        csv: URL(fileURLWithPath: $0), column: column, time: command.time, exogenous: others)
    }
    if let loaded, let file { try Self.check(loaded, file) }
    if let save = command.save { try checkWritable(URL(fileURLWithPath: save)) }
    try command.wayOut.check()
  }

  /// What was learned is of rows that begin at one time, season by season.
  private static func check(_ loaded: SavedForecast, _ file: SeriesFile) throws {
    guard loaded.column == file.column else {
      throw SavedModelError(
        file: "--load", problem: "it forecasts '\(loaded.column)', not '\(file.column)'")
    }
    guard file.values.count >= loaded.model.values.count,
      loaded.clock == file.clock, loaded.model.values[0] == file.values[0]
    else {
      throw SavedModelError(
        file: "--load", problem: "the rows of --csv do not go on from those that it learned from")
    }
  }

  func save() throws {
    if let network { try command.wayOut.write(network) }
    guard let save = command.save, let learned else { return }
    try SavedForecast(learned, column: column, clock: file?.clock)
      .write(to: URL(fileURLWithPath: save))
  }

  func tell(_ page: Page) throws {
    page.showsCode = false
    page.prose("## The data")
    if let file {
      page.print("\(command.csv ?? ""): \(file.values.count) values of '\(column)'")
      for note in file.notes { page.print("- \(note)") }
    } else {
      page.print("what \(command.load ?? "") learned from: \(loaded!.model.values.count) values")
    }
    let model = try loaded?.model ?? learn(page)
    learned = model
    let alone = try command.wayOut.isAsked ? learnNetworks(model, page) : nil
    let newer = file.map { Array($0.values.dropFirst(model.values.count)) } ?? []
    let history = model.values + newer
    page.print(
      model.seasons.isEmpty
        ? "no season"
        : "season\(model.seasons.count > 1 ? "s" : "") of "
          + model.seasons.map(String.init).joined(separator: " and ") + " rows")
    if let heldOut = model.heldOut { try tell(heldOut, model, page) }
    try tellFuture(model, history, newer: newer, page)
    if let alone { tellWayOut(alone, beside: model, page) }
  }

  private func learn(_ page: Page) throws -> ForecastModel {
    let file = file!
    var forecaster = Forecaster(
      horizon: command.horizon ?? file.usualHorizon, season: command.season.season,
      interval: command.interval, networks: page.quick ? 1 : 3, seed: page.seed, step: file.step)
    forecaster.exogenous = file.exogenous
    return try forecaster.fitted(to: file.values) { work, share in
      page.progress(work, Int(100 * share), of: 100)
    }
  }

  /// Networks for other servers, from all values that are known.
  private func learnNetworks(_ model: ForecastModel, _ page: Page) throws -> ForecastModel {
    let forecaster = Forecaster(
      horizon: command.horizon ?? model.horizon,
      season: model.seasons.isEmpty ? .none : .rows(model.seasons), interval: model.interval,
      networks: page.quick ? 1 : 3, seed: page.seed)
    let alone = try forecaster.networksAlone.fitted(to: file?.values ?? model.values) {
      page.progress("for export: \($0)", Int(100 * $1), of: 100)
    }
    network = ForecastNetwork(alone)
    return alone
  }

  private func tellWayOut(_ alone: ForecastModel, beside model: ForecastModel, _ page: Page) {
    page.prose(
      """
      ## The way out

      What other servers get is not the forecast above, which has methods that are no networks, but \
      recurrent networks that were trained for this on all values. They take \
      \(network?.window ?? 0) values of the series as they are, and give the \(alone.horizon) that follow.
      """)
    for member in alone.members { page.print("- \(member.name)") }
    if let own = alone.heldOut?.error {
      page.print(
        "Their mean absolute error on the part held out is \(rounded(own))"
          + (model.heldOut.map { "; that of the forecast above is \(rounded($0.error))." } ?? "."))
      page.result("export.mae", own)
    }
    command.wayOut.tell(page, inputs: "\"window\": window")
  }

  private func percent(_ share: Double) -> String { "\(Int((100 * share).rounded())) %" }

  private func rounded(_ value: Double) -> String { String(format: "%.4g", value) }

  private func tell(_ heldOut: HeldOut, _ model: ForecastModel, _ page: Page) throws {
    page.prose(
      """
      ## How good it is

      The last values were held out, and forecast \(model.horizon) ahead from \
      \(heldOut.origins.count) places, each time from what was known then. What is used was chosen \
      before, on earlier values alone.
      """)
    let naive = seasonalNaive(model, heldOut)
    var rows: [[any CustomStringConvertible]] = [
      ["this forecast", "100 %", heldOut.error, heldOut.error / naive]
    ]
    rows += heldOut.rivals.sorted { $0.error < $1.error }.map { rival in
      [
        rival.name, rival.weight > 0 ? "\(Int((100 * rival.weight).rounded())) %" : "–",
        rival.error, rival.error / naive,
      ]
    }
    page.table(
      ["method", "share", "mean absolute error", "relative to the season before"], rows, digits: 4)
    if let best = heldOut.rivals.filter({ $0.weight > 0 }).max(by: { $0.weight < $1.weight }) {
      let isSimple = ["last value", "drift", "mean of all", "same season"].contains {
        best.name.hasPrefix($0)
      }
      page.print(
        isSimple
          ? "A simple method did best where the choice was made, and has the largest share: \(best.name)."
          : "The largest share has: \(best.name).")
    }
    page.table(
      ["band", "held-out values inside"],
      heldOut.coverages.map { [percent($0.share), percent($0.measured)] })
    page.result("forecast.mae", heldOut.error)
    page.result("forecast.seasonal_naive.mae", naive)
    page.result("forecast.relative_mae", heldOut.error / naive)
    page.result("forecast.coverage", heldOut.coverage)
    page.result("forecast.interval", model.interval)
  }

  /// The error of the same season last time on the held-out part; the last value's without a season.
  private func seasonalNaive(_ model: ForecastModel, _ heldOut: HeldOut) -> Double {
    let rolling = RollingOrigin(origins: heldOut.origins, horizon: model.horizon)
    let naive = SeasonalNaive(season: model.seasons.first ?? 1)
    return rolling.forecasts(of: model.values, by: naive).map {
      rolling.error(of: $0, model.values)
    } ?? .nan
  }

  private func tellFuture(
    _ model: ForecastModel, _ history: [Double], newer: [Double], _ page: Page
  ) throws {
    page.prose(
      """
      ## The forecast

      \(Int((100 * model.interval).rounded())) of 100 values are meant to lie in the band, which is as \
      wide as past errors so many steps ahead were.
      """)
    let horizon = command.horizon ?? model.horizon
    let next = model.forecast(after: newer, horizon: horizon)
    let stamps = clock.map { clock in
      let times = clock.times(history.count..<history.count + horizon)
      return TimeSeries(times: times, values: next.mean).csv().split(separator: "\n").dropFirst()
        .map { String($0.prefix { $0 != "," }) }
    }
    let labels = stamps ?? (0..<horizon).map { "\(history.count + $0 + 1)" }
    var text = "time,forecast,lower,upper\n"
    for step in 0..<horizon {
      text += "\(labels[step]),\(next.mean[step]),\(next.lower[step]),\(next.upper[step])\n"
    }
    try Data(text.utf8).write(to: page.folder.appendingPathComponent("forecast.csv"))
    page.table(
      ["time", "forecast", "lower", "upper"],
      (0..<min(horizon, 24)).map { [labels[$0], next.mean[$0], next.lower[$0], next.upper[$0]] },
      caption: horizon > 24 ? "The first 24 of \(horizon); all are in forecast.csv." : nil)
    try draw(model, history, next, page)
  }

  private func draw(
    _ model: ForecastModel, _ history: [Double], _ next: Forecast, _ page: Page
  ) throws {
    let known = history.count, horizon = next.mean.count
    let places: [Double]
    let axis: Axis
    if let clock {
      places = clock.times(0..<known + horizon)
      axis = .dates("")
    } else {
      places = (1...known + horizon).map(Double.init)
      axis = "row"
    }
    // As much of the past as can be seen beside the future.
    let first = max(0, known - max(6 * horizon, (model.heldOut?.origins.count ?? 0) * horizon * 2))
    var figure = Figure("Forecast of \(column)", x: axis, y: Axis(column))
    let ahead = Array(places[known...])
    figure.fillBetween(
      x: ahead, low: next.lower, high: next.upper,
      label: "\(Int((100 * model.interval).rounded())) % band", color: .sky)
    figure.line(
      x: Array(places[first..<known]), y: Array(history[first...]), label: column, color: .black)
    if let heldOut = model.heldOut {
      for (number, origin) in heldOut.origins.enumerated() {
        let part = heldOut.forecasts[number]
        figure.line(
          x: Array(places[origin..<origin + part.count]), y: part,
          label: number == 0 ? "held out, forecast" : nil, color: .orange, style: .dashed)
      }
    }
    figure.line(x: ahead, y: next.mean, label: "forecast", color: .blue)
    try page.figure(figure)
  }
}
