import Foundation
import UnrollChapter

extension SequenceData {
  /// Three scales, and what one broken report does to each.
  func scaling(_ page: Page, _ hourly: Hourly) throws {
    page.prose(
      #"""
      ## Scaling, and back

      Networks like numbers about as large as 1. Three scales, each fitted to the training part and
      applied to all: the *min–max scale* sends the least to 0 and the most to 1, the *standard
      scale* the mean to 0 and the *standard deviation* to 1, the *robust scale* the median to 0 and the
      distance of the quartiles to 1. A single broken report shows the difference: it squeezes
      everything else under min–max, and hardly moves robust.
      """#)
    let clean240 = Array(hourly.series["value"][..<240])
    var dirty = clean240
    dirty[100] = dirty[100] + 8 * (dirty.max()! - dirty.min()!)
    /// All but the broken report on the scale fitted with it, and on the one fitted without.
    let scaled: [(name: String, with: [Double], without: [Double])] = [
      (
        "min–max", MinMaxScaler(fittedTo: dirty).transform(dirty),
        MinMaxScaler(fittedTo: clean240).transform(clean240)
      ),
      (
        "standard", StandardScaler(fittedTo: dirty).transform(dirty),
        StandardScaler(fittedTo: clean240).transform(clean240)
      ),
      (
        "robust", RobustScaler(fittedTo: dirty).transform(dirty),
        RobustScaler(fittedTo: clean240).transform(clean240)
      ),
    ]
    func extent(_ numbers: [Double]) -> Double { numbers.max()! - numbers.min()! }
    var squeezed: [Double] = []
    try page.figure(
      .grid(
        "240 hours on three scales, fitted with one broken report and without", columns: 3,
        scaled.map { name, with, without in
          let seen = with.enumerated().map { $0.offset == 100 ? .nan : $0.element }
          squeezed.append(extent(seen.filter { !$0.isNaN }) / extent(without))
          var figure = Figure(name, x: "hour", y: "scaled")
          // Wide enough to be seen where the other lies on it.
          figure.line(y: without, label: "without", color: .gray, width: 8)
          figure.line(y: seen, label: "with (not shown itself)", color: .vermilion, width: 2)
          return figure
        }, size: .flat))
    page.table(
      ["scale", "what is left of the range"],
      zip(scaled, squeezed).map { [$0.name, String(format: "%.0f %%", 100 * $1)] },
      alignments: [.left, .right])
    page.claim(
      "Min–max squeezes the most, robust the least.",
      holds: squeezed[0] < squeezed[1] && squeezed[1] < squeezed[2], in: .everyRun)
    let scaler = RobustScaler(fittedTo: dirty)
    let difference = zip(scaler.inverse(scaler.transform(dirty)), dirty).map { abs($0 - $1) }.max()!
    page.result("scaling.way_back_error", difference)
  }
}
