import Foundation
import TestSupport
import Testing

import Figures

/// Every kind of figure comes out as a picture, and comes out of its own script again.
@Suite struct DrawingTests {
  @Test(arguments: Gallery.figures.map(\.name))
  func drawsItselfAgain(_ name: String) throws {
    let figure = try #require(Gallery.figures.first { $0.name == name }).figure
    let folder = Folder.gallery()
    let files = try figure.write(to: folder.url, name: name)
    #expect(files.png == folder.url.appendingPathComponent("\(name).png"))
    #expect(files.script == folder.url.appendingPathComponent("\(name).gp"))
    let picture = try Data(contentsOf: files.png)
    #expect(picture.count > 10_000)

    try FileManager.default.removeItem(at: files.png)
    #expect(try run("gnuplot", "\(name).gp", in: folder.url) == 0)
    #expect(try Data(contentsOf: files.png) == picture, "\(name).gp draws another picture")

    #expect(figure.altText.hasPrefix(figure.title))
    #expect(!figure.altText.contains("\n"))
  }

  @Test func sameFigureSameBytes() throws {
    let folder = Folder()
    let (first, second) = (
      try Gallery.surface.write(to: folder.url, name: "first"),
      try Gallery.surface.write(to: folder.url, name: "second")
    )
    #expect(try Data(contentsOf: first.png) == Data(contentsOf: second.png))
  }

  @Test func otherDataOtherPicture() throws {
    let folder = Folder()
    var figure = Figure("One")
    figure.line(y: [1, 2, 3])
    let first = try Data(contentsOf: figure.write(to: folder.url, name: "a").png)
    figure.line(y: [3, 2, 1])
    #expect(try Data(contentsOf: figure.write(to: folder.url, name: "a").png) != first)
    #expect(folder.names == ["a.gp", "a.png"])
  }

  /// Along a bend gnuplot would begin its dashes anew with each short piece, and draw it solid.
  @Test(arguments: [LineStyle.dashed, .dotted])
  func bentArrowsAreDashedToo(_ style: LineStyle) throws {
    var diagram = Diagram("Back")
    let (a, b) = (diagram.box("a", x: 0, y: 0), diagram.box("b", x: 4, y: 0))
    diagram.arrow(from: b, to: a, bend: 1, style: style)
    let files = try Figure(diagram).write(to: Folder().url, name: "back")
    let ends = try String(contentsOf: files.script, encoding: .utf8)
      .matches(of: #/set arrow from (\S+) to (\S+) (head|nohead).* dt solid/#)
    #expect(ends.count > 8)
    for (piece, next) in zip(ends, ends.dropFirst()) { #expect(piece.2 != next.1) }
    #expect(ends.map { $0.3 == "head" } == ends.indices.map { $0 == ends.count - 1 })
  }

  @Test func makesTheFolder() throws {
    let folder = Folder()
    var figure = Figure("One")
    figure.points(x: [1.0, 2], y: [Float(1), 2])
    let deep = folder.url.appendingPathComponent("it's/a `deep` $folder/\"名\"")
    let files = try figure.write(to: deep, name: "loss curve's")
    #expect(FileManager.default.fileExists(atPath: files.png.path))
    try FileManager.default.removeItem(at: files.png)
    #expect(try run("gnuplot", files.script.lastPathComponent, in: deep) == 0)
    #expect(FileManager.default.fileExists(atPath: files.png.path))
  }

  @Test func acceptsWhatNumbersComeAs() throws {
    var figure = Figure("Numbers", x: .dates("day"))
    let days = (0..<3).map { Date(timeIntervalSince1970: Double($0) * 86_400) }
    figure.line(x: days, y: [1, 2, 3])
    figure.line(x: [0, 86_400, 172_800], y: [Float(3), 2, 1][...])
    try figure.write(to: Folder().url, name: "numbers")
  }

  @Test func oneValueOnly() throws {
    var figure = Figure("One value")
    figure.line(y: [5], label: "one", markers: true)
    figure.heatmap([[2]])
    var flat = Figure("Constant")
    flat.line(y: [3, 3, 3])
    flat.histogram([1, 1, 1], bins: 3)
    let folder = Folder()
    try figure.write(to: folder.url, name: "one")
    try flat.write(to: folder.url, name: "flat")
  }

  /// gnuplot draws nothing of a matrix of one row and says so in a warning only.
  @Test(arguments: [(1, 12), (12, 1), (1, 1)])
  func heatmapOfOneRow(_ rows: Int, _ columns: Int) throws {
    let cells = (0..<rows).map { row in (0..<columns).map { Double(row + $0) } }
    var figure = Figure("\(rows) × \(columns)")
    figure.heatmap(cells, range: 0...11)
    let folder = Folder.gallery()
    let name = "cells-\(rows)x\(columns)"
    let picture = try Data(contentsOf: figure.write(to: folder.url, name: name).png)
    var empty = figure
    empty.heatmap(cells.map { $0.map { _ in 11 } }, range: 0...11)
    let other = try Data(contentsOf: empty.write(to: Folder().url, name: name).png)
    #expect(picture != other)
  }

  @Test func infinityIsAGap() throws {
    var figure = Figure("Diverged")
    figure.line(y: [1.0, .infinity, 3, -.infinity, .nan, 5])
    let files = try figure.write(to: Folder.gallery().url, name: "diverged")
    let script = try String(contentsOf: files.script, encoding: .utf8)
    #expect(script.contains("0 1\n1 nan\n2 3\n3 nan\n4 nan\n5 5\ne\n"))
  }
}
