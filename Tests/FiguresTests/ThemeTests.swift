import Foundation
import Testing

import Figures

/// Figures for dark pages and for narrow ones.
@Suite struct ThemeTests {
  private let folder = Folder()

  private func script(_ figure: Figure, _ theme: Theme) throws -> String {
    let files = try figure.write(to: folder.url, name: "figure", theme: theme)
    return try String(contentsOf: files.script, encoding: .utf8)
  }

  @Test func darkTurnsLightnessAndKeepsWords() throws {
    var figure = Figure("rgb '#ffffff' is white", x: "#252b33", y: "'#ffffff'")
    figure.line(y: [1, 2, 3], label: "#16181d", color: .rgb(200, 30, 30))
    let (light, dark) = (try script(figure, .light), try script(figure, .dark))
    #expect(light.contains("background rgb '#ffffff'") && light.contains("'#252b33'"))
    #expect(dark.contains("background rgb '#16181d'") && !dark.contains("background rgb '#ffffff'"))
    #expect(!dark.contains("ink = '#252b33'"))
    for line in light.split(separator: "\n") where line.contains("set xlabel '#252b33'") {
      #expect(dark.contains(line), "the label is not a color")
    }
    // Red stays red: more of it than of green and blue.
    let lines = dark.split(separator: "\n")
    let drawn = try #require(lines.first { $0.contains("title '#16181d'") })
    let color = try #require(drawn.firstMatch(of: #/rgb '#(..)(..)(..)'/#))
    let parts = [color.1, color.2, color.3].map { Int($0, radix: 16)! }
    #expect(parts[0] > 200 && parts[0] > parts[1] + 50 && parts[0] > parts[2] + 50)
  }

  /// What is read stands out from the ground: a contrast of 3 for signs, of 4.5 for words (WCAG).
  @Test func darkColorsStandOut() throws {
    var figure = Figure("Colors")
    for series in 0..<6 { figure.line(y: [0, Double(series)], label: "\(series)") }
    figure.horizontalLine(y: 2, label: "a line")
    let dark = try script(figure, .dark)
    func luminance(_ hex: Substring) -> Double {
      let number = Int(hex, radix: 16)!
      let parts = [16, 8, 0].map { shift -> Double in
        let part = Double(number >> shift & 255) / 255
        return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
      }
      return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }
    let ground = luminance("16181d")
    let series = dark.matches(of: #/set linetype \d lc rgb '#([0-9a-f]{6})'/#).map(\.1)
    #expect(series.count == 8)
    for color in series {
      #expect((luminance(color) + 0.05) / (ground + 0.05) > 3, "#\(color)")
    }
    for words in dark.matches(of: #/(?:ink = |textcolor rgb )'#([0-9a-f]{6})'/#).map(\.1) {
      #expect((luminance(words) + 0.05) / (ground + 0.05) > 4.5, "#\(words)")
    }
  }

  @Test(arguments: Gallery.figures.map(\.name))
  func everyKindIsDrawnForDarkAndNarrowPages(_ name: String) throws {
    let folder = Folder.gallery()
    let figure = try #require(Gallery.figures.first { $0.name == name }).figure
    try figure.write(to: folder.url, name: "\(name)-dark", theme: .dark)
    guard let narrow = figure.narrow else { return }
    #expect(narrow.size.width == 780)
    try narrow.write(to: folder.url, name: "\(name)-narrow")
  }

  @Test func narrowPanelsStandBelowOneAnother() throws {
    var part = Figure("Part")
    part.line(y: [1, 2])
    let grid = Figure.grid("Four", columns: 2, [part, part, part, part])
    #expect(grid.narrow!.size.height > 4 * 400)
    for name in ["surface", "bars-lying", "pictures", "unrolled"] {
      let figure = try #require(Gallery.figures.first { $0.name == name }?.figure)
      #expect(figure.narrow == nil, "\(name)")
      // One column has room for a drawing.
      let isSolid = ["surface", "bars-lying"].contains(name)
      #expect((Figure.grid("Two", columns: 2, [figure, part]).narrow == nil) == isSolid, "\(name)")
    }
  }

  /// Or the whole picture would have to be as large as the small letters ask for.
  @Test(arguments: [(series: 2, hasValues: true), (4, false)])
  func valuesAtThinBarsAreLeftOutOnATelephone(series: Int, hasValues: Bool) throws {
    var figure = Figure("Bars")
    for number in 0..<series {
      figure.bars(
        ["a", "b", "c", "d"], [0.25, 0.5, 0.75, 0.91], label: "\(number)", values: "%.2f")
    }
    let narrow = try #require(figure.narrow)
    #expect(narrow.readableWidth <= 390)
    let folder = Folder()
    for (drawn, isWritten) in [(figure, true), (narrow, hasValues)] {
      let files = try drawn.write(to: folder.url, name: "it")
      let script = try String(contentsOf: files.script, encoding: .utf8)
      #expect(script.contains("'0.91'") == isWritten)
    }
  }

  /// On a telephone of 390 pixels, of which a picture has 358 or as many as it asks for, no text is less
  /// than ten of them high: by what gnuplot writes into an SVG.
  @Test(arguments: Gallery.figures.map(\.name) + ["drawings", "long names"])
  func textsCanBeReadOnATelephone(_ name: String) throws {
    var figure: Figure
    switch name {
    case "drawings": figure = .grid("Two", columns: 2, [Gallery.unrolled, Gallery.packing])
    case "long names":
      figure = Figure("Matrix")
      figure.heatmap((0..<40).map { row in (0..<40).map { Double(row * $0) } }, values: "%.2f")
      for k in 0..<12 { figure.line(y: [0, 40], label: "a series with a long name, no. \(k)") }
    default: figure = try #require(Gallery.figures.first { $0.name == name }).figure
    }
    let drawn = figure.narrow ?? figure
    let files = try drawn.write(to: folder.url, name: "it.svg")
    let svg = try String(contentsOf: files.picture, encoding: .utf8)
    let sizes = svg.matches(of: #/font-size="([\d.]+)"/#).map { Double($0.1)! }
    let shown = Double(max(358, drawn.readableWidth)) / Double(drawn.size.width)
    #expect(try #require(sizes.min()) * shown > 9.99, "\(drawn.readableWidth)")
  }
}
