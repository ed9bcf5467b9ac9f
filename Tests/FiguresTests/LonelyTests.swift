import Figures
import Foundation
import TestSupport
import Testing

/// Series of hardly anything.
@Suite struct LonelyTests {
  /// Draws and returns the picture and the script.
  func draw(_ figure: Figure, name: String = "it") throws -> (Data, String) {
    let files = try figure.write(to: Folder.gallery().url, name: name)
    return (
      try Data(contentsOf: files.picture), try String(contentsOf: files.script, encoding: .utf8)
    )
  }

  @Test func aValueBetweenTwoGapsIsAPoint() throws {
    var figure = Figure("Gaps")
    figure.line(y: [1, .nan, 2, .nan, 3, 4, .infinity, 5], label: "measured")
    let (_, script) = try draw(figure, name: "lonely")
    #expect(script.contains("$data2 << e\n0 1\n2 2\n7 5\ne\n"))
    #expect(script.contains("$data2 using 1:2 with points pt 7 ps 1.23 lc 1 notitle"))
    var whole = Figure("Whole")
    whole.line(y: [1, 2, 3])
    #expect(try !draw(whole).1.contains("with points"))
    // On a logarithmic axis what is not above 0 is a gap.
    var log = Figure("Log", y: .log("loss"))
    log.line(y: [1, 0, 2, -1, 3])
    #expect(try draw(log).1.contains("$data2 << e\n0 1\n2 2\n4 3\ne\n"))
  }

  @Test func oneEpoch() throws {
    var figure = Figure("Loss", x: "epoch", y: .log("loss"))
    figure.line(x: [1], y: [0.5], label: "training")
    figure.line(x: [1], y: [0.7], label: "validation", style: .dashed)
    let (one, script) = try draw(figure, name: "one-epoch")
    #expect(script.matches(of: #/with points/#).count == 2)
    figure.line(x: [1], y: [0.9], label: "test")
    #expect(try draw(figure).0 != one)
    var band = Figure("Band")
    band.fillBetween(x: [1, 2, 3], low: [1, .nan, 0], high: [2, .nan, 3])
    #expect(try draw(band, name: "one-band").1.contains("with vectors nohead"))
  }

  /// Kinds of plots over one series of numbers.
  static let kinds: [(String, @Sendable (inout Figure, [Double]) -> Void)] = [
    ("line", { $0.line(y: $1) }), ("points", { $0.points(x: $1.indices, y: $1) }),
    ("band", { $0.fillBetween(x: $1.indices, low: $1, high: $1.map { $0 + 1 }) }),
    ("errors", { $0.errorBars(x: $1.indices, y: $1, errors: $1) }),
    ("impulses", { $0.impulses(x: $1.indices, y: $1) }), ("histogram", { $0.histogram($1) }),
    ("bars", { $0.bars($1.indices.map { "bar \($0)" }, $1, values: "%.1f") }),
    ("heatmap", { $0.heatmap([$1], values: "%.1f") }),
    ("texts", { $0.texts($1.map { "\($0)" }, x: $1.indices, y: $1) }),
    ("pictures", { $0.pictures([$1], width: max($1.count, 1)) }),
    ("path", { $0.path(x: $1.indices, y: $1, z: $1) }),
    ("x", { $0.line(x: $1, y: $1.indices) }),
  ]

  @Test(arguments: kinds.map(\.0))
  func everyKindDrawsOrSaysWhyNot(_ kind: String) throws {
    let draw = try #require(Self.kinds.first { $0.0 == kind }).1
    for numbers in [[], [.nan], [.nan, .nan], [.infinity], [-.infinity, .nan]] as [[Double]] {
      var figure = Figure("Nothing")
      draw(&figure, numbers)
      let error = #expect(throws: FigureError.self, "\(kind) of \(numbers)") {
        try figure.write(to: Folder().url, name: "it")
      }
      #expect(error?.description.hasSuffix("no number to draw") == true)
    }
    for (number, numbers)
      in ([
        [5], [0], [3, 3, 3], [-2], [.nan, 4], [1, .infinity, 2], [1e300, -1e300], [1e-300, 2e-300],
        [1.7e308, -1.7e308],
      ] as [[Double]]).enumerated()
    {
      var figure = Figure("Hardly anything")
      figure.size = .init(width: 600, height: 400)
      draw(&figure, numbers)
      do {
        try figure.write(to: Folder.gallery().url, name: "hardly-\(kind)-\(number)")
      } catch {
        #expect(abs(numbers[0]) > 1e100, "\(kind) of \(numbers): \(error)")
      }
    }
  }

  @Test func notesWithoutAPlaceAreLeftOut() throws {
    var figure = Figure("Notes", x: "x", y: Axis("y", min: .nan, max: .infinity))
    figure.line(y: [1, 2, 3])
    let bare = try draw(figure).1
    figure.verticalLine(x: Double.nan, label: "nowhere")
    figure.horizontalLine(y: .infinity, label: "nowhere")
    figure.annotate("nowhere", x: Double.nan, y: 1)
    #expect(try draw(figure).1 == bare)
    figure.annotate("here", x: 1, y: 1, pointingTo: (.nan, 2))
    figure.shade(x: 1...Double.infinity, label: "from here on")
    #expect(try draw(figure).1.contains("to graph 1, graph 1 behind"))
  }
}
