import Figures
import Foundation
import TestSupport
import Testing

/// The gallery of the reference: its pictures are drawn by exactly the lines that it shows.
///
///     KEEP_GALLERY=1 swift test … --filter GalleryPageTests
///
/// draws them anew and keeps them beside the page.
@Suite struct GalleryPageTests {
  static let catalog = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Sources/Figures/Figures.docc").standardizedFileURL
  static let page = catalog.appendingPathComponent("Gallery.md")

  private func draw(in folder: URL) throws {
    // What the page shows begins here.
    let epochs = Array(1...40)
    let training = epochs.map { 0.9 * exp(-Double($0) / 8) + 0.02 }
    let validation = epochs.map { exp(-Double($0) / 7) + 0.05 + 0.001 * Double($0) }
    let days = (0..<730).map { Date(timeIntervalSince1970: 1_672_531_200 + 86_400 * Double($0)) }
    let noise = (0..<2000).map { sin(Double($0) * 1.7) + cos(Double($0) * 0.37) }

    var loss = Figure("Loss", x: "epoch", y: .log("mean squared error"))
    loss.line(x: epochs, y: training, label: "training")
    loss.line(x: epochs, y: validation, label: "validation", style: .dashed)
    loss.verticalLine(x: 24, label: "weights kept")
    try loss.write(to: folder, name: "gallery-loss")

    let warmth = days.indices.map { 10 - 11 * cos(Double($0) / 58.1) + 2 * noise[$0] }
    var series = Figure("Temperature", x: .dates("day"), y: "°C")
    series.line(x: days, y: warmth, color: .black, width: 2)
    series.shade(x: days[550]...days[729], label: "test", color: .green)
    series.size = .flat
    try series.write(to: folder, name: "gallery-dates")

    let forecast = epochs.map { 3 + sin(Double($0) / 5) }
    let low = epochs.map { forecast[$0 - 1] - 0.1 - Double($0) / 60 }
    let high = epochs.map { forecast[$0 - 1] + 0.1 + Double($0) / 60 }
    var band = Figure("A forecast and how sure it is", x: "step", y: "value")
    band.fillBetween(x: epochs, low: low, high: high, color: .blue)
    band.line(x: epochs, y: forecast, label: "forecast", color: .blue)
    band.errorBars(
      x: [5, 15, 25, 35], y: [3.9, 3.2, 1.9, 3.6], errors: [0.2, 0.3, 0.3, 0.4], label: "measured",
      color: .vermilion)
    try band.write(to: folder, name: "gallery-band")

    let networks = ["last value", "RNN", "LSTM", "GRU"]
    var bars = Figure("Test error", y: "RMSE")
    bars.bars(networks, [49.4, 15.1, 15.2, 14.9], label: "one step", values: "%.1f")
    bars.bars(networks, [88.4, 19.9, 18.0, 17.6], label: "twelve steps", values: "%.1f")
    try bars.write(to: folder, name: "gallery-bars")

    let lags = Array(0...36)
    var correlation = Figure("Autocorrelation", x: "lag", y: "correlation")
    correlation.impulses(x: lags, y: lags.map { exp(-Double($0) / 12) * cos(Double($0) * .pi / 6) })
    correlation.horizontalLine(y: 0.16, label: "95 %", style: .dotted)
    correlation.size = .flat
    try correlation.write(to: folder, name: "gallery-impulses")

    var histogram = Figure("Residuals", x: "error", y: "how often")
    histogram.histogram(noise, bins: 24, range: -2...3, label: "before")
    histogram.histogram(noise.map { $0 / 2 + 0.9 }, bins: 24, range: -2...3, label: "after")
    try histogram.write(to: folder, name: "gallery-histogram")

    let quartiles = (0...4).map { part in (0..<3).map { Double(part * (4 - $0)) + Double($0) } }
    var boxes = Figure("Spread over seeds", x: Axis("network", min: -0.7, max: 2.7), y: "loss")
    boxes.x.ticks = .at([(0, "RNN"), (1, "LSTM"), (2, "GRU")])
    boxes.marks.append(
      Mark(
        "box plot", columns: [(.x, [0, 1, 2])] + quartiles.map { (.y, $0) },
        plots: ["using 1:3:2:6:5:(0.5) with candlesticks lc 1 lw 2.5 whiskerbars fs empty"]))
    try boxes.write(to: folder, name: "gallery-boxes")

    var states = Figure("Cell state", x: "step", y: "unit")
    states.heatmap(
      (0..<6).map { unit in epochs.map { sin(Double($0 * (unit + 2)) / 9) } }, palette: .diverging)
    states.colorBar.label = "c"
    states.size = .flat
    try states.write(to: folder, name: "gallery-heatmap")

    let languages = ["Arabic", "Czech", "Dutch", "Greek"]
    let shares = [[0.9, 0, 0.1, 0], [0, 0.7, 0.2, 0.1], [0.1, 0.1, 0.8, 0], [0, 0.1, 0, 0.9]]
    var confusion = Figure("Surnames", x: "predicted", y: "true")
    confusion.heatmap(shares, rows: languages, columns: languages, values: "%.1f", square: true)
    confusion.size = .square
    try confusion.write(to: folder, name: "gallery-confusion")

    let grid = (-20...20).map { Double($0) / 10 }, way = epochs.map { 1.9 - Double($0) / 25 }
    func height(_ x: Double, _ y: Double) -> Double { 0.05 + x * x + pow(y - 0.5 * x, 2) }
    var surface = Figure("An error surface", x: "weight", y: "bias")
    surface.z.label = "error"
    surface.surface(x: grid, y: grid, z: grid.map { y in grid.map { height($0, y) } })
    surface.path(x: way, y: way, z: way.map { height($0, $0) }, label: "descent", color: .vermilion)
    try surface.write(to: folder, name: "gallery-surface")

    var error = Figure("validation", x: "epoch", y: "RMSE")
    error.line(x: epochs, y: validation.map { $0.squareRoot() }, color: .vermilion)
    let panels = Figure.grid("Training", columns: 2, [loss, error])
    try panels.write(to: folder, name: "gallery-panels")

    var diagram = Diagram("A recurrent unit")
    let unit = diagram.box("tanh", x: 2, y: 0, width: 1.6)
    diagram.arrow(from: diagram.circle("xₜ", x: 0, y: 0), to: unit, label: "W")
    diagram.arrow(from: unit, to: diagram.circle("hₜ", x: 4, y: 0, color: .green))
    diagram.loop(on: unit, label: "U", side: .top)
    try Figure(diagram).write(to: folder, name: "gallery-diagram")

    var chinese = Figure("长短期记忆的训练", x: "轮次", y: .log("均方误差"))
    chinese.line(x: epochs, y: training, label: "训练集")
    chinese.line(x: epochs, y: validation, label: "验证集")
    chinese.size = .flat
    try chinese.write(to: folder, name: "gallery-chinese")

    let points = epochs.map { Double($0) / 4 }, truth = points.map { sin($0) + 0.2 * cos(9 * $0) }
    let learning = Animation(16, framesPerSecond: 6) { epoch in
      var figure = Figure("Epoch \(epoch + 1)", x: "x", y: "y")
      figure.points(x: points, y: truth, color: .gray)
      figure.line(x: points, y: points.map { (1 - pow(0.75, Double(epoch))) * sin($0) })
      figure.size = .flat
      return figure
    }
    try learning.write(to: folder, name: "gallery-training")

    try loss.write(to: folder, name: "gallery-loss.svg")
    try loss.write(to: folder, name: "gallery-loss.pdf")
    try loss.write(to: folder, name: "gallery-dark", theme: .dark)
    // And ends here.
  }

