import Figures
import Foundation
import TestSupport
import Testing

/// Titles, labels and legends longer than there is room for.
@Suite struct LongTextTests {
  static let long =
    "Mean squared error of the forecast on the held-out months, scaled, three seeds each"

  static func lines(_ count: Int, title: String = "Loss", label: (Int) -> String) -> Figure {
    var figure = Figure(title, x: "epoch", y: "loss")
    for number in 0..<count {
      figure.line(y: (0..<30).map { exp(-Double($0) / 9) + Double(number) }, label: label(number))
    }
    return figure
  }

  static let figures: [(String, Figure)] = [
    ("title", lines(2, title: "\(long), \(long)") { "series \($0)" }),
    ("two-lines", lines(3, title: "First gy line\nsecond gy line") { "Series \($0)" }),
    ("legend", lines(3) { "\($0): \(long), \(long)" }),
    ("13", lines(13) { "series number \($0)" }),
    ("40", lines(40) { "the series number \($0) of many" }),
    ("300", lines(300) { "a series, number \($0)" }),
    (
      "no-spaces",
      lines(2, title: String(repeating: "abcdefghij", count: 20)) {
        "\($0)" + String(repeating: "klmnopqrst", count: 20)
      }
    ),
    (
      "paragraph",
      lines(1, title: Array(repeating: long, count: 30).joined(separator: " ")) { _ in "one" }
    ),
  ]

  @Test(arguments: figures.map(\.0))
  func nothingOverlapsAndNothingIsCut(_ name: String) throws {
    let figure = try #require(Self.figures.first { $0.0 == name }).1
    // Beside names of 200 letters without a space gnuplot leaves the plot too little.
    let beside: [Legend] = name == "no-spaces" ? [] : [.right]
    for legend in [Legend.above, .topLeft, .bottomRight] + beside {
      var figure = figure
      figure.legend = legend
      let faults = SVGText.faults(try SVGText.all(in: figure), size: figure.size)
      #expect(faults == [], "\(name), \(legend)")
      if legend == .above || legend == .right {
        try figure.write(to: Folder.gallery().url, name: "long-\(name)-\(legend)")
      }
    }
    let panels = Figure.grid(Self.long, columns: 2, [figure, figure, figure, figure])
    try panels.write(to: Folder.gallery().url, name: "long-\(name)-panels")
  }

  @Test func seriesOfOneColourDiffer() throws {
    let folder = Folder()
    let script = try String(
      contentsOf: Self.lines(13) { "\($0)" }.write(to: folder.url, name: "it").script,
      encoding: .utf8)
    let looks = script.matches(of: #/with lines (lc \d dt \S+)/#).map { $0.1 }
    #expect(Set(looks).count == 13)
  }

  @Test func longNamesAtTheAxes() throws {
    var bars = Figure(
      "Bars", x: Axis("\(Self.long) \(Self.long)"), y: Axis("\(Self.long) \(Self.long)"))
    bars.bars([Self.long, "b", "c"], [1, 2, 3])
    try bars.write(to: Folder.gallery().url, name: "long-bars")
    var many = Figure("Many bars")
    many.bars((0..<200).map { "name \($0)" }, (0..<200).map(Double.init))
    try many.write(to: Folder.gallery().url, name: "long-many-bars")
    var lying = Figure("Bars")
    lying.bars([Self.long, "b", "c"], [1, 2, 3], horizontal: true)
    try lying.write(to: Folder.gallery().url, name: "long-lying")
  }
}
