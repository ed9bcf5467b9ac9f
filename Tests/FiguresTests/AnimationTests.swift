import Figures
import Foundation
import TestSupport
import Testing

/// What moves, taken apart again: every frame as it is shown, when, and what stands still.
@Suite struct AnimationTests {
  /// A wave that travels, with as many frames as asked for.
  private func wave(_ count: Int, colors: Bool = false) -> Animation {
    Animation(count, framesPerSecond: 8, rest: 1.5) { step in
      var figure = Figure("Step \(step + 1)", x: "x", y: "y")
      figure.line(y: (0..<50).map { sin(Double($0 + 4 * step) / 8) * Double(step + 1) })
      figure.size = Figure.Size(width: 600, height: 360)
      return figure
    }
  }

  @Test func theFramesAreTheFiguresInTheirOrder() throws {
    let folder = Scratch()
    let animation = wave(4)
    let files = try animation.write(to: folder.url, name: "wave")
    #expect(folder.names == ["wave.gp", "wave.png"])
    let moving = try MovingPicture(Data(contentsOf: files.picture))
    #expect((moving.width, moving.height) == (600, 360))
    #expect(moving.delays == [125, 125, 125, 1500])
    #expect(moving.plays == 0)
    #expect(moving.frames.count == 4 && Set(moving.frames).count == 4)
    #expect(moving.still == moving.frames.last, "what knows no animation shows the last")

    // Its own script draws each of them, on the axes of all.
    #expect(try run("gnuplot", "wave.gp", in: folder.url) == 0)
    for (index, frame) in moving.frames.enumerated() {
      let picture = try Data(contentsOf: folder["wave-00\(index + 1).png"])
      let pixels = try MovingPicture(picture).still
      // A palette may take a color for its neighbor.
      #expect(zip(frame, pixels).allSatisfy { abs(Int($0) - Int($1)) <= 16 })
      #expect(zip(frame, pixels).count { $0 != $1 } < frame.count / 20)
    }
    let script = try String(contentsOf: files.script, encoding: .utf8)
    #expect(script.matches(of: #/set yrange \[-4:4\]\n/#).count == 4)
    #expect(script.hasPrefix("# Step 1\n# Draw the frames again: gnuplot wave.gp\n"))
    // Only what changes is kept, so that more of them cost little.
    let first = try Data(contentsOf: folder["wave-001.png"])
    #expect(try Data(contentsOf: files.picture).count < 2 * first.count)
  }

  @Test func repeatedAsOftenAsAsked() throws {
    var animation = wave(2)
    animation.repeats = 3
    animation.rest = 0
    animation.sharesAxes = false
    let files = try animation.write(to: Scratch().url, name: "twice.png")
    let moving = try MovingPicture(Data(contentsOf: files.picture))
    #expect(moving.plays == 3)
    #expect(moving.delays == [125, 125])
    #expect(files.picture.lastPathComponent == "twice.png")
    #expect(try !String(contentsOf: files.script, encoding: .utf8).contains("set yrange"))
  }

  /// Frames that are alike, of different sizes, on dark ground, and in more colors than a palette has.
  @Test func oddFrames() throws {
    var frames = wave(2).frames
    frames.append(frames[1])
    frames[0].size = Figure.Size(width: 500, height: 420)
    let dark = try Animation(frames).write(to: Scratch().url, name: "sizes", theme: .dark)
    let sizes = try MovingPicture(Data(contentsOf: dark.picture))
    #expect((sizes.width, sizes.height) == (600, 420))
    #expect(sizes.frames[1] == sizes.frames[2] && sizes.frames[0] != sizes.frames[1])
    #expect(Array(sizes.still[..<3]) == [0x16, 0x18, 0x1D])

    let places = (0..<512).map(Double.init)
    let colors = (0..<512).map { (number: Int) -> Double in
      let (red, green, blue) = (number / 64 * 36, number / 8 % 8 * 36, number % 8 * 36)
      return Double(red << 16 | green << 8 | blue)
    }
    let colorful = Animation(2) { step in
      var figure = Figure("Step \(step)")
      figure.marks.append(
        Mark(
          "dots",
          columns: [
            (.x, places.map { ($0 / 8).rounded(.down) }),
            (.y, places.map { $0.truncatingRemainder(dividingBy: 8) }), (.other, colors),
          ], plots: ["using 1:2:3 with points pt 5 ps 1 lc rgb variable"]))
      figure.size = Figure.Size(width: 600, height: 360)
      return figure
    }
    let many = try MovingPicture(
      Data(contentsOf: colorful.write(to: Scratch().url, name: "many").picture))
    #expect(many.frames.count == 2 && many.frames[0] != many.frames[1])
    #expect(many.still == many.frames[1])
  }

  @Test func nothingToShow() throws {
    let folder = Scratch()
    #expect(throws: FigureError.noFrames(animation: "none")) {
      try Animation([]).write(to: folder.url, name: "none")
    }
    #expect(
      FigureError.noFrames(animation: "none").description == "animation 'none': it has no frames")
    var animation = wave(3)
    animation.frames[1] = Figure("Nothing")
    #expect(throws: FigureError.nothingToDraw(figure: "Nothing", series: "it")) {
      try animation.write(to: folder.url, name: "broken")
    }
    #expect(folder.names == [], "nothing half-written")
  }

  @Test func whatCannotBeMeantStops() async {
    await #expect(processExitsWith: .failure) {
      try Animation([Figure("A")], framesPerSecond: 0).write(to: Scratch().url, name: "a")
    }
    await #expect(processExitsWith: .failure) {
      try Animation([Figure("A")]).write(to: Scratch().url, name: "a.svg")
    }
  }

  /// Axes that someone has set stay, bars stand on zero, and each panel has its own.
  @Test func axesOfAll() throws {
    let animation = Animation(2) { step in
      var bars = Figure("Bars")
      bars.bars(["a", "b"], [10 + 7 * step, 20], values: "%.0f")
      var line = Figure("Line", x: Axis("x", min: 0), y: .log("y"))
      line.line(x: [5 + step, 9], y: [0.02, 30.0 * Double(step + 1)])
      return .grid("Step \(step)", [bars, line])
    }
    let files = try animation.write(to: Scratch().url, name: "panels")
    let script = try String(contentsOf: files.script, encoding: .utf8)
    func count(_ command: String) -> Int {
      script.components(separatedBy: command + "\n").count - 1
    }
    #expect(count("set yrange [0.01:100]") == 2)
    #expect(count("set xrange [0:9]") == 2)
    let bars = script.matches(of: #/set yrange \[0:(2[0-9.]+)\]/#)
    #expect(bars.count == 2 && bars[0].1 == bars[1].1, "from zero to what is written at the end")
  }
}
