import Figures
import Foundation
import Notebook
import TestSupport
import Testing

/// A dark page turns its pictures round, so that it holds each of them once.
@Suite struct DarkPicturesTests {
  private func colors(_ theme: Theme) throws -> [(isSign: Bool, color: [Int])] {
    var figure = Figure("Colors", x: "x")
    for series in 0..<6 { figure.line(y: [0, Double(series)], label: "\(series)") }
    let scratch = Scratch()
    let script = try figure.write(to: scratch.url, name: "colors", theme: theme).script
    return try String(contentsOf: script, encoding: .utf8)
      .matches(of: #/(?:linetype \d lc rgb|ink =|textcolor rgb|background rgb) '#([0-9a-f]{6})'/#)
      .map { match in
        let number = Int(match.1, radix: 16)!
        return (match.0.hasPrefix("linetype"), [16, 8, 0].map { number >> $0 & 255 })
      }
  }

  private func luminance(_ color: [Int]) -> Double {
    let parts = color.map { part -> Double in
      let part = Double(part) / 255
      return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
  }

  @Test func colorsAreNearlyThoseOfADarkDrawingAndStandOut() throws {
    let ground = [0x16, 0x18, 0x1D]
    #expect(DarkPictures.shown([255, 255, 255]) == ground)
    let (light, dark) = (try colors(.light), try colors(.dark))
    try #require(light.count == dark.count && light.count >= 10)
    var sum = 0
    for ((isSign, light), (_, dark)) in zip(light, dark) {
      let shown = DarkPictures.shown(light)
      let far = zip(shown, dark).map { abs($0 - $1) }
      #expect(far.max()! <= 50, "\(light) as \(shown), drawn \(dark)")
      sum += far.reduce(0, +)
      guard light != [255, 255, 255] else { continue }
      // What the guidelines ask for signs and for words (WCAG).
      let contrast = (luminance(shown) + 0.05) / (luminance(ground) + 0.05)
      #expect(contrast > (isSign ? 3 : 4.5), "\(light) as \(shown): \(contrast)")
    }
    #expect(Double(sum) / Double(3 * light.count) < 15)
  }

  @Test func aPageHoldsAPictureOnceForEachWidth() throws {
    let scratch = Scratch()
    let run = try Program(name: "NotebookFixture", directory: scratch.url).run("--output", ".")
    try #require(run.status == 0, "\(run.errors)")
    let page = try scratch.text("notebook-fixture/chapter.html")
    let figures = page.matches(of: #/<figure[\s\S]*?<\/figure>/#)
    #expect(!figures.isEmpty)
    for figure in figures {
      let pictures = figure.0.matches(of: #/data:image\/png/#).count
      #expect(pictures == (figure.0.contains("class=\"fixed") ? 1 : 2))
    }
    #expect(page.matches(of: #/id="dark"/#).count == 1)
  }
}
