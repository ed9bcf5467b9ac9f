import Figures
import Foundation

/// One figure of each kind, as a chapter would draw it.
enum Gallery {
  static let figures: [(name: String, figure: Figure)] = [
    ("lines", lines), ("loss", loss), ("bars", bars), ("bars-lying", barsLying),
    ("band", band), ("error-bars", errorBars), ("impulses", impulses), ("histogram", histogram),
    ("heatmap", heatmap), ("confusion", confusion), ("gates", gates), ("surface", surface),
    ("words", words), ("dates", dates), ("gaps", gaps), ("panels", panels), ("column", column),
    ("pictures", pictures), ("unrolled", unrolled), ("packing", packing), ("network", network),
    ("many", many),
  ]

  static let months = (0..<144).map(Double.init)
  static let passengers = months.map {
    110 + 2.2 * $0 + (20 + 0.5 * $0) * sin($0 / 12 * 2 * .pi) + 6 * sin($0 * 12.9898)
  }

  static var lines: Figure {
    var figure = Figure(
      "Airline passengers, forecast one month ahead", x: "month since January 1949",
      y: "passengers (thousands)")
    figure.shade(x: 0...99, label: "training", color: .gray, opacity: 0.06)
    figure.shade(x: 99...120, label: "validation", color: .orange)
    figure.shade(x: 120...143, label: "test", color: .green)
    figure.line(x: months, y: passengers, label: "truth", color: .black)
    figure.line(
      x: months.dropFirst(99), y: passengers.dropFirst(99).map { $0 * 1.03 + 5 }, label: "forecast",
      color: .vermilion, style: .dashed, markers: true)
    figure.annotate(
      "the forecast lags\nbehind the peak", x: 86, y: 480, pointingTo: (125, 505))
    return figure
  }

  static var loss: Figure {
    var figure = Figure("Loss while training", x: "epoch", y: .log("mean squared error"))
    let epochs = Array(1...200)
    figure.line(
      x: epochs, y: epochs.map { 0.6 * exp(-Double($0) / 30) + 0.004 }, label: "training")
    figure.line(
      x: epochs, y: epochs.map { 0.7 * exp(-Double($0) / 26) + 0.008 + Double($0) * 2e-5 },
      label: "validation", style: .dashed)
    figure.verticalLine(x: 137, label: "stopped here, best weights kept")
    figure.horizontalLine(y: 0.02, label: "last value", color: .green)
    return figure
  }

  static var bars: Figure {
    var figure = Figure("Test error of every forecast, three seeds", y: "RMSE (passengers)")
    let names = ["last month", "a year before", "with growth", "RNN", "LSTM", "GRU"]
    figure.bars(names, [49.4, 42.6, 16.2, 15.1, 15.2, 14.9], label: "one step", values: "%.1f")
    figure.bars(
      names, [88.4, 42.6, 21.3, 19.9, 18.0, .nan], label: "twelve steps",
      errors: [0, 0, 0, 2.1, 1.4, 0], values: "%.1f")
    return figure
  }

  static var barsLying: Figure {
    var figure = Figure("Five versions of one LSTM, time of a training step", x: .log("ms"))
    figure.bars(
      [
        "each gate: two products", "one product a gate", "one product for four gates",
        "input of all steps at once", "whole-sequence operation",
      ], [14.9, 8.1, 4.2, 2.4, 0.62], values: "%.2f ms", horizontal: true)
    return figure
  }

  static var band: Figure {
    var figure = Figure("Adding problem, length 100, three seeds", x: "step", y: "squared error")
    let steps = stride(from: 0, through: 1500, by: 25).map(Double.init)
    for (name, speed, color) in [("LSTM", 300.0, Color.blue), ("GRU", 180.0, .vermilion)] {
      let mean = steps.map { 0.167 / (1 + exp(($0 - speed * 2.5) / speed * 5)) + 0.002 }
      figure.fillBetween(
        x: steps, low: mean.map { $0 * 0.7 }, high: mean.map { $0 * 1.2 + 0.004 }, color: color)
      figure.line(x: steps, y: mean, label: name, color: color)
    }
    figure.horizontalLine(y: 0.167, label: "always saying 1")
    figure.y.min = 0
    return figure
  }

  static var errorBars: Figure {
    var figure = Figure("Gradient norm by distance in time", x: "steps back", y: .log("norm"))
    let back = stride(from: 0, through: 60, by: 5).map(Double.init)
    for (name, factor, marker) in [("RNN", 0.9, Marker.circle), ("LSTM", 0.985, .square)] {
      let norms: [Double] = back.map { pow(factor, $0) }
      figure.errorBars(
        x: back, y: norms, errors: norms.map { $0 * 0.3 }, label: name, marker: marker)
    }
    figure.line(
      x: back, y: back.map { pow(1.05, $0) }, label: "1.05ⁿ", color: .gray, style: .dotted)
    figure.legend = .bottomLeft
    return figure
  }

