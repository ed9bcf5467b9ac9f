import Unroll

extension RNNFromScratch {
  /// The series, what of it is learned from, and the forecasts that cost nothing.
  func figures(_ page: Page) throws -> (airline: Airline, free: Double) {
    page.prose(
      #"""
      ## The figures

      Box and Jenkins' *series G*: how many passengers flew on international lines, month by month,
      1949 to 1960, in thousands. The series climbs, it swings with the seasons, and the swings grow
      with the level. We learn from the months up to April 1956, use the twelve months that follow to
      decide when to stop, and keep the last 44 months out of everything until the end.

      The split comes first. Whatever is fitted to the data afterward, a scale or a network, sees
      the training part alone.
      """#)
    page.show("Airline", in: "Airline.swift")

    let airline = Airline()
    let (dates, passengers) = (airline.dates, airline.passengers)
    var series = Figure(
      "International airline passengers", x: .dates("year"), y: "passengers in thousands a month")
    for (name, part) in [
      ("training", airline.training), ("validation", airline.validation), ("test", airline.test),
    ] { series.line(x: dates[part], y: passengers[part], label: name) }
    try page.figure(series)

    page.prose(
      #"""
      ## What costs nothing

      A forecast is worth something only beside one that is free, a *naive forecast*. Three of them,
      for the month $t$, made at the end of month $t-1$: the last month again, $y_{t-1}$; the same
      month a year before, $y_{t-12}$; and that one times the growth of the last month over its
      year, $y_{t-12} \cdot y_{t-1} / y_{t-13}$. The error is the root of the mean squared
      difference, in thousands of passengers, over the 44 test months.
      """#)
    let naive = [
      ("last", airline.rmse { t in passengers[t - 1] }),
      ("season", airline.rmse { t in passengers[t - 12] }),
      (
        "growth",
        airline.rmse { t in passengers[t - 12] * passengers[t - 1] / passengers[t - 13] }
      ),
    ]
    for (name, error) in naive {
      page.result("airline.naive_\(name).test_rmse", error, unit: "thousand passengers")
    }
    page.claim(
      "The best of the three is the last one.",
      holds: naive[2].1 < min(naive[0].1, naive[1].1), in: .everyRun)
    return (airline, naive.map(\.1).min()!)
  }
}
