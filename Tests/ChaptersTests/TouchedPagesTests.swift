import Applications
import ChapterTools
import Foundation
import Notebook
import RNNFromScratch
import SequenceData
import TestSupport
import Testing
import Unroll

/// The components of the chapters' pages in a browser: moved by keys and by the mouse, on a telephone and
/// on a desk, by day and by night; and their numbers beside the library's.
@Suite struct TouchedPagesTests {
  private static let inputs = [0.5, -1.2, 0.9, 0.1, 0, -0.3]

  private let runs: [CellRun]
  private let network = UnrolledNetwork(seed: 4)
  private let cliff = Cliff()
  private let series = CutSeries(
    (0..<96).map { sin(Double($0) / 4) + Double($0 % 7) / 10 }, unit: "°C", seed: 4)
  private let lengths = [4, 7, 2, 5]
  private let batch: UnequalBatch
  private let models = TouchedModels()

  init() {
    batch = UnequalBatch(lengths.map { length in (0..<length).map { Double($0) - 1.2 } })
    Generator.default.seed(3)
    let rnn = RNNCell(inputSize: 1, hiddenSize: 3, dtype: .float64)
    let read = Self.inputs.map { [$0] }
    runs = [
      CellRun(LSTMCell(inputSize: 1, hiddenSize: 1, dtype: .float64), reading: read),
      CellRun(GRUCell(inputSize: 1, hiddenSize: 2, dtype: .float64), reading: read),
      CellRun(
        weight_ih: rnn.weight_ih.value, weight_hh: rnn.weight_hh.value,
        bias_ih: rnn.bias_ih!.value, bias_hh: rnn.bias_hh!.value, reading: read),
    ]
  }

  /// Every component with data; the tests below go through them all.
  func components() throws -> [(Interactive.Component, any Encodable)] {
    runs.map { (.cell, $0) } + [
      (.unrolled, network), (.surface, cliff), (.windows, series), (.packing, batch),
    ] + (try models.components())
  }

  /// A page of them; one in another language has no prose, which would be English.
  func page(
    _ all: [(Interactive.Component, any Encodable)], in scratch: Scratch, language: String = "en"
  ) throws -> URL {
    var options = try CommonOptions.parse(["--output", scratch.path])
    options.language = language
    let chapter = ChapterDescription(number: 1, slug: "touched", title: "Touched", summary: "All.")
    var figure = Figure("The printed figure", x: "x", y: "y")
    figure.line(y: [0, 1])
    figure.size = .flat
    try Telling(chapter, options: options, terminal: Terminal(width: 80, colors: false) { _ in })
      .tell { page in
        for (component, data) in all {
          if language == "en" { page.prose("## \(component.name)") }
          try page.interactive(Interactive(component, data: data, fallback: figure))
        }
      }
    return scratch["touched/chapter.html"]
  }