  static var impulses: Figure {
    var figure = Figure("Autocorrelation of the residuals", x: "lag", y: "correlation")
    let lags = (0...36).map(Double.init)
    let correlations: [Double] = lags.map { exp(-$0 / 6) * cos($0 / 12 * 2 * .pi) }
    figure.impulses(x: lags, y: correlations)
    figure.horizontalLine(y: 0.16, style: .dotted)
    figure.horizontalLine(y: -0.16, style: .dotted)
    figure.size = .flat
    return figure
  }

  static var histogram: Figure {
    var figure = Figure("Windows of 12 hours, how long they are", x: "values", y: "windows")
    let values = (0..<2000).map { number -> Double in
      let slow = sin(Double(number) * 1.7)
      return 10 + 3 * slow + 2 * cos(Double(number) * 0.37)
    }
    figure.histogram(values, bins: 24, range: 4...20, label: "irregular")
    figure.histogram(values.map { $0 + 3 }, bins: 24, range: 4...20, label: "resampled")
    return figure
  }

  static var heatmap: Figure {
    var figure = Figure("Forget gate over two sentences", x: "step", y: "unit")
    let gate: (Int, Int) -> Double = { unit, step in
      1 / (1 + exp(-3 * sin(Double(step * 2) / Double(unit + 3))))
    }
    figure.heatmap((0..<16).map { unit in (0..<60).map { gate(unit, $0) } }, range: 0...1)
    figure.colorBar.label = "gate"
    figure.size = .flat
    return figure
  }

  static var confusion: Figure {
    let names = ["Arabic", "Chinese", "Czech", "Dutch", "English", "French"]
    var figure = Figure("Surnames: who is taken for whom", x: "predicted", y: "true")
    figure.heatmap(
      (0..<6).map { row in (0..<6).map { row == $0 ? 0.83 : 0.03 + 0.01 * Double($0) } },
      rows: names, columns: names, values: "%.2f", square: true)
    figure.size = .square
    figure.colorBar.label = "share"
    return figure
  }

  static var gates: Figure {
    let text = Array("time traveller").map { $0 == " " ? "␣" : String($0) }
    var figure = Figure("Cell state, letter by letter", x: "letter", y: "unit")
    figure.heatmap(
      (0..<8).map { unit in text.indices.map { sin(Double($0 * (unit + 2)) / 5) * 1.4 } },
      columns: text, palette: .diverging)
    figure.colorBar.label = "c"
    figure.size = .flat
    return figure
  }

  static var surface: Figure {
    var figure = Figure("The error surface of one recurrent unit", x: "weight", y: "bias")
    figure.z = .log("error")
    let w = stride(from: -2.0, through: 2.0, by: 0.08).map { $0 }
    let b = stride(from: -1.0, through: 1.0, by: 0.04).map { $0 }
    func error(_ w: Double, _ b: Double) -> Double {
      0.02 + pow(b - 0.3 * w, 2) + (w > 1 ? 8 * (w - 1) : 0)
    }
    figure.surface(x: w, y: b, z: b.map { b in w.map { error($0, b) } })
    let walk = (0..<12).map { Double($0) / 11 }
    figure.path(
      x: walk.map { -1.6 + 2.9 * $0 }, y: walk.map { 0.8 - $0 },
      z: walk.map { error(-1.6 + 2.9 * $0, 0.8 - $0) }, label: "plain descent", color: .vermilion)
    figure.path(
      x: walk.map { -1.6 + 1.5 * $0 }, y: walk.map { 0.8 - $0 },
      z: walk.map { error(-1.6 + 1.5 * $0, 0.8 - $0) }, label: "clipped descent", color: .black)
    return figure
  }

  static var words: Figure {
    var figure = Figure("Words of the poem in two dimensions", x: "first axis", y: "second axis")
    let words = ["river", "night", "the", "moon", "water", "stone", "月", "under_way", "slow"]
    figure.texts(
      words, x: words.indices.map { cos(Double($0) * 1.1) * Double($0 + 2) },
      y: words.indices.map { sin(Double($0) * 1.1) * Double($0 + 2) }, label: "words")
    figure.texts(["and", "or"], x: [0.5, -3.0], y: [5.0, 4.0], label: "small words")
    return figure
  }

  static var dates: Figure {
    var figure = Figure("Air quality in Beijing", x: .dates("2010", format: "%d %b"), y: "PM2.5")
    let start = 1_262_304_000.0
    let hours = (0..<720).map { start + Double($0) * 3600 }
    figure.line(
      x: hours, y: hours.indices.map { 80 + 60 * sin(Double($0) / 40) + 20 * cos(Double($0) / 3) })
    figure.y.min = 0
    figure.size = .flat
    return figure
  }

  static var gaps: Figure {
    var figure = Figure("A sensor with gaps, filled two ways", x: "hour", y: "°C")
    let y = (0..<60).map { 20 + 4 * sin(Double($0) / 6) }
    let holes = y.enumerated().map { (17..<25).contains($0.offset) ? .nan : $0.element }
    figure.line(y: y.map { $0 + 0.6 }, label: "linear", color: .vermilion, style: .dashed)
    figure.line(y: y.map { $0 - 0.6 }, label: "previous", color: .green, style: .dotted)
    figure.line(y: holes, label: "measured", color: .black, markers: true)
    return figure
  }

