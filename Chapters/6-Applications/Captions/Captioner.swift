import Unroll

/// A picture in, a sentence out. One GRU reads the picture's rows from both ends, another its
/// columns; what they end with is one vector. A third writes the sentence, with the vector before its
/// eyes at every word.
package final class Captioner: Module {
  package static let words = Vocabulary(
    tokens: ["<bos>", "<eos>", "a"] + DrawnShape.sizes + DrawnShape.shades + DrawnShape.forms
      + ["above", "below", "left", "right", "of"])
  private static let begin = 0, end = 1
  /// The longest caption and its end.
  private static let longest = 11

  let rows, columns: GRU
  let picture: Linear
  let word: Embedding
  let decoder: GRU
  let output: Linear

  package init(hiddenSize: Int = 64) {
    rows = GRU(inputSize: Scene.side, hiddenSize: hiddenSize, bidirectional: true)
    columns = GRU(inputSize: Scene.side, hiddenSize: hiddenSize, bidirectional: true)
    picture = Linear(4 * hiddenSize, 96)
    word = Embedding(Self.words.count, 16)
    decoder = GRU(inputSize: 16 + 96, hiddenSize: 64)
    output = Linear(64, Self.words.count)
  }

  /// Pictures as one vector each, `[batch, 96]`.
  func seen(_ pictures: [[Double]]) -> Tensor {
    let side = Scene.side
    let image = NDArray(pictures.flatMap { $0 }, shape: [pictures.count, side, side])
    let byRow = Tensor(image.transposed(0, 1).contiguous)  // [row, batch, column]
    let byColumn = Tensor(image.permuted([2, 0, 1]).contiguous)  // [column, batch, row]
    let ends = [rows(byRow).h_n, columns(byColumn).h_n]
    return picture(.concatenate(ends.flatMap { [$0[0], $0[1]] }, axis: 1)).tanh()
  }

  /// The cross-entropy of the words and the end. All words are known beforehand (teacher forcing), so
  /// the decoder runs over the whole sentence at once. Three words in ten that it is told are hidden:
  /// what comes next is to be seen in the picture, not remembered from pairs met before.
  package func loss(_ drawn: DrawnScenes) -> Tensor {
    let sentences = drawn.scenes.map { Self.words.encode($0.words) }
    let told = sentences.map { sentence in
      [Self.begin] + sentence.map { Generator.default.uniform() < 0.3 ? Self.begin : $0 }
    }
    let wanted = padSequence(sentences.map { $0 + [Self.end] }, value: -100)
    let (steps, batch) = (wanted.shape[0], wanted.shape[1])
    let seen = seen(drawn.pictures).unsqueezed(0).expanded(to: [steps, batch, 96])
    let written = decoder(.concatenate([word(padSequence(told)), seen], axis: 2)).output
    return crossEntropy(
      output(written).reshaped([steps * batch, Self.words.count]),
      wanted.reshaped([steps * batch]))
  }

  /// A caption for each picture, word by word the likeliest.
  package func captions(_ pictures: [[Double]]) -> [[String]] {
    inEvaluation {
      let seen = seen(pictures)
      var last = pictures.map { _ in Self.begin }
      var state: Tensor?
      var found = pictures.map { _ in [Int]() }
      for _ in 0..<Self.longest {
        let input = Tensor.concatenate([word(Indices(last)), seen], axis: 1)
        let (written, next) = decoder(input.unsqueezed(0), state)
        state = next
        last = output(written[0]).argmax(axis: 1).values
        for k in found.indices { found[k].append(last[k]) }
      }
      return found.map { Self.words.decode($0.prefix { $0 != Self.end }) }
    }
  }
}

/// Adam with one cycle of the rate over pictures that are drawn anew for every batch.
package func train(
  _ model: Captioner, on scenes: [Scene], steps: Int, each: (_ done: Int, _ total: Int) -> Void
) {
  let optimizer = Adam(model.parameters(), learningRate: 0.01)
  let schedule = OneCycleLR(optimizer, maxLR: 0.01, totalSteps: steps)
  for step in 1...steps {
    optimizer.zeroGrad()
    model.loss(DrawnScenes(32, of: scenes)).backward()
    clipGradNorm(optimizer.parameters, maxNorm: 1)
    optimizer.step()
    if step < steps { schedule.step() }
    each(step, steps)
  }
}
