import Figures
import Foundation
import TestSupport
import Testing

/// Numbers far from zero and close together.
@Suite struct OffsetTests {
  func script(_ figure: Figure) throws -> String {
    let folder = Folder()
    return try String(contentsOf: figure.write(to: folder.url, name: "it").script, encoding: .utf8)
  }

  @Test func largeNumbersThatDifferByOne() throws {
    var figure = Figure("Large", x: "step", y: "count")
    figure.line(y: [1e15, 1e15 + 1, 1e15, 1e15 + 1])
    figure.horizontalLine(y: 1e15 + 0.5, label: "half")
    figure.annotate("here", x: 1, y: 1e15 + 1, pointingTo: (2, 1e15))
    let text = try script(figure)
    #expect(text.contains("\n0 0\n1 1\n2 0\n3 1\ne\n"))
    #expect(text.contains("'1000000000000000.0' 0, "))
    #expect(text.contains("'1000000000000001.0' 1)"))
    #expect(text.contains("set yrange [0:1]"))
    #expect(text.contains("set arrow from graph 0, first 0.5 to graph 1, first 0.5"))
    #expect(text.contains("set arrow from 1,1 to 2,0"))
    #expect(SVGText.faults(try SVGText.all(in: figure), size: figure.size) == [])
    try figure.write(to: Folder.gallery().url, name: "offset")
  }

  @Test(arguments: [1e15, -1e15, 1e6, 123_456_789, 1e300, 1e-5])
  func everyKindOfPlot(_ base: Double) throws {
    let step = abs(base) * 1e-9
    let (x, y) = (
      (0..<50).map { base + Double($0) * step }, (0..<50).map { base + sin(Double($0)) * step }
    )
    var figure = Figure("Offset \(base)", x: "x", y: "y")
    figure.line(x: x, y: y)
    figure.points(x: x, y: y)
    figure.fillBetween(x: x, low: y.map { $0 - step }, high: y.map { $0 + step })
    figure.errorBars(x: x, y: y, errors: y.map { _ in step })
    figure.texts(["a"], x: [x[3]], y: [y[3]])
    figure.shade(x: x[4]...x[9], label: "part")
    figure.verticalLine(x: x[20], label: "here")
    #expect(SVGText.faults(try SVGText.all(in: figure), size: figure.size) == [])
    var map = Figure("Offset \(base)")
    map.heatmap([[base, base + step], [base + 2 * step, .nan]])
    let faults = SVGText.faults(try SVGText.all(in: map), size: map.size)
    #expect(faults == [], "heat map")
    if base == 1e300 { return }  // gnuplot reads a surface in single precision
    var surface = Figure("Offset \(base)", x: "x", y: "y")
    surface.surface(x: x, y: x, z: x.map { row in y.map { $0 + row - base } })
    let folder = Folder.gallery()
    try figure.write(to: folder.url, name: "offset\(base)")
    try map.write(to: folder.url, name: "offset\(base)-map")
    try surface.write(to: folder.url, name: "offset\(base)-surface")
  }

  @Test func stepsAndFormats() throws {
    var figure = Figure("Offset", x: Axis("n", ticks: .every(2), format: "%.0f"))
    figure.line(x: [1e9, 1e9 + 4], y: [1, 2])
    #expect(
      try script(figure).contains("set xtics ('1000000000' 0, '1000000002' 2, '1000000004' 4)"))
    // A thousand labels would be one black bar.
    var many = Figure("Epochs", x: Axis("epoch", ticks: .every(1)))
    many.line(x: 0..<1000, y: (0..<1000).map(Double.init))
    #expect(try script(many).contains("set xtics 100\n"))
    #expect(SVGText.faults(try SVGText.all(in: many), size: many.size) == [])
  }

  /// What reaches to zero keeps it.
  @Test func impulsesStayOnTheirGround() throws {
    var figure = Figure("Large")
    figure.impulses(x: [0, 1], y: [1e15, 1e15 + 1])
    #expect(try script(figure).contains("\n0 1e+15\n"))
  }
}
