import ChapterTools
import Unroll

extension RNNFromScratch {
  /// The gradients of the layer by hand and by autograd, on what it read.
  func byHand(_ page: Page, _ small: ScratchRNN, reading input: Tensor) throws {
    page.prose(
      #"""
      ## Backpropagation through time, by hand

      Training needs $\partial L / \partial W$ for each weight. The chain rule, walked along the
      unrolled network from its end to its beginning, is *backpropagation through time* (Werbos
      1990). Two names make it short: $a_t$ for what stands inside the tanh, so that
      $h_t = \tanh(a_t)$, and $\delta_t = \partial L / \partial a_t$, a row with a number for each
      unit. Once $\delta_t$ is known the weights are easy, since $a_t$ is linear in them: $W_{hh}$
      meets $h_{t-1}$ at step $t$, so its gradient gets the share $\delta_t^\top h_{t-1}$ there. And
      because the weights are shared, the shares of all time steps add up:

      $$\frac{\partial L}{\partial W_{ih}} = \sum_t \delta_t^\top x_t, \qquad
      \frac{\partial L}{\partial W_{hh}} = \sum_t \delta_t^\top h_{t-1}, \qquad
      \frac{\partial L}{\partial b} = \sum_t \delta_t$$

      What is $\delta_t$? The loss depends on $h_t$ in two ways: at once, through the layer that reads
      $h_t$, whose gradient we call $g_t$; and by way of the next step, where
      $a_{t+1} = \ldots + h_t W_{hh}^\top$, so that $\delta_{t+1} W_{hh}$ comes back. Both together are
      $\partial L / \partial h_t$, and the tanh multiplies it by its slope, $1 - \tanh^2(a_t) = 1 - h_t^2$:

      $$\delta_t = \left( g_t + \delta_{t+1} W_{hh} \right) \odot (1 - h_t^2),
      \qquad \delta_{T+1} = 0$$

      The loop runs backwards over plain arrays, without any history.
      """#)
    page.show("backpropagateThroughTime", in: "BackpropagationThroughTime.swift")

    page.prose(
      #"""
      Autograd gets the same layer, the same inputs and the same $g_t$, and walks the history of the
      forward pass instead. Do both agree, parameter by parameter?
      """#)
    let above = NDArray.normal([5, 2, 3], dtype: .float64)
    let (states, _) = small(input)
    (Tensor.stack(states) * Tensor(above)).sum().backward()
    let byHand = backpropagateThroughTime(
      x: input.value, h: [.zeros([2, 3], dtype: .float64)] + states.map(\.value), g: above,
      weight_ih: small.weight_ih.value, weight_hh: small.weight_hh.value)

    var comparison: [[any CustomStringConvertible]] = []
    var largest = 0.0
    for (name, parameter) in small.namedParameters() {
      let (hand, auto) = (byHand[name]!, parameter.grad!)
      let difference = hand.largestDifference(from: auto)
      largest = max(largest, difference)
      comparison.append([
        name, "\(hand.shape)", hand == auto ? "yes" : "no",
        hand.isClose(to: auto) ? "yes" : "no", difference,
      ])
    }
    page.table(["parameter", "shape", "exact", "close", "largest difference"], comparison)
    page.result("bptt.max_difference", largest)
    page.claim(
      "Both ways give the same gradients, to within rounding.", holds: largest < 1e-12,
      in: .everyRun)

    page.prose(
      #"""
      Both ways, step by step, for the first of the two sequences and the loss $L = \sum h_5$: the states
      as they are made, and the gradients as they come back. (In the page of this chapter the cell
      itself can be moved through all of it.)
      """#)
    let run = CellRun(
      weight_ih: small.weight_ih.value, weight_hh: small.weight_hh.value,
      bias_ih: small.bias_ih.value, bias_hh: small.bias_hh.value,
      reading: (0..<5).map { input.value[$0][0].doubles })
    try page.interactive(Interactive(.cell, data: run, fallback: Self.forthAndBack(run)))
  }
}