  @Test func thePicturesAreDrawnByTheLinesOfThePage() throws {
    let shown = try Self.lines(String(contentsOf: Self.page, encoding: .utf8), isPage: true)
    let here = try String(contentsOf: URL(fileURLWithPath: #filePath), encoding: .utf8)
    #expect(shown == Self.lines(here, isPage: false))

    let folder = Scratch()
    try draw(in: folder.url)
    let named = try Self.named()
    #expect(Set(folder.names).isSuperset(of: named))
    #expect(Set(folder.names).isSuperset(of: ["gallery-loss.svg", "gallery-loss.pdf"]))
    if ProcessInfo.processInfo.environment["KEEP_GALLERY"] != nil {
      for name in named {
        let png = try Data(contentsOf: folder[name])
        try PalettePNG.smaller(png).write(to: Self.catalog.appendingPathComponent(name))
      }
    }
  }

  /// Whole pictures, and none that nothing shows; the page stays light.
  @Test func thePicturesAreThere() throws {
    let named = try Self.named()
    #expect(named.count > 12 && Set(named).count == named.count)
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.catalog.path)
      .filter { $0.hasSuffix(".png") }
    #expect(files.sorted() == named.sorted())
    var bytes = 0
    for file in files {
      let data = try Data(contentsOf: Self.catalog.appendingPathComponent(file))
      #expect(
        data.starts(with: PalettePNG.signature) && data.suffix(8).starts(with: Data("IEND".utf8)))
      bytes += data.count
    }
    #expect(bytes < 800_000, "\(bytes) bytes of pictures")
  }

  /// The pictures that the page shows.
  private static func named() throws -> [String] {
    try String(contentsOf: page, encoding: .utf8).matches(of: #/!\[[^\]]+\]\(([a-z.-]+)\)/#)
      .map { String($0.1) }
  }

  /// The lines of code, without what stands before them in their line, and without imports.
  private static func lines(_ text: String, isPage: Bool) -> [Substring] {
    let (start, end) = isPage ? ("```swift", "```") : ("// What the page shows", "// And ends here")
    var isCode = false
    return text.split(separator: "\n").compactMap { line in
      let line = line.drop { $0 == " " }
      if isCode, line.hasPrefix(end) {
        isCode = false
      } else if line.hasPrefix(start) {
        isCode = true
      }
      let isLine = isCode && !line.hasPrefix(start) && !line.hasPrefix("import ")
      return isLine ? line : nil
    }
  }
}
