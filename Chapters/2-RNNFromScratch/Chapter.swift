import Foundation
import Unroll

@main struct RNNFromScratch: Chapter {
  static let number = 2
  static let title = "An RNN from scratch"
  static let summary = "One small unit slides over a sequence and remembers what it has seen."

  func tell(_ page: Page) throws {
    page.prose(
      #"""
      ## A sequence

      A recurrent network reads a sequence one step at a time. At step $t$ it takes the input
      $x_t$ and its own last state $h_{t-1}$:

      $$h_t = \tanh(W_{ih} x_t + b_{ih} + W_{hh} h_{t-1} + b_{hh})$$

      Here the sequence is a sine.
      """#)
    let sine = (0..<100).map { Foundation.sin(Double($0) / 8) }
    page.print("first values:", sine.prefix(4).map { ($0 * 1000).rounded() / 1000 })

    page.prose(
      #"""
      ## What the unit remembers

      With weights $w = 0.9$ and $u = 0.5$, the state is a *smoothed* input.
      """#)
    var state = 0.0
    var states: [Double] = []
    for x in sine {
      state = Foundation.tanh(0.5 * x + 0.9 * state)
      states.append(state)
    }
    var figure = Figure("Input and state", x: "time step", y: "value")
    figure.line(y: sine, label: "input")
    figure.line(y: states, label: "state")
    try page.figure(figure)
    page.result("state.largest", states.max() ?? 0)
  }
}