  static var panels: Figure { .grid("Four figures in one", [lines, loss, confusion, bars]) }

  static var column: Figure { .grid("One below the other", columns: 1, [gaps, heatmap, gates]) }

  static var many: Figure {
    var figure = Figure(
      "Perplexity of five models on the next ten thousand characters of the same novel",
      x: "epoch", y: "perplexity")
    let names = [
      "RNN, 256 hidden units", "GRU, 256 hidden units", "LSTM, 256 hidden units",
      "LSTM, two layers of 256 units", "LSTM, both directions (it cheats)", "unigrams",
    ]
    for (number, name) in names.enumerated() {
      let ends = 2.0 + Double(number)
      figure.line(y: (0..<50).map { ends + 12 * exp(-Double($0) / 9) }, label: name)
    }
    figure.x.label = "epoch"
    return .grid("Long names", columns: 3, [figure, figure, figure, figure, figure, figure])
  }

  static var unrolled: Figure {
    var diagram = Diagram("A recurrent unit and the same unit unrolled over time")
    let unit = diagram.circle("h", x: 0, y: 1.5, radius: 0.45, color: .blue)
    let input = diagram.circle("x", x: 0, y: 0)
    let output = diagram.circle("y", x: 0, y: 3.2, color: .green)
    diagram.arrow(from: input, to: unit, label: "W_x")
    diagram.arrow(from: unit, to: output, label: "W_y")
    diagram.loop(on: unit, label: "W_h")
    diagram.text("=", x: 2.0, y: 1.5, scale: 2)
    var before: Diagram.Node?
    for (step, name) in ["₁", "₂", "₃", "ₜ"].enumerated() {
      let x = 3 + Double(step) * 2.2
      let unit = diagram.box("h\(name)", x: x, y: 1.5)
      diagram.arrow(
        from: diagram.circle("x\(name)", x: x, y: 0), to: unit, label: step == 0 ? "W_x" : nil)
      diagram.arrow(from: unit, to: diagram.circle("y\(name)", x: x, y: 3, color: .green))
      if let before {
        diagram.arrow(
          from: before, to: unit, label: "W_h", style: step == 3 ? .dashed : .solid)
      }
      before = unit
    }
    return Figure(diagram)
  }

  static var packing: Figure {
    var diagram = Diagram("Three sentences, padded and packed")
    let words = ["gradient", "river", "moon"]
    for (row, word) in words.enumerated() {
      let padding = 8 - word.count
      let color = [Color.blue, .vermilion, .green][row]
      diagram.cells(word.map { String($0) }, x: 0, y: -Double(row), color: color)
      diagram.cells(
        Array(repeating: "·", count: padding), x: Double(word.count), y: -Double(row),
        color: .gray, opacity: 0.1)
      diagram.text("\(word.count)", x: 8.3, y: -Double(row))
    }
    var x = 0.0
    for step in 0..<8 {
      for (row, word) in words.enumerated() where step < word.count {
        let color = [Color.blue, .vermilion, .green][row]
        let letter = String(Array(word)[step])
        diagram.cells([letter], x: x, y: -4.2, size: 0.52, color: color)
        x += 0.52
      }
    }
    diagram.arrow(from: (4, -2.7), to: (4, -3.7), label: "time by time")
    return Figure(diagram)
  }

  static var network: Figure {
    var diagram = Diagram("Two layers, both directions")
    for step in 0..<4 {
      let x = Double(step) * 3.4
      let input = diagram.circle("x\(["₁", "₂", "₃", "₄"][step])", x: x, y: 0)
      let forward = diagram.box("forward", x: x - 0.8, y: 1.5, color: .blue)
      let backward = diagram.box("backward", x: x + 0.8, y: 2.8, color: .vermilion)
      let top = diagram.circle("concat", x: x, y: 4.4, radius: 0.5, color: .green)
      diagram.arrow(from: input, to: forward)
      diagram.arrow(from: input, to: backward, bend: -0.3)
      diagram.arrow(from: forward, to: top, bend: 0.2)
      diagram.arrow(from: backward, to: top)
      if step < 3 {
        diagram.arrow(from: (x - 0.05, 1.5), to: (x + 1.85, 1.5), color: .blue)
        diagram.arrow(from: (x + 3.45, 2.8), to: (x + 1.55, 2.8), color: .vermilion)
      }
    }
    return Figure(diagram)
  }

  static var pictures: Figure {
    var figure = Figure("Drawn digits")
    let side = Array(0..<28)
    let rings = (0..<20).map { number in
      side.flatMap { y in
        side.map { x -> Double in
          let r = hypot(Double(x) - 13.5, Double(y) - 13.5 - Double(number % 3))
          return exp(-pow(r - 4 - Double(number % 7), 2) / 3) * 255
        }
      }
    }
    figure.pictures(rings, width: 28, captions: (0..<20).map { "\($0 % 10)" }, columns: 10)
    return figure
  }
}
