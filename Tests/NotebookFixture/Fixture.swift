import ArgumentParser
import Figures
import Foundation
import Notebook

/// A small chapter with one of everything, for the tests of the notebook; `--stop` makes it end in
/// the ways in which a chapter can.
@main struct Fixture: Chapter {
  static let number = 9
  static let title = "A fixture: α & Ω"
  static let summary = "One of *everything* that a chapter can tell, for <tests>."
  static let slug = "notebook-fixture"
  static let languages = ["zh"]
  static let source: String? = #filePath

  enum Stop: String, ExpressibleByArgument { case error, trap, wait }

  @Option(help: "How the last cell ends.") var stop: Stop?
  @Option(name: .customLong("part"), help: "Call what is told a part of that name.")
  var part: String?
  @OptionGroup(visibility: .hidden) var tests: TestOptions

  static func main() { run() }

  func tell(_ page: Page) throws {
    try tests.prepare(page)
    page.prose(
      #"""
      ## The cell and its equations

      A recurrent unit reads $x_t$ and its last state $h_{t-1}$, and *remembers*
      **what it has seen**, as in `h = tanh(a)`:

      $$
      \begin{aligned}
      a_t &= W_{ih} x_t + b_{ih} + W_{hh} h_{t-1} + b_{hh} \\
      h_t &= \tanh(a_t), \qquad \hat y_t = \operatorname{softmax}(\mathbf{V} h_t)
      \end{aligned}
      $$

      - one weight for all steps,
      - and $\frac{\partial L}{\partial W} = \sum_{t=1}^{T} \frac{\partial L_t}{\partial W}$,
        see [the paper](https://example.org/bptt).

      1. first
      2. second

      | gate | equation |
      |:-----|---------:|
      | input | $i_t = \sigma(W_i x_t)$ |

      > Prices are $5 and $6; <b>this</b> is *no* HTML.
      """#)
    // Two numbers, and the string "}" that closes nothing.
    let values = [0.5, 0.25]
    page.print("values:", values, "}")
    page.print("second line & <tag>")

    page.prose(
      #"""
      ### Gates

      The cell state is a conveyor belt, $C_t = F_t \odot C_{t-1} + I_t \odot \tilde{C}_t$.
      """#)
    page.show("Gate", in: "Gate.swift")
    let gate = Gate(weight: 2)
    for step in 1...3 {
      page.progress("gates", step, of: 3)
      page.print(step, gate(Double(step)) > 0.5 ? "open" : "closed")
    }

    page.prose(
      #"""
      ## What came of it

      A table, a figure and two results.
      """#)
    page.table(
      ["model", "RMSE", "steps"], [["RNN", 14.881, 100], ["GRU | LSTM", 9.5, 12]],
      caption: "Errors of the models")
    var figure = Figure("Squares & roots", x: "n", y: "value")
    figure.line(y: [0, 1, 4, 9], label: "n²")
    try page.figure(figure)
    page.result("fixture.rmse", 14.881234567, unit: "passengers")
    page.result("fixture.count", 709)
    page.claim("Roots grow *slower* than squares: $\\sqrt{n} < n^2$.", holds: 2 < 4, in: .everyRun)
    page.claim("Half is more than one.", holds: values[0] > 1)
    page.claim(
      "A half is a third.", holds: false, otherwise: "A half is no third, but `0.5`.", in: .thisRun)

    if let stop {
      page.prose("## The end")
      page.print("stopping")
      switch stop {
      case .error: throw NotebookFixtureError()
      case .trap: fatalError("a trap in a cell")
      case .wait: while true { usleep(10_000) }
      }
    }

    page.prose("That was all.")
  }
}

struct NotebookFixtureError: Error, CustomStringConvertible {
  let description = "data.csv:12: column 3: no number"
}
