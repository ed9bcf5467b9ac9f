import ChapterTools
import Foundation
import ThisBook
import Unroll

@main struct FusedLSTM: Chapter {
  static let book = Book.unroll
  static let number = 3
  static let title = "The fused LSTM"
  static let summary =
    "Four gates written one by one, then joined until one operation runs the whole sequence: the same "
    + "numbers each time, in less time, and a memory that lasts where the plain RNN's does not."
  static let languages = ["zh"]
  static let source: String? = #filePath

  func tell(_ page: Page) throws {
    page.prose(
      #"""
      ## A state that is added to

      The plain RNN of chapter 2 pushes its state through a matrix and a tanh at every step, and the
      gradient has to come back the same way: it vanishes, or it explodes. Hochreiter and
      Schmidhuber (1997) gave the network a second state, the *cell state* $c_t$, that is not pushed
      through anything. It is only added to; since Gers, Schmidhuber and Cummins (2000) it is forgotten in
      part, too. The layer is called *long short-term memory*:

      $$c_t = f_t \odot c_{t-1} + i_t \odot g_t$$

      Three *gates* with values between 0 and 1 decide: the *forget gate* $f$ how much stays, the *input gate* $i$ how much of the *candidate* $g$ comes in,
      the *output gate* $o$ how much of the cell state is shown as the hidden state $h$.

      $$\begin{aligned}
      i_t &= \sigma(x_t W_{ii}^\top + b_{ii} + h_{t-1} W_{hi}^\top + b_{hi}) \\
      f_t &= \sigma(x_t W_{if}^\top + b_{if} + h_{t-1} W_{hf}^\top + b_{hf}) \\
      g_t &= \tanh(x_t W_{ig}^\top + b_{ig} + h_{t-1} W_{hg}^\top + b_{hg}) \\
      o_t &= \sigma(x_t W_{io}^\top + b_{io} + h_{t-1} W_{ho}^\top + b_{ho}) \\
      c_t &= f_t \odot c_{t-1} + i_t \odot g_t \\
      h_t &= o_t \odot \tanh(c_t)
      \end{aligned}$$

      Many call this line a *conveyor belt*: where no gate acts, what lies on it moves on as it is. The
      gradient of $c_t$ comes back to $c_{t-1}$ times $f_t$ and nothing else: with
      $f = 1$ unchanged, however many steps there are. (That is the direct path. Others lead through $h$
      and the gates, and on those it may vanish or explode as before.)

      What the gates are for a story tells. It is read sentence by sentence, and after each one is asked
      whom it is about. Most sentences do not say, so that the answer has to be kept; and when the plot
      turns to someone else it has to go. Four things happen in a step:

      1. Forget. Where the plot turns, what is kept of the last hero is of no use anymore: $f$ closes.
         Everywhere else it stays open.
      2. Take in. The sentence that names someone has news: $i$ opens, and the candidate $g$ says who it
         is. Where nobody is named there is nothing to write down.
      3. Update. What is left of the old, $f \odot c_{t-1}$, and what is new, $i \odot g$, are added.
      4. Show. The cell may hold more than is asked for at this moment; $o$ lets through as much as the
         answer needs. Here one asks after every sentence.

      A cell of a single unit has learned this from other stories, in which the plot turns at random. It
      reads 1 where a sentence turns to Ada, 2 where it turns to Ben, 0 where it names nobody, and is to
      show 0.7 for Ada and −0.7 for Ben. It began with PyTorch's weights and a *forget bias* of 1, so that
      the forget gate is open at first; of four such starts the one that ended best is shown, as
      some lead nowhere. One story, and what its gates do; below it the step in which the plot turns to
      Ben. (In the page of this chapter the drawing can be moved through all eight sentences and back
      again, with the gradient of the last $h$.)
      """#)
    page.show("Story.best", in: "../Shared/Story.swift")
    let reader = Story.best(seed: page.seed) { () -> LSTM in
      let lstm = LSTM(inputSize: 1, hiddenSize: 1, dtype: .float64)
      Init.forgetGateBias(lstm, 1)
      return lstm
    } read: { lstm, stories in
      lstm(stories).output
    }
    let cell = reader.layer.cells[0][0]
    let run = CellRun(cell, reading: Story.sentences.map { [$0.turns] })
    func gate(_ name: String) -> [Double] { run.steps.map { $0[name]![0] } }
    let letters = ["f", "i", "g", "c", "o", "h"]
    page.table(
      ["sentence", "x"] + letters,
      Story.sentences.enumerated().map { t, sentence in
        [sentence.text, String(format: "%.0f", sentence.turns)]
          + letters.map { String(format: "%.2f", gate($0)[t]) }
      }, alignments: [.left] + (letters + ["x"]).map { _ in .right })
    let silent = Story.sentences.indices.filter { Story.sentences[$0].turns == 0 }
    let (kept, turn) = (silent.map { gate("f")[$0] }.min()!, Story.change)
    page.claim(
      String(
        format:
          "Where the plot turns to Ben the forget gate is at %.2f and the input gate at %.2f: "
          + "Ada goes, Ben comes in. Where nobody is named the forget gate is at %.2f or more: "
          + "whoever is the hero stays.",
        gate("f")[turn], gate("i")[turn], kept),
      holds: gate("f")[turn] < 0.3 && gate("i")[turn] > 0.7 && kept > 0.7,
      otherwise: String(
        format: "This cell has found another way: the forget gate is at %.2f and the input gate at "
          + "%.2f where the plot turns to Ben, and the forget gate at %.2f or more where nobody is "
          + "named.",
        gate("f")[turn], gate("i")[turn], kept))
    let open = silent.map { gate("i")[$0] }
    page.claim(
      String(
        format: "Where nobody is named the input gate need not close, and does not everywhere: it "
          + "is between %.2f and %.2f. Where it is open, the same hero is written down once more.",
        open.min()!, open.max()!),
      holds: open.max()! > 0.3,
      otherwise: String(
        format: "Where nobody is named the input gate is closed: it is between %.2f and %.2f.",
        open.min()!, open.max()!))
    let heroes = Story.sentences.reduce(into: [Double]()) { heroes, sentence in
      heroes.append(sentence.turns == 0 ? heroes.last! : sentence.turns)
    }
    page.claim(
      "After each sentence the sign of $c$ says whom the story is about.",
      holds: zip(heroes, gate("c")).allSatisfy { ($0 == 1) == ($1 > 0) })
    let drawing = CellDrawing(run, step: turn)
    try page.interactive(Interactive(.cell, data: run, fallback: drawing.figure()))
    var told: (h: Tensor, c: Tensor)?
    for sentence in Story.sentences[...turn] {
      told = cell(Tensor([[sentence.turns]], dtype: .float64), told)
    }
    page.claim(
      "The library's cell gives the same h.",
      holds: abs(told!.h.item - drawing.step.hNew) < 1e-12, in: .everyRun)

    page.prose(
      #"""
      The weights are kept as PyTorch keeps them, the four gates one below the other in one matrix, so
      that every version below can use the same ones.
      """#)
    page.show("LSTMWeights", in: "FiveVersions.swift")

    page.prose(
      #"""
      ## Version 1: gate by gate

      Each gate has two linear maps and an activation of its own. This is the page above, line by line,
      and eight matrix products a step.
      """#)
    page.show("gateByGate", in: "FiveVersions.swift")

    page.prose(
      #"""
      ## Version 2: one product per gate

      $x W_i^\top + h W_h^\top$ is one product, of $x$ and $h$ side by side with the two matrices side by
      side: $[x, h]\,[W_i, W_h]^\top$. Four products a step are left.
      """#)
    page.show("oneProductPerGate", in: "FiveVersions.swift")

    page.prose(
      #"""
      ## Version 3: one product

      The four gates read the same $[x, h]$. One product with all four matrices below one another gives
      all gates at once, to be cut into four afterward. With small matrices one product is better than
      four: one call instead of four, the inputs read once. With large ones it need not be, as *What each
      version gains* shows.
      """#)
    page.show("oneProduct", in: "FiveVersions.swift")

    page.prose(
      #"""
      ## Version 4: the input ahead of time

      Only $h_{t-1}$ has to wait for the step before. The input's share of the gates does not, so it is
      one product for *all* time steps, `[time · batch, input]` by `[input, 4 · hidden]`, before the loop
      begins. And nothing has to be put side by side any more.
      """#)
    page.show("inputAheadOfTime", in: "FiveVersions.swift")

    page.prose(
      #"""
      ## Version 5: the whole sequence as one operation

      Every step of version 4 still leaves some fifteen entries in the history, each with arrays of its
      own, and `backward()` has to walk them. The library's `LSTM` is *one* entry for the whole sequence.
      Forward, it keeps the gates and the cells. Backward, it goes through time once, with the
      derivatives written out by hand (where $\partial o$ is short for $\partial L / \partial o_t$),

      $$\begin{aligned}
      \partial o &= \partial h \odot \tanh(c_t), &
      \partial c &\leftarrow \partial c + \partial h \odot o \odot (1 - \tanh^2(c_t)) \\
      \partial i &= \partial c \odot g, & \partial g &= \partial c \odot i \\
      \partial f &= \partial c \odot c_{t-1}, & \partial c_{t-1} &= \partial c \odot f
      \end{aligned}$$

      From the gates it is one more step to what stands inside their activations, by the slopes
      $\sigma' = \sigma (1 - \sigma)$ and $\tanh' = 1 - \tanh^2$; all four side by side are $\partial a_t$,
      and the state before gets its share through $W_h$:

      $$\begin{aligned}
      \partial a_i &= \partial i \odot i \odot (1 - i), & \partial a_f &= \partial f \odot f \odot (1 - f) \\
      \partial a_g &= \partial g \odot (1 - g^2), & \partial a_o &= \partial o \odot o \odot (1 - o) \\
      \partial h_{t-1} &\leftarrow \partial h_{t-1} + \partial a_t W_h, &
      \frac{\partial L}{\partial W_h} &= \sum_t \partial a_t^\top h_{t-1}
      \end{aligned}$$

      The last sum, the loop, is one product for all steps together, where the loop needed one
      for each.
      """#)
    page.show("wholeSequence", in: "FiveVersions.swift")

    page.prose(
      #"""
      ## Five versions, one set of weights

      They must agree, in their outputs and in all gradients. In Double, with a sequence of 12 steps, a
      batch of 3, 5 inputs and 7 hidden units, the largest difference from version 1:
      """#)
    let weights = LSTMWeights(inputSize: 5, hiddenSize: 7, dtype: .float64)
    let input = Tensor(.normal([12, 3, 5], dtype: .float64), requiresGrad: true)
    let above = Tensor(.normal([12, 3, 7], dtype: .float64))
    let fused = try wholeSequence(weights, inputSize: 5)

    let names = [
      "1  gate by gate", "2  one product per gate", "3  one product",
      "4  input ahead of time", "5  whole sequence",
    ]
    let versions: [(Tensor) -> Tensor] = [
      { gateByGate($0, weights) }, { oneProductPerGate($0, weights) }, { oneProduct($0, weights) },
      { inputAheadOfTime($0, weights) }, { fused($0).output },
    ]
    /// The output and the gradients of the input and of every parameter.
    func numbers(_ version: (Tensor) -> Tensor, _ module: Module) -> [NDArray] {
      input.zeroGrad()
      module.zeroGrad()
      let output = version(input)
      (output * above).sum().backward()
      return [output.value, input.grad!] + module.parameters().map { $0.grad! }
    }
    let reference = numbers(versions[0], weights)
    var rows: [[any CustomStringConvertible]] = []
    var largest = 0.0
    for (k, version) in versions.enumerated().dropFirst() {
      let differences = zip(numbers(version, k == 4 ? fused : weights), reference)
        .map { $0.largestDifference(from: $1) }
      rows.append([names[k], differences[0], differences[1], differences[2...].max()!])
      largest = max(largest, differences.max()!)
    }
    page.table(
      ["version", "output", "gradient of the input", "gradients of the weights"], rows, digits: 2)
    page.result("lstm_versions.max_difference", largest)

    try gains(page, names)

    page.prose(
      #"""
      ## On real figures

      The airline passengers again, prepared as in chapter 2: logarithms, the seasonal and the monthly
      difference, windows of 24 months, early stopping on the year before the test. The layer is the
      library's `LSTM` with 16 units; three seeds, because one would be luck. Beside it stand the best
      free forecast and the linear autoregression over the 24 differences that the LSTM reads, too; the
      others are in [chapter 2](../rnn-from-scratch/chapter.html#forecast-against-truth).
      """#)
    page.show("AirlineRecipe", in: "../Shared/AirlineRecipe.swift")

    page.prose("Three runs, and two rivals that need no network beside them:")
    let recipe = AirlineRecipe()
    let runs = try overSeeds(
      page, "airline passengers", first: page.seed &* 1000, count: page.quick ? 1 : 3
    ) { _, _ in try AirlineRecipe().forecast(.lstm, hiddenSize: 16).forecasts }
    let errors = runs.map { run in recipe.testRMSE { run[$0 - recipe.test.lowerBound] } }
    let error = errors.mean
    let each = errors.map { String(format: "%.2f", $0) }.joined(separator: ", ")
    page.table(
      ["forecast", "test RMSE, thousand passengers"],
      recipe.rivals.map { [$0.title, $0.rmse] } + [["LSTM, 16 units (\(each))", error]])
    page.result("airline.lstm.test_rmse", error, unit: "thousand passengers")
    recipe.tell(runs, called: "the LSTM", beside: recipe.rivals, on: page)
    let sum = recipe.rivals[1].rmse
    page.claim(
      String(
        format: "In the same 24 differences the LSTM finds no more than a weighted sum does: %.1f "
          + "against %.1f thousand.", error, sum),
      holds: sum < errors.min()!,
      otherwise: String(
        format: "A weighted sum of the same 24 differences errs by %.1f thousand, the LSTM by "
          + "%.1f.", sum, error))

    try memory(page)
    try variants(page)

    page.prose(
      #"""
      ## Try next

      - In *What each version gains*, other sizes: from which number of hidden units on are the products
        more than half of version 3's time?
      - `trainAdding(.lstm, hiddenSize: 8, …)`: how few units still add?
      - `trainAdding(.lstm, forgetBias: −3, …)`: what happens to the gradient, and why?
      - The copy task with 10 symbols instead of 5, or 2: which of the two difficulties, time or number, is
        the RNN's?
      - `--seed 2`: which rows of the table of variants change places?
      """#)
  }
}
