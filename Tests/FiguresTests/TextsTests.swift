import Figures
import Foundation
import Testing

/// A figure's texts in another language.
@Suite struct TextsTests {
  private func script(_ figure: Figure) throws -> String {
    let folder = Folder()
    return try String(
      contentsOf: figure.write(to: folder.url, name: "it").script, encoding: .utf8)
  }

  @Test func everyTextIsChanged() throws {
    var figure = Figure("title", x: "across", y: .log("up"))
    figure.line(y: [1, 2], label: "line")
    figure.horizontalLine(y: 1, label: "level")
    figure.verticalLine(x: 1, label: "moment")
    figure.shade(x: 0...1, label: "part")
    figure.annotate("note", x: 0, y: 1)
    figure.texts(["word"], x: [0.5], y: [1.5])
    figure.x.ticks = .at([(0, "first"), (1, "last")])
    var heat = Figure("heat")
    heat.colorBar.label = "warmth"
    heat.heatmap([[1, 2]], rows: ["row"], columns: ["one", "two"])
    var bars = Figure("bars")
    bars.bars(["ape", "bee"], [1, 2], label: "animals")
    var pictures = Figure("pictures")
    pictures.pictures([[0, 1, 1, 0]], width: 2, captions: ["caption"])
    var diagram = Diagram("drawing")
    let node = diagram.box("box", x: 0, y: 0)
    diagram.arrow(from: node, to: diagram.circle("circle", x: 3, y: 0), label: "arrow")
    diagram.text("free", x: 1, y: 2)
    var all = Figure.grid("grid", [figure, heat, bars, pictures, Figure(diagram)])
    var seen: Set<String> = []
    all.mapTexts { text in
      seen.insert(text)
      return text.uppercased()
    }
    let texts: Set = [
      "title", "across", "up", "line", "level", "moment", "part", "note", "word", "first", "last",
      "heat", "warmth", "row", "one", "two", "bars", "ape", "bee", "animals", "pictures", "caption",
      "drawing", "box", "circle", "arrow", "free", "grid",
    ]
    #expect(texts.isSubset(of: seen))
    let script = try script(all), alt = all.altText
    for text in texts {
      #expect(script.contains("'\(text.uppercased())"), "\(text)")
      #expect(!script.contains("'\(text)'"), "\(text)")
    }
    #expect(
      alt.contains("box") == false
        && alt.contains("diagram of BOX, CIRCLE; arrows BOX → CIRCLE (ARROW)"))
  }

  /// Lines of Chinese end anywhere but before what closes and within words of letters.
  @Test func linesOfChinese() throws {
    let title = String(repeating: "长短期记忆网络（LSTM）比普通 RNN 记得更久，", count: 6)
    var figure = Figure(title, x: "步")
    figure.line(y: [1, 2])
    let script = try script(figure)
    let line = try #require(script.split(separator: "\n").first { $0.hasPrefix("set title '") })
    let parts = line.dropFirst(11).components(separatedBy: #"'."\n".'"#)
    #expect(parts.count > 1)
    for part in parts {
      #expect(!"，。）、".contains(part.first!), "\(part)")
      #expect(!part.hasPrefix("STM") && !part.hasPrefix("NN") && !part.hasSuffix("（"), "\(part)")
    }
  }

  /// A Chinese character is as wide as two letters, so that a box with some has smaller text.
  @Test func textsOfBoxes() throws {
    func size(_ text: String) throws -> Int {
      var diagram = Diagram("d")
      diagram.box(text, x: 0, y: 0, width: 1)
      diagram.box("", x: 8, y: 0)
      let match = try script(Figure(diagram)).firstMatch(
        of: #/set label '[^']+' .* font 'DejaVu Sans,([0-9]+)'/#)
      return Int(try #require(match?.1))!
    }
    #expect(try size("隐状态隐状态") == size("abcdefabcdef"))
  }
}
