import Foundation
import UnrollChapter

extension SequenceData {
  /// What is left of a series without its trend and its season, and the way back.
  func differences(_ page: Page) throws {
    page.prose(
      #"""
      ## Differences, and back

      The airline passengers climb, and their summers climb faster. A network trained on 1949 to 1957
      never sees numbers as large as those of the summer of 1960. What stays in one range is the change: the
      logarithm turns growth by a factor into growth by a sum, the difference to the month before,
      $(1 - B) x_t = x_t - x_{t-1}$, takes out the trend, and the *seasonal difference*, that to
      the same month a year ago, $(1 - B^{12}) x_t$, takes out the season.

      Differences are of use only if there is a way back. It needs the first 13 months, which have no
      difference, and these are kept.
      """#)
    let passengers = AirlinePassengers.series
    let logarithms = BoxCox.log.transform(passengers)
    let differenced = logarithms.differenced(order: 1, season: 12)
    let back = BoxCox.log.inverse(differenced.integrated())
    let worst = zip(back["passengers"], passengers["passengers"]).map { abs($0 - $1) }.max()!
    page.result("differences.way_back_error", worst, unit: "thousand passengers")
    page.print(
      "λ that suits the passengers best by Box and Cox: "
        + String(format: "%.3f", BoxCox(fittedTo: passengers["passengers"]).lambda)
        + " (0 is the logarithm)")
    try page.figure(
      .grid(
        "From passengers to their changes", columns: 1,
        [
          Self.monthly(passengers, "passengers in thousands"),
          Self.monthly(logarithms, "logarithm"),
          Self.monthly(differenced.series, "monthly and yearly change"),
        ], sharesX: true, size: .init(width: 1500, height: 1400)))
  }
}
