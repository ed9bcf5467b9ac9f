import Figures
import Foundation
import TestSupport
import Testing

/// Lines of more points than the picture has pixels.
@Suite struct ManyPointsTests {
  /// The blocks of numbers of a figure's script, as rows of text.
  func blocks(_ figure: Figure, name: String = "it") throws -> [[Substring]] {
    let files = try figure.write(to: Folder.gallery().url, name: name)
    let script = try String(contentsOf: files.script, encoding: .utf8)
    return script.split(separator: "\n$data").dropFirst().map { block in
      block.split(separator: "\n").dropFirst().prefix { $0 != "e" }.map { $0 }
    }
  }

  static func noise(_ count: Int) -> [Double] {
    var state: UInt64 = 1
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53) - 0.5
    }
  }

  /// A path is stroked in a time that grows with the square of its length, so none is long.
  @Test func aMillionNoisyPoints() throws {
    var figure = Figure("A million", x: "step", y: "value")
    var y = Self.noise(1_000_000)
    y[777_777] = 3
    y[222_222] = -4
    figure.line(y: y)
    let blocks = try blocks(figure, name: "million")
    let rows = blocks.joined()
    #expect(rows.count < 4 * 2 * 1500 + blocks.count)
    #expect(blocks.allSatisfy { $0.count <= 1000 })
    #expect(rows.contains("777777 3") && rows.contains("222222 -4"))
    #expect(rows.first?.hasPrefix("0 ") == true && rows.last?.hasPrefix("999999 ") == true)
    // Each block begins where the one before ended.
    #expect(zip(blocks, blocks.dropFirst()).allSatisfy { $0.last == $1.first })
  }

  /// Every column of pixels keeps its least and largest value.
  @Test(arguments: [Axis.Scale.linear, .log]) func envelopesStay(_ scale: Axis.Scale) throws {
    let count = 200_000
    let x = (1...count).map(Double.init), y = Self.noise(count)
    var figure = Figure("Envelope", x: Axis("x", scale: scale))
    figure.line(x: x, y: y)
    let rows = try blocks(figure).joined().map { row in
      row.split(separator: " ").map { Double($0)! }
    }
    func columns(_ points: [(Double, Double)]) -> [Int: ClosedRange<Double>] {
      var found: [Int: ClosedRange<Double>] = [:]
      for (x, y) in points {
        let place = scale == .log ? log(x) / log(Double(count)) : x / Double(count)
        let column = Int(place * 100)
        let now = found[column] ?? y...y
        found[column] = min(now.lowerBound, y)...max(now.upperBound, y)
      }
      return found
    }
    let (all, kept) = (
      columns(Array(zip(x, y))), columns(rows.map { ($0[0], $0[1]) })
    )
    #expect(all.keys.sorted() == kept.keys.sorted())
    for (column, range) in all {
      let other = try #require(kept[column])
      #expect(abs(range.lowerBound - other.lowerBound) < 1e-11)
      #expect(abs(range.upperBound - other.upperBound) < 1e-11)
    }
  }

  @Test func gapsAndDatesStay() throws {
    var figure = Figure("Gaps", x: .dates("time"))
    let count = 100_000
    var y = Self.noise(count)
    for index in 30_000..<40_000 { y[index] = .nan }
    y[35_000] = 0.25
    figure.line(x: (0..<count).map { 1_262_304_000 + Double($0) }, y: y)
    let blocks = try blocks(figure, name: "many-gaps")
    let rows = blocks.joined()
    #expect(rows.filter { $0.hasSuffix(" nan") }.count == 2)
    #expect(rows.count < 12_100)
    #expect(blocks.last == ["35000 0.25"], "the lonely point")
  }

  /// Gaps everywhere: what is drawn is bounded by the picture, not by the gaps, and peaks stay.
  @Test func manyGaps() throws {
    let count = 300_000, noise = Self.noise(300_000)
    for share in [0.2, 0.5] {
      var y = noise.indices.map { noise[($0 * 7 + 1) % count] + 0.5 < share ? .nan : noise[$0] }
      (y[1001], y[1002]) = (3, 3.5)
      var figure = Figure("Gaps everywhere")
      figure.size = .init(width: 600, height: 400)
      figure.line(y: y)
      let rows = try blocks(figure, name: "gaps-everywhere-\(share)").joined()
      #expect(rows.count < count / 2 && rows.contains("1002 3.5"))
    }
    var figure = Figure("Every other")
    figure.size = .init(width: 600, height: 400)
    figure.line(y: noise.indices.map { $0 % 2 == 0 ? .nan : noise[$0] })
    #expect(try blocks(figure, name: "every-other").joined().count < count / 2)
  }

  /// A curve that turns back keeps its way: only neighbors are joined.
  @Test func curvesStay() throws {
    let turns = (0..<100_000).map { Double($0) / 100_000 * 2 * .pi * 40 }
    var figure = Figure("Spiral", x: "x", y: "y")
    figure.line(x: turns.map { cos($0) * $0 }, y: turns.map { sin($0) * $0 })
    figure.size = .square
    let picture = try Data(
      contentsOf: figure.write(to: Folder.gallery().url, name: "spiral").picture)
    // Each turn crosses the plot twice; a wrong join would be a long straight line.
    let rows = try blocks(figure).joined().map { row in
      row.split(separator: " ").map { Double($0)! }
    }
    let steps = zip(rows, rows.dropFirst()).map { hypot($0[0] - $1[0], $0[1] - $1[1]) }
    #expect(steps.max()! < 30)
    #expect(picture.count > 10_000)
    // Noise in no order has nothing to leave out.
    var scatter = Figure("Scatter")
    let x = Self.noise(20_000)
    scatter.line(x: x, y: x.reversed())
    #expect(try blocks(scatter).joined().count >= 20_000 - 20)
  }

  @Test func otherKinds() throws {
    let y = Self.noise(300_000)
    let x = y.indices.map(Double.init)
    var figure = Figure("Many")
    figure.fillBetween(x: x, low: y.map { $0 - 1 }, high: y.map { $0 + 1 })
    figure.line(y: y, label: "marked", markers: true)
    figure.points(x: x, y: y)
    figure.impulses(x: x, y: y)
    let rows = try blocks(figure, name: "many-kinds").joined()
    #expect(rows.count < 500_000)
  }
}
