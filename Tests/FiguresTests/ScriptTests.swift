import Foundation
import TestSupport
import Testing

import Figures

/// What is written for gnuplot to read.
@Suite struct ScriptTests {
  /// The script of a figure from its output line on.
  func script(_ figure: Figure) throws -> String {
    let folder = Folder()
    let files = try figure.write(to: folder.url, name: "it")
    let text = try String(contentsOf: files.script, encoding: .utf8)
    let output = try #require(text.range(of: "set output 'it.png'\n"))
    return String(text[output.upperBound...])
  }

  @Test func lines() throws {
    var figure = Figure("Loss", x: "epoch", y: .log("error", min: 0.1, max: 2))
    figure.line(x: [1, 2, 3], y: [1, 0.5, .nan], label: "training")
    figure.line(y: [0.1 + 0.2, 1e-7], color: .rgb(255, 0, 16), style: .dashed, width: 2)
    figure.x.ticks = .every(1)
    #expect(
      try script(figure) == """

        $data1 << e
        1 1
        2 0.5
        3 nan
        e

        $data2 << e
        0 0.3
        1 1e-07
        e

        set key outside top center horizontal title 'Loss' center font title_font textcolor rgb ink
        set xlabel 'epoch'
        set xtics 1
        set ylabel 'error'
        set logscale y
        set yrange [0.1:2]
        plot $data1 using 1:2 with lines lc 1 dt solid lw 3.5 title 'training', \\
             $data2 using 1:2 with lines lc rgb '#ff0010' dt (9,6) lw 2 notitle
        unset output

        """)
  }

  /// Whatever makes up one `Character` in Swift: CR LF is a line break, and a quote with an accent on
  /// it ends a string of gnuplot's.
  @Test func lineEndsAndQuotesScalarByScalar() throws {
    func title(_ text: String) throws -> String {
      var figure = Figure(text)
      figure.line(y: [1, 2])
      let line = try script(figure).split(separator: "\n").first { $0.contains(" title ") }
      return String(try #require(line))
    }
    for end in ["\n", "\r", "\r\n"] {
      #expect(try title("one" + end + "two").contains(#"title 'one'."\n".'two'"#))
    }
    let accented = try title("it'\u{301}s; system('ls')")
    #expect(
      accented.utf8.contains(
        #"title 'it'."'".'\#u{301}s; system('."'".'ls'."'".')'"#.utf8))
    var figure = Figure("Ticks")
    figure.line(y: [1, 2])
    figure.x.ticks = .at([(0, "5%"), (1, "5%\u{301}")])
    let ticks = try script(figure).split(separator: "\n").first { $0.hasPrefix("set xtics") }
    #expect(try #require(ticks).utf8.contains(#"'5%%\#u{301}' 1"#.utf8))
  }

  /// Ends such as 7.2916 are longer than the labels between them.
  @Test func panelsHaveAsManyLabelsAsCanBeRead() throws {
    let panels = [(0.0, 719.0), (7.2916, 8.8333)].map { low, high in
      var figure = Figure("Panel", x: "x", y: "y")
      figure.line(x: [low, high], y: [0, 1])
      return figure
    }
    let grid = Figure.grid("Panels", columns: 2, panels + panels)
    let texts = try SVGText.all(in: grid)
    for label in ["100", "700", "7.6", "8.2"] {
      // With no space before it, which would push it off its tick.
      #expect(texts.count { $0.text == label } == 2, "\(label)")
    }
    #expect(SVGText.faults(texts, size: grid.size) == [])
  }

  /// One axis: from the least number to the largest, and each number in one line down the page.
  @Test func panelsThatShareAnAxisStandInLine() throws {
    var line = Figure("line", x: "step", y: "thousands of passengers")
    line.line(x: [0, 5, 10], y: [100_000, 2, 3])
    var late = Figure("late", x: "step", y: "")
    late.line(x: [5, 10, 20], y: [0.1, 0.2, 0.1])
    var cells = Figure("cells", x: "step", y: "row")
    cells.heatmap([(0..<20).map { Double($0) / 20 }])
    for columns in [1, 3] {
      let grid = Figure.grid("Shared", columns: columns, [line, late, cells], sharesX: true)
      let texts = try SVGText.all(in: grid)
      #expect(SVGText.faults(texts, size: grid.size) == [])
      let fives = texts.filter { $0.text == "5" }
      #expect(fives.count == 3)
      if columns == 1 { #expect(Set(fives.map { $0.left.rounded() }).count == 1, "\(fives)") }
      let script = try script(grid)
      #expect(script.components(separatedBy: "set xrange [-0.5:20]").count == 4)
    }
    let apart = try script(.grid("Apart", columns: 1, [line, late, cells]))
    #expect(!apart.contains("set xrange [-0.5:20]"))
  }

  /// gnuplot would print 0.0000001.
  @Test func smallPowersOfTenAreNamed() throws {
    var figure = Figure("Loss", y: .log("error"))
    figure.line(y: [0.5, 3e-4, 2e-7, .nan, 0])
    let ticks = try #require(
      try script(figure).split(separator: "\n").first { $0.hasPrefix("set ytics") })
    #expect(
      ticks
        == "set ytics ('10⁻⁷' 1e-07, '10⁻⁶' 1e-06, '10⁻⁵' 1e-05, '10⁻⁴' 0.0001,"
        + " '10⁻³' 0.001, '10⁻²' 0.01, '10⁻¹' 0.1, '10⁰' 1)")
    var wide = Figure("Loss", y: .log("error"))
    wide.line(y: [1e-30, 1])
    #expect(try script(wide).contains("('10⁻³⁰' 1e-30, '10⁻²⁶' 1e-26,"))
    // What can be read as it is stays, and what was asked for.
    for (axis, low) in [(Axis.log("error"), 0.002), (Axis("error"), 1e-7)] {
      var plain = Figure("Loss", y: axis)
      plain.line(y: [0.5, low])
      #expect(try !script(plain).contains("set ytics"))
    }
    figure.y.format = "%.0e"
    #expect(try !script(figure).contains("set ytics"))
  }

  /// A text stands right of its point, or where there is room.
  @Test func textsKeepOutOfEachOthersWay() throws {
    var figure = Figure("Words")
    figure.texts(
      ["alone", "left", "right", "under", "over"], x: [0, 10, 10.2, 5, 5], y: [0, 5, 5, 9.9, 10.0])
    let labels = try script(figure).split(separator: "\n").filter { $0.hasPrefix("set label") }
    #expect(labels.count == 5)
    func side(_ text: String) -> Substring? {
      labels.first { $0.hasPrefix("set label '\(text)'") }?.split(separator: " ")[5]
    }
    #expect(side("alone") == "left", "right of its point")
    #expect(side("left") == "right", "to the right is another's point")
    #expect(side("right") == "left")
    #expect(Set(labels.suffix(2).map { $0.split(separator: " ")[5...7] }).count == 2)
  }

  @Test func startsWithItsOwnStyle() throws {
    let folder = Folder()
    var figure = Figure("Two\nlines of title # and more")
    figure.line(y: [1, 2])
    figure.size = .init(width: 640, height: 480)
    let files = try figure.write(to: folder.url, name: "it")
    let text = try String(contentsOf: files.script, encoding: .utf8)
    #expect(
      text.hasPrefix(
        """
        # Two lines of title # and more
        # Draw it again: gnuplot it.gp

        figure_width = 640
        figure_height = 480
        """))
    #expect(text.contains("set terminal pngcairo noenhanced"))
    #expect(!text.contains("\nload "))
    let header = try Data(contentsOf: files.png)[16..<24]
    #expect(Array(header) == [0, 0, 2, 128, 0, 0, 1, 224])
  }

  @Test(arguments: [
    "it's", "'", "''", "'a'", "a''", "\"quoted\"", "back\\slash\\n", "`touch gotcha`", "@macro",
    "$(touch gotcha)",
    "under_score^{up}", "100 % %s %d %n", "two\nlines", "\n", "tab\tbell\u{7}\u{0}end",
    "#no comment",
    "'; system 'touch gotcha'; #", "e\ne\nset output", "ŷₜ = σ(Wx) ∂L/∂W → −1 × ∞", "床前明月光",
    "{/Bold=40 x}",
    "\\", "'.system('touch gotcha').'", "\r\n", "…", "naïve",
    "a\r\nb", "a\rb", "a\u{2028}b\u{85}c\u{C}d", "'\u{301}; system 'touch gotcha'; #\u{301}",
    "%\u{301}s %", "a\\\nb\\", "\u{1B}[31mred\u{7F}",
  ])
  func printsAnyText(_ text: String) throws {
    var figure = Figure(text, x: Axis(text), y: Axis(text))
    figure.x.ticks = .at([(0, text), (1, "b")])
    figure.line(y: [1, 2], label: text)
    figure.texts([text], x: [0.5], y: [1.5])
    figure.annotate(text, x: 1, y: 1, pointingTo: (0, 1))
    figure.shade(x: 0...1, label: text)
    figure.verticalLine(x: 0.5, label: text)
    figure.horizontalLine(y: 1.5, label: text)
    var bars = Figure(text)
    bars.bars([text], [1], label: text, values: "%g")
    var diagram = Diagram(text)
    let node = diagram.box(text, x: 0, y: 0)
    diagram.loop(on: node, label: text)
    diagram.text(text, x: 2, y: 0)
    var pictures = Figure(text)
    pictures.pictures([[0, 1, 2, 3]], width: 2, captions: [text])
    var map = Figure(text)
    map.heatmap([[1, 2]], rows: [text], columns: [text, "b"])
    map.colorBar.label = text
    let folder = Folder()
    let parts = [figure, bars, Figure(diagram), pictures, map]
    let all = Figure.grid(text, columns: 2, parts, size: .init(width: 800, height: 900))
    try all.write(to: folder.url, name: "all")
    try figure.write(to: folder.url, name: "one")
    // Nothing that the text asks for was done.
    #expect(folder.names == ["all.gp", "all.png", "one.gp", "one.png"])
    #expect(!all.altText.contains { $0.isNewline })
  }

  @Test func percentAndQuotesStayAsTheyAre() throws {
    var figure = Figure("It's 5 %")
    figure.x.ticks = .at([(0, "5 %")])
    figure.line(y: [1, 2], label: "a_{1}\nb")
    let script = try script(figure)
    #expect(script.contains("title 'It'.\"'\".'s 5 %' center"))
    #expect(script.contains("set xtics ('5 %%' 0)"))
    // A legend has lines of its own.
    #expect(script.contains("title 'a_{1} b'"))
  }

  /// The same script, whatever the process takes for a decimal point.
  @Test func numbersDoNotFollowTheLocale() async throws {
    let folder = Folder()
    let made = try run(
      "localedef", "-i", "de_DE", "-f", "UTF-8", folder.url.path + "/de_DE.UTF-8", in: folder.url)
    if made > 1 { return }  // no sources of locales here; 1 are warnings
    let places = folder.url.path
    await #expect(processExitsWith: .success) { [places = places as String] in
      var figure = Figure("Numbers 0.5", x: .dates("time"))
      figure.line(x: [0.5, 1.25, 7e5], y: [0.5, 1e-7, 1e22], width: 2.5)
      figure.horizontalLine(y: 1.5)
      var bars = Figure("Bars")
      bars.bars(["a"], [1.5], values: "%.2f")
      var far = Figure("Far")
      far.line(y: [1e9 + 0.5, 1e9 + 0.25])
      let all = Figure.grid("All", [figure, bars, far])
      func script() throws -> String {
        let folder = Folder()
        let files = try all.write(to: folder.url, name: "it")
        return try String(contentsOf: files.script, encoding: .utf8) + all.altText
      }
      let before = try script()
      setenv("LOCPATH", places, 1)
      guard setlocale(LC_ALL, "de_DE.UTF-8") != nil else { exit(2) }
      setenv("LC_ALL", "de_DE.UTF-8", 1)
      exit(try script() == before ? 0 : 1)
    }
  }

  @Test func formatsOfNumbers() async throws {
    var figure = Figure("Formats")
    figure.bars(["a", "b"], [1.5, 2.5], values: "%d of 5 %%")
    #expect(try script(figure).contains("set label '2 of 5 %' at"))
    await #expect(processExitsWith: .failure) {
      var figure = Figure("Formats")
      figure.bars(["a"], [1.5], values: "%s")
      try figure.write(to: Folder().url, name: "it")
    }
  }

  /// The extension decides.
  @Test(arguments: ["svg", "pdf", "png"]) func kindsOfPictures(_ kind: String) throws {
    let folder = Folder.gallery()
    for (name, figure) in [
      ("k-lines", Gallery.lines), ("k-panels", Gallery.panels), ("k-heat", Gallery.heatmap),
    ] {
      let files = try figure.write(to: folder.url, name: "\(name)-\(kind).\(kind)")
      #expect(files.picture.lastPathComponent == "\(name)-\(kind).\(kind)")
      #expect(files.script.lastPathComponent == "\(name)-\(kind).gp")
      try FileManager.default.removeItem(at: files.picture)
      #expect(try run("gnuplot", files.script.lastPathComponent, in: folder.url) == 0)
      #expect(try Data(contentsOf: files.picture).count > 5000)
    }
  }

  /// One or two would fill a page of their own.
  @Test(arguments: [(1, 500), (2, 1000), (3, 1500), (20, 1500)])
  func fewPicturesAreSmall(count: Int, width: Int) {
    var figure = Figure("Digits")
    figure.pictures([[Double]](repeating: [0, 1, 1, 0], count: count), width: 2, columns: 6)
    #expect(figure.size.width == width)
  }
}