  @Test func everyComponentIsHere() throws {
    let style = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/Notebook/Style")
    let scripts = try FileManager.default.contentsOfDirectory(atPath: style.path)
      .filter { $0.hasSuffix(".js") }.map { String($0.dropLast(3)) }
    // What the components have in common stands in these two.
    #expect(
      Set(try components().map { $0.0.name }) == Set(scripts).subtracting(["live", "model"]))
  }

  @Test(.enabled(if: Browser.path != nil, "no Chromium in PATH"))
  func movedAndRight() throws {
    let scratch = Scratch(), all = try components(), page = try page(all, in: scratch)
    let browser = try Browser()
    for (width, isDark) in [(390, false), (390, true), (1400, false), (1400, true)] {
      try browser.show(width: width, isDark: isDark)
      try browser.open(page)
      let isWhole = (width == 390) == isDark
      let open = try browser.evaluate(
        "document.querySelectorAll('.interactive.open').length", as: Int.self)
      #expect(open == all.count)
      try checkTexts(browser, isDark: isDark)
      try pressKeys(browser, width: width, every: isWhole ? 1 : 5)
      try checkTexts(browser, isDark: isDark)
      if isWhole { try useMouse(browser) }
      #expect(browser.console == [], "\(width) pixels")
    }
    try checkCells(browser)
    try checkUnrolled(browser)
    try checkCliff(browser)
    try checkLines(browser)
    try checkWindows(browser)
    try checkPacking(browser)
    try models.check(browser)
    #expect(browser.console == [])
    // The page and its policy have asked for nothing, whatever was moved.
    let asked = try browser.evaluate(
      """
      performance.getEntriesByType("resource").map((one) => one.name)
        .filter((name) => !name.startsWith("data:"))
      """, as: [String].self)
    #expect(asked == [])
    try tellFrames(browser)
  }

  /// Every slider, or some.
  private func pressKeys(_ browser: Browser, width: Int, every: Int) throws {
    let fits = try browser.evaluate(
      """
      [document.documentElement.scrollWidth,
        document.querySelectorAll(".stage input[type=range]").length]
      """, as: [Int].self)
    #expect(fits[0] == width)
    for slider in stride(from: 0, to: fits[1], by: every) {
      let before = try state(browser, slider)
      let (key, code) = before.atEnd ? ("ArrowLeft", 37) : ("ArrowRight", 39)
      try browser.press(key, code: code)
      let after = try state(browser, slider)
      #expect(after.value != before.value && after.text != before.text, "\(before.label)")
    }
  }

  /// The first slider of every figure, and every handle; and every field is typed into.
  private func useMouse(_ browser: Browser) throws {
    for (place, text) in ["Ångström", "on a", "3.5.1999"].enumerated() {
      let field = "document.querySelectorAll('.field input')[\(place)]"
      let said = "\(field).closest('figure').querySelector('.said').textContent"
      let before = try browser.evaluate(
        "(\(field).focus({preventScroll: true}), \(field).select(), \(said))", as: String.self)
      try browser.type(text)
      #expect(try browser.evaluate(said, as: String.self) != before, "\(text)")
    }
    for selector in [".slider:first-child input, .field + .slider input", ".grip", ".frame.handle"]
    {
      let count = try browser.evaluate(
        "document.querySelectorAll('\(selector)').length", as: Int.self)
      for place in 0..<count {
        let handle = "document.querySelectorAll('\(selector)')[\(place)]"
        let said = "\(handle).closest('figure').stage.root.innerHTML"
        let box = try browser.evaluate(
          """
          (() => { const handle = \(handle); handle.scrollIntoView({block: "center", behavior: "instant"});
            const box = handle.getBoundingClientRect();
            return [box.x + 14, box.x + box.width / 2, box.y + box.height / 2, box.width] })()
          """, as: [Double].self)
        let before = try browser.evaluate(said, as: String.self)
        let isSlider = box[3] > 60
        let start = isSlider ? box[0] : box[1]
        let way = isSlider ? box[3] * 0.6 : 30
        try browser.drag(
          (0...5).map { (x: start + way * Double($0) / 5, y: box[2] - Double(isSlider ? 0 : $0)) }
        )
        #expect(try browser.evaluate(said, as: String.self) != before, "\(selector) \(place)")
      }
    }
  }

  private struct State: Decodable {
    var label, value, text: String
    var atEnd: Bool
  }

  private func state(_ browser: Browser, _ slider: Int) throws -> State {
    try browser.evaluate(
      """
      (() => { const input = document.querySelectorAll(".stage input[type=range]")[\(slider)];
        input.focus({preventScroll: true});
        return {label: input.labels[0].textContent, value: input.value,
          text: input.getAttribute("aria-valuetext"), atEnd: +input.value + +input.step > +input.max} })()
      """, as: State.self)
  }

  // MARK: - Numbers

  /// Sets a figure's sliders and gives back an expression of its stage.
  private func asked<Value: Decodable>(
    _ browser: Browser, _ component: String, _ values: [Double], _ expression: String,
    order: Int? = nil, as type: Value.Type
  ) throws -> Value {
    try browser.evaluate(
      """
      (() => { const stage = document.querySelector("[data-component=\(component)]").stage;
        \(values).forEach((value, k) => {
          stage.sliders[k].value = value; stage.sliders[k].input.dispatchEvent(new Event("input")) });
        \(order.map { "stage.root.querySelectorAll('[type=radio]')[\($0)].click();" } ?? "")
        stage.update(); return \(expression) })()
      """, as: type)
  }

  private func checkCells(_ browser: Browser) throws {
    for (place, run) in runs.enumerated() {
      // At every position of the slider what the boxes say of the first unit.
      let shown = try browser.evaluate(
        """
        (() => { const stage = document.querySelectorAll("[data-component=cell]")[\(place)].stage;
          if (stage.sliders[1]) stage.sliders[1].value = 1;
          const time = stage.sliders[0];
          return Array.from({length: +time.input.max + 1}, (_, k) => { time.value = k; stage.update();
            return Object.fromEntries([...stage.root.querySelectorAll("[data-box]")].map((box) =>
              [box.dataset.box, box.querySelector(".value").textContent])) }) })()
        """, as: [[String: String]].self)
      let steps = Self.inputs.count, forward = [4, 3, 2][place], back = [3, 3, 2][place]
      #expect(shown.count == steps * (forward + back))
      for (k, boxes) in shown.enumerated() {
        let isBack = k >= steps * forward
        let t = isBack ? steps - 1 - (k - steps * forward) / back : k / forward
        for (name, text) in boxes {
          let number = isBack ? run.gradients[t][name]![0] : value(name, run, t)
          // A gradient may be told with a power of ten.
          if abs(number) >= 0.01 || !isBack { #expect(text == told(number), "\(name) at \(k)") }
        }
      }
    }
  }

  private func value(_ name: String, _ run: CellRun, _ t: Int) -> Double {
    guard name.hasSuffix("Before") else { return run.steps[t][name]![0] }
    return (t > 0 ? run.steps[t - 1] : run.start)[String(name.dropLast(6))]![0]
  }

  private func told(_ number: Double) -> String {
    let text = String(format: "%.2f", abs(number))
    return (number < 0 && text.contains { ("1"..."9").contains($0) } ? "−" : "") + text
  }

  private func checkUnrolled(_ browser: Browser) throws {
    for (factor, power, length) in [(0.9, -3.0, 100), (1.1, -7, 60), (1.2, 1, 40), (0.5, 0, 5)] {
      let shown = try asked(
        browser, "unrolled", [factor, Double(length), power, 1], "[...stage.norms]",
        as: [Double].self)
      let expected = network.norms(factor: factor, size: pow(10, power), length: length)
      #expect(shown.count == expected.count)
      for (a, b) in zip(shown, expected) { #expect(abs(a - b) <= 1e-7 * b, "\(factor)") }
    }
  }

  private func checkCliff(_ browser: Browser) throws {
    for start in [[5, -2.2], [4.3, -1.5], [5.9, -2.9]] {
      let shown = try asked(
        browser, "surface", start + [log10(0.5)], "stage.descents", as: [[[Double]]].self)
      // On the cliff the least rounding counts: the paths may part after it.
      for (path, clip) in zip(shown, [Double.infinity, pow(10, -0.3)]) {
        let expected = cliff.path(from: start, clip: clip)
        #expect(path.count == expected.count)
        for (a, b) in zip(path, expected).prefix(5) {
          #expect(abs(a[0] - b[0]) < 1e-6 && abs(a[1] - b[1]) < 1e-6, "from \(start): \(a), \(b)")
        }
      }
    }
  }

  /// The lines of equal error, at every w of the page.
  private func checkLines(_ browser: Browser) throws {
    let shown = try browser.evaluate(
      """
      document.querySelector("[data-component=surface]").stage.lines.map((line) => line.places)
      """, as: [[[Double]]].self)
    let expected = cliff.lines(w: shown[0].map { $0[0] })
    #expect(shown.count == expected.count && shown.count > 10)
    for (line, own) in zip(shown, expected) {
      for (place, b) in zip(line, own) { #expect(abs(place[1] - b) < 1e-8) }
    }
  }

  private struct Counts: Decodable, Equatable { var windows, leaked: Int }

  private func checkWindows(_ browser: Browser) throws {
    for (width, stride, horizon) in [(12, 1, 6), (24, 3, 1), (2, 12, 12), (20, 12, 1)] {
      for order in [0, 1] {
        let shown = try asked(
          browser, "windows", [Double(width), Double(stride), Double(horizon)], "stage.counts",
          order: order, as: Counts.self)
        let counts = series.counts(
          width: width, stride: stride, horizon: horizon, isSplit: order == 1)
        #expect(shown == Counts(windows: counts.windows, leaked: counts.leaked))
        if order == 1 { #expect(shown.leaked == 0) }
      }
    }
  }

  private func checkPacking(_ browser: Browser) throws {
    let packing = Packing(lengths: lengths)
    let numbers = try browser.evaluate(
      """
      [...document.querySelectorAll("[data-component=packing] .drawing > .cell")]
        .map((cell) => cell.textContent)
      """, as: [String].self)
    let rows = packing.batchSizes.enumerated().flatMap { step, size in
      packing.order.prefix(size).map { (sequence: $0, step: step) }
    }
    #expect(
      numbers
        == rows.map { sequence, step in
          let value = Double(step) - 1.2, sign = value < 0 ? "−" : ""
          return "sequence \(sequence + 1), step \(step + 1): "
            + sign + String(format: "%.4f", abs(value)) + sign + String(format: "%.1f", abs(value))
        })
    for step in 1...7 {
      let shown = try asked(
        browser, "packing", [Double(step)],
        "[stage.counts.running, stage.counts.packed, stage.counts.padded]", as: [Int].self)
      #expect(
        shown == [
          packing.batchSizes[step - 1], packing.batchSizes[..<step].reduce(0, +), 4 * step,
        ])
    }
  }

  /// While a handle is dragged, a frame's processor time on the page's thread is told beside the frames of
  /// a second; 60 a second leave 16.7 ms each, and a quiet machine takes 4 to 11. Neighbors on a shared one
  /// make it half as much again, so that what fails is a component that needs several frames' time.
  private func tellFrames(_ browser: Browser) throws {
    for component in [
      "cell", "unrolled", "surface", "windows", "packing", "digit", "name", "writer", "date",
    ] {
      // The least of three: what the browser tidies up meanwhile is not the component's.
      let drags = try (0..<3).map { _ in try drag(component, browser) }
      let own = drags.map(\.own).min()!, frames = drags.map(\.frames).max()!
      print(
        String(
          format: "%@: %.0f frames a second while moved, %.1f ms of the page's own work each",
          component, frames, own))
      #expect(own > 0.01 && own < 3 * 1000 / 60, "\(component): \(own) ms a frame")
    }
  }

  /// Drags the first handle once from end to end: frames a second, and the thread's own milliseconds for each.
  private func drag(
    _ component: String, _ browser: Browser
  ) throws -> (frames: Double, own: Double) {
    let before = try browser.processorTime()
    let told = try browser.evaluate(
      """
      new Promise(done => {
        const stage = document.querySelector("[data-component=\(component)]").stage;
        const input = stage.sliders[0].input, start = performance.now(), least = +input.min;
        let frames = 0;
        const next = (now) => {
          if (now - start > 250) {
            return done([frames, (now - start) / 1000]);
          }
          frames++;
          input.value = least + (now - start) / 250 * (input.max - least);
          input.dispatchEvent(new Event("input"));
          requestAnimationFrame(next);
        };
        requestAnimationFrame(next);
      })
      """, as: [Double].self)
    let own = try browser.processorTime() - before
    return (told[0] / told[1], 1000 * own / max(told[0], 1))
  }
}
