import Foundation
import Unroll

extension RNNFromScratch {
  /// What the rest of the book takes for granted: for readers who have school calculus and have
  /// programmed in something.
  func foundations(_ page: Page) throws {
    page.prose(
      #"""
      ## Before the first network

      Readers who have trained a network before may go on to *The figures*. For all others, on a
      page, what the rest of the book takes for granted.

      A **neuron** multiplies each input by a *weight*, adds a *bias*, and bends the sum by an
      *activation*, here the tanh: $y = \tanh(w x + b)$. **Learning** is to change $w$ and $b$ so
      that a *loss*, say the square of the distance from the answer that was wanted,
      $L = (y - t)^2$, gets smaller. Which way? Against the *gradient*, which says how fast $L$
      grows with each of them. The chain rule gives it, factor by factor along the way from $w$ to
      $L$, with $a$ for the sum that is bent:

      $$\frac{\partial L}{\partial w} = \frac{\partial L}{\partial y} \cdot
      \frac{\partial y}{\partial a} \cdot \frac{\partial a}{\partial w}
      = 2 (y - t) \cdot (1 - y^2) \cdot x$$

      A **tensor** is an array that remembers how it came to be. `backward()` walks that memory from the
      loss to the weights and multiplies the factors on the way, which is called *automatic
      differentiation*; the part of a library that does it is its *autograd*. One neuron, by hand and by
      `backward()`:
      """#)
    let (x, t) = (0.8, -0.5)
    let w = Tensor(0.6, dtype: .float64, requiresGrad: true)
    let b = Tensor(0.1, dtype: .float64, requiresGrad: true)
    let y = (w * x + b).tanh()
    let loss = (y - t) * (y - t)
    loss.backward()
    let byHand = 2 * (y.item - t) * (1 - y.item * y.item) * x
    page.print("y =", String(format: "%.4f", y.item), " L =", String(format: "%.4f", loss.item))
    page.print(
      "∂L/∂w by hand", String(format: "%.6f", byHand), " by backward()",
      String(format: "%.6f", w.grad!.item))
    page.claim(
      "Both give the same number.", holds: abs(byHand - w.grad!.item) < 1e-12, in: .everyRun)

    page.prose(
      #"""
      **Gradient descent** takes a step against the gradient, $w \leftarrow w - \eta\, \partial L / \partial w$,
      again and again; $\eta$ is the *learning rate*. **Adam** (Kingma and Ba 2015) keeps a running mean
      $m$ of the gradients and one, $v$, of their squares, and steps by
      $\eta\, \hat m / (\sqrt{\hat v} + \varepsilon)$: each weight at a pace of its own. ($\hat m = m / (1 - \beta_1^t)$
      and $\hat v = v / (1 - \beta_2^t)$ after $t$ steps, as both means begin at 0, of which they still keep the
      shares $\beta_1^t$ and $\beta_2^t$; $\varepsilon = 10^{-8}$ keeps the quotient finite.) The same neuron,
      learning to answer −0.5 from 0.8, and 0.3 from −0.4:
      """#)
    let examples: [(x: Double, t: Double)] = [(0.8, -0.5), (-0.4, 0.3)]
    /// The loss after each step.
    func learned(_ optimizer: ([Parameter]) -> Optimizer) -> [Double] {
      let w = Parameter(NDArray(0.6, dtype: .float64)), b = Parameter(NDArray(0.1, dtype: .float64))
      let optimizer = optimizer([w, b])
      return (0..<40).map { _ in
        optimizer.zeroGrad()
        let losses = examples.map { x, t in (w * x + b).tanh() - t }
        let loss = (losses[0] * losses[0] + losses[1] * losses[1]) / 2
        loss.backward()
        optimizer.step()
        return loss.item
      }
    }
    let (plain, adam) = (
      learned { SGD($0, learningRate: 0.2) }, learned { Adam($0, learningRate: 0.1) }
    )
    var descent = Figure("One neuron learns", x: "step", y: .log("mean squared error"))
    descent.line(x: 1...40, y: plain, label: "gradient descent, η = 0.2")
    descent.line(x: 1...40, y: adam, label: "Adam, η = 0.1")
    descent.size = .flat
    try page.figure(descent)
    page.claim(
      "With two weights and a well-chosen η the plain way is the better one here: Adam overshoots.",
      holds: plain.last! < adam.last!, in: .everyRun)

    page.prose(
      #"""
      What is learned from, what decides when to stop, and what judges are three parts of the data,
      as in [chapter 1](../sequence-data/chapter.html#split-first-then-cut).

      **Classes.** Where the answer is one of $n$ classes, say which letter comes next, the network
      gives a score $o_k$ for each, and the *softmax* makes probabilities of them. The wanted class
      is told as a *one-hot* row, 1 at its place and 0 elsewhere. The loss is the cross-entropy, as
      it was for counts in [chapter 1](../sequence-data/chapter.html#the-probability-of-a-sequence),
      in nats here and in all training:

      $$p_k = \frac{e^{o_k}}{\sum_j e^{o_j}}, \qquad L = -\log p_{\text{what came}}$$
      """#)
    let scores = Tensor([[2.0, 0.5, -1.0]], dtype: .float64)
    let probabilities = scores.softmax(axis: 1).value.doubles
    page.table(
      ["what came", "one-hot", "probability", "nats", "bits", "perplexity"],
      ["a", "b", "c"].enumerated().map { place, letter in
        let nats = crossEntropy(scores, Indices([place])).item
        let hot = (0..<3).map { $0 == place ? "1" : "0" }.joined(separator: " ")
        return [letter, hot, probabilities[place], nats, nats / log(2), exp(nats)]
      }, caption: "Scores 2, 0.5 and −1 for three letters", digits: 3)
    page.claim(
      "The probabilities add up to 1, and a perplexity is one over the probability of what came.",
      holds: abs(probabilities.reduce(0, +) - 1) < 1e-12
        && (0..<3).allSatisfy {
          abs(exp(crossEntropy(scores, Indices([$0])).item) * probabilities[$0] - 1) < 1e-9
        }, in: .everyRun)
  }

  /// A recurrent layer as it is drawn in papers, and the same one unrolled with the way back of the
  /// gradient.
  static func foldedAndUnrolled() -> Figure {
    var folded = Diagram("folded")
    let (x, unit) = (
      folded.circle("x", x: 0, y: 0, color: .green), folded.box("RNN", x: 0, y: 1.6)
    )
    let h = folded.circle("h", x: 0, y: 3.2, color: .orange)
    folded.arrow(from: x, to: unit)
    folded.arrow(from: unit, to: h)
    folded.loop(on: unit, label: "Wₕₕ", reach: 1.1)

    var unrolled = Diagram("unrolled, with the gradient's way back")
    var before = unrolled.circle("h₀", x: -2.4, y: 1.6, color: .orange)
    for (t, name) in ["₁", "₂", "₃", "₄"].enumerated() {
      let x = unrolled.circle("x\(name)", x: Double(t) * 2.4, y: 0, color: .green)
      let unit = unrolled.box("RNN", x: Double(t) * 2.4, y: 1.6)
      let h = unrolled.circle("h\(name)", x: Double(t) * 2.4, y: 3.2, color: .orange)
      unrolled.arrow(from: x, to: unit)
      unrolled.arrow(from: unit, to: h)
      unrolled.arrow(from: before, to: unit)
      if t > 0 {
        unrolled.arrow(from: unit, to: before, bend: 0.55, color: .vermilion, style: .dashed)
      }
      before = unit
    }
    let loss = unrolled.circle("L", x: 7.2, y: 4.8, color: .vermilion)
    unrolled.arrow(from: (7.2, 3.6), to: (7.2, 4.4))
    unrolled.arrow(from: (7.45, 4.5), to: (7.45, 2.05), color: .vermilion, style: .dashed)
    unrolled.text("the same weights in every box", x: 3.6, y: -1, color: .gray)
    unrolled.text("dashed: ∂L, back through every step", x: 2.6, y: 4.8, color: .vermilion)
    _ = loss
    return .grid(
      "One recurrent layer", columns: 2, [Figure(folded), Figure(unrolled)],
      size: .init(width: 1500, height: 700))
  }
}
