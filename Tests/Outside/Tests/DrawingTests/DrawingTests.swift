import Drawing
import Foundation
import Testing
import UnrollFigures

/// A figure type, a formula and raw lines of gnuplot, from another package.
struct DrawingTests {
  private func script(_ figure: Figure) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = try figure.write(to: folder, name: "figure")
    #expect(try Data(contentsOf: files.picture).count > 1000)
    return try String(contentsOf: files.script, encoding: .utf8)
  }

  private var boxes: Figure {
    var figure = Figure("Spread", x: "run", y: "loss")
    figure.box(x: 1, [1, 2, 3, 4, 10], label: "before")
    figure.box(x: 2, [2, 3, 3, 3, 4], label: "after", color: .green)
    return figure
  }

  @Test func boxesAreDrawnAndTold() throws {
    let script = try script(boxes)
    #expect(script.contains("with candlesticks lc 1 title 'before'"))
    #expect(script.contains("with candlesticks lc 3 title 'after'"))
    #expect(script.contains("set label 'median 3.0' at 2,3 left"))
    #expect(boxes.altText.contains("box 'before': 5 values from 1 to 10"))
  }

  @Test func theLinesOfTheCallerComeLast() throws {
    var figure = boxes
    figure.commands = ["set border 15", "set ytics 0.5"]
    figure.formula("sin(x) + 3", label: "it's a sine")
    let script = try script(figure)
    let lines = script.split(separator: "\n")
    let plot = lines.firstIndex { $0.hasPrefix("plot ") }!
    #expect(lines[plot - 2..<plot] == ["set border 15", "set ytics 0.5"])
    #expect(script.contains(#"sin(x) + 3 with lines lc 8 dt 2 title 'it'."'".'s a sine'"#))
  }

  @Test func aFormulaAlone() throws {
    var figure = Figure("Sine")
    figure.x.min = -3
    figure.x.max = 3
    figure.formula("sin(x)", label: "sine")
    #expect(try script(figure).contains("plot sin(x) with lines"))
  }

  @Test func inAGridToo() throws {
    var left = boxes
    left.commands = ["set border 15"]
    var grid = Figure.grid("Both", [left, boxes])
    grid.commands = ["set bars 3"]
    let script = try script(grid)
    #expect(script.contains("set border 15") && script.contains("set bars 3\n"))
  }

  /// A picture that moves, of a figure type of this package's own, on the axes of all its frames.
  @Test func boxesMove() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let animation = Animation(3, framesPerSecond: 2) { step in
      var figure = Figure("Step \(step)", x: "run", y: "loss")
      figure.box(x: 1, [1, 2, 3, 4, 10 + Double(step)])
      figure.size = Figure.Size(width: 600, height: 360)
      return figure
    }
    let files = try animation.write(to: folder, name: "boxes")
    let picture = try Data(contentsOf: files.picture)
    #expect(
      picture.range(of: Data("acTL".utf8)) != nil
        && picture.suffix(8).starts(with: Data("IEND".utf8)))
    let script = try String(contentsOf: files.script, encoding: .utf8)
    #expect(script.components(separatedBy: "set yrange [0:12]").count == 4)
  }

  @Test func datesInEveryKindOfFile() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    var figure = Figure("Days", x: .dates("day"), y: .log("count"))
    figure.line(x: (0..<9).map { Date(timeIntervalSince1970: 86_400 * Double($0)) }, y: 1..<10)
    for (name, start) in [("a.png", "\u{89}PNG"), ("a.svg", "<?xml"), ("a.pdf", "%PDF-")] {
      let data = try Data(contentsOf: figure.write(to: folder, name: name).picture)
      #expect(data.starts(with: start.unicodeScalars.map { UInt8($0.value) }), "\(name)")
    }
  }

  @Test func aLineThatGnuplotRefusesIsNamed() throws {
    var figure = boxes
    figure.commands = ["set nonsense 3"]
    #expect(throws: FigureError.self) { try script(figure) }
  }
}
