import CZlib
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

/// A PNG, moving or not, as a viewer shows it: after the specification, by its own way.
private struct MovingPicture {
  var width = 0, height = 0, plays = -1
  var delays: [Int] = []
  /// Red, green and blue of each pixel, row by row.
  var still: [UInt8] = []
  var frames: [[UInt8]] = []

  init(_ png: Data) throws {
    let bytes = [UInt8](png)
    func number(_ at: Int, _ count: Int = 4) -> Int {
      bytes[at..<at + count].reduce(0) { $0 << 8 | Int($1) }
    }
    var (at, type, palette, packed) = (8, 0, [UInt8](), [UInt8]())
    var (sequence, count, area) = (0, 0, [Int]())
    var (overlay, canvas) = (false, [UInt8]())
    func pixels(_ packed: [UInt8], _ width: Int, _ height: Int) throws -> [[UInt8]] {
      let size = type == 3 ? 1 : 3
      var rows = [UInt8](repeating: 0, count: (width * size + 1) * height)
      var length = uLong(rows.count)
      try #require(uncompress(&rows, &length, packed, uLong(packed.count)) == Z_OK)
      try #require(Int(length) == rows.count)
      for row in 0..<height {
        let start = row * (width * size + 1)
        for k in 1...width * size where rows[start] > 0 {
          let left = k <= size ? 0 : Int(rows[start + k - size])
          let up = row == 0 ? 0 : Int(rows[start + k - width * size - 1])
          let corner = row == 0 || k <= size ? 0 : Int(rows[start + k - width * size - 1 - size])
          let paeth = [left, up, corner].min {
            abs($0 - (left + up - corner)) < abs($1 - (left + up - corner))
          }!
          let guess = [0, left, up, (left + up) / 2, paeth][Int(rows[start])]
          rows[start + k] = UInt8((Int(rows[start + k]) + guess) & 255)
        }
      }
      return (0..<height).flatMap { row in
        (0..<width).map { column in
          let place = row * (width * size + 1) + 1 + column * size
          if type == 2 { return Array(rows[place..<place + 3]) }
          let color = 3 * Int(rows[place])
          // The last place of the palette lets through what was there.
          let isClear = overlay && color + 3 == palette.count
          return isClear ? [] : Array(palette[color..<color + 3])
        }
      }
    }
    func showFrame() throws {
      guard !area.isEmpty else { return }
      for (place, color) in try pixels(packed, area[0], area[1]).enumerated() where !color.isEmpty {
        let row = area[3] + place / area[0], column = area[2] + place % area[0]
        canvas.replaceSubrange(
          3 * (row * width + column)..<3 * (row * width + column) + 3, with: color)
      }
      frames.append(canvas)
      packed = []
    }
    while at < bytes.count {
      let length = number(at), body = at + 8
      let content = Array(bytes[at + 4..<body + length])
      #expect(crc32(0, content, uInt(content.count)) == uLong(number(body + length)))
      switch String(decoding: content[..<4], as: UTF8.self) {
      case "IHDR":
        (width, height, type) = (number(body), number(body + 4), Int(bytes[body + 9]))
        canvas = [UInt8](repeating: 0, count: width * height * 3)
      case "acTL": (count, plays) = (number(body), number(body + 4))
      case "PLTE": palette = Array(content[4...])
      case "IDAT": packed += content[4...]
      case "fcTL":
        if still.isEmpty {
          still = try pixels(packed, width, height).flatMap { $0 }
          packed = []
        }
        try showFrame()
        #expect(number(body) == sequence)
        sequence += 1
        area = [4, 8, 12, 16].map { number(body + $0) }
        try #require(area[0] + area[2] <= width && area[1] + area[3] <= height)
        #expect(number(body + 22, 2) == 1000)
        delays.append(number(body + 20, 2))
        overlay = bytes[body + 25] == 1
      case "fdAT":
        #expect(number(body) == sequence)
        sequence += 1
        packed += content[8...]
      case "IEND":
        if still.isEmpty { still = try pixels(packed, width, height).flatMap { $0 } }
        try showFrame()
      default: break
      }
      at = body + length + 4
    }
    #expect(frames.count == count)
  }
}
