import ArgumentParser
import Foundation
import Unroll

/// `applications forecast --csv FILE --column NAME`: a file in, a forecast with its band out.
struct ForecastCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forecast",
    abstract: "Forecast a column of a CSV file.",
    usage: "applications forecast --csv <file> --column <name> [options]",
    discussion: """
      Tries simple methods, exponential smoothing, ARIMA, linear autoregressions and recurrent \
      networks on the past, takes the mean of those that did best there, says how good it is on a \
      part held out, and writes forecast.csv, a page and a figure into <output>/forecast.

        applications forecast --csv passengers.csv --column passengers --horizon 12

      --export-onnx and --export-pytorch write recurrent networks that take the series' own values \
      and forecast its own values: not the mean of all methods, but the part that other servers run.
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("The file.", valueName: "file"), completion: .file())
  var csv: String?

  @Option(help: ArgumentHelp("The column to forecast.", valueName: "name"))
  var column: String?

  @Option(
    help: ArgumentHelp("The column of times (default: looked for).", valueName: "name"))
  var time: String?

  @Option(
    help: ArgumentHelp(
      "How many rows ahead (default: by the step of time; 18 months, 14 days, 48 hours, …).",
      valueName: "rows"))
  var horizon: Int?

  @Option(
    help: ArgumentHelp(
      "Rows in a season, several with commas between, none, or auto to look for them.",
      valueName: "rows"),
    transform: SeasonOption.init)
  var season = SeasonOption.automatic

  @Option(
    help: ArgumentHelp(
      "Other columns that may help, with commas between; only their past is used.",
      valueName: "names"))
  var exogenous: String?

  @Option(help: ArgumentHelp("The share of future values in the band.", valueName: "share"))
  var interval = 0.9

  @Option(help: ArgumentHelp("Keep what was learned in this file.", valueName: "file"))
  var save: String?

  @Option(
    help: ArgumentHelp(
      "Use what an earlier run saved, without learning; with --csv on the file's rows, which begin "
        + "where those did.",
      valueName: "file"))
  var load: String?

  @OptionGroup var wayOut: WayOut

  func validate() throws {
    if csv == nil, load == nil {
      throw ValidationError("--csv FILE says what to forecast, or --load FILE what was saved.")
    }
    if csv != nil, column == nil, load == nil {
      throw ValidationError("--column NAME says which column to forecast.")
    }
    if let horizon, horizon < 1 {
      throw ValidationError("a horizon of \(horizon): there is nothing to forecast.")
    }
    if !(interval > 0 && interval < 1) {
      throw ValidationError("an interval of \(interval) is no share between 0 and 1.")
    }
    if load != nil, save != nil { throw ValidationError("--save and --load go not together.") }
  }

  func run() throws {
    let work = try ForecastWork(self)
    try tellAlone(
      slug: "forecast", title: "Forecast of \(work.column)", names: work.names, options: common,
      work.tell)
    try work.save()
  }
}

/// `12`, `48,336`, `none` or `auto`.
struct SeasonOption: Sendable {
  let season: Forecaster.Season
  static let automatic = SeasonOption(season: .automatic)

  private init(season: Forecaster.Season) { self.season = season }

  @Sendable init(_ text: String) throws {
    switch text.lowercased() {
    case "auto": season = .automatic
    case "none": season = .none
    default:
      season = .rows(
        try text.split(separator: ",", omittingEmptySubsequences: false).map {
          guard let rows = Int($0.trimmingCharacters(in: .whitespaces)), rows > 1 else {
            throw ValidationError("'\($0)' is no season; one has 2 rows or more.")
          }
          return rows
        })
    }
  }
}

extension SeasonOption: CustomStringConvertible {
  var description: String {
    switch season {
    case .automatic: "auto"
    case .none: "none"
    case .rows(let rows): rows.map(String.init).joined(separator: ",")
    }
  }
}
