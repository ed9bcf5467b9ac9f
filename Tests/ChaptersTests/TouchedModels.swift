import Applications
import Foundation
import Notebook
import TestSupport
import Testing
import Unroll

/// Models of the chapters with weights drawn at random, larger than at the start of training, so that
/// their answers differ; and what they answer in the page beside what they answer in the library.
struct TouchedModels {
  private let reader = RowReader()
  private let letters = Vocabulary(counting: "aabbccddeeffgghhiijjkkllmmnnoo".map(String.init))
  private let names: SurnameReader
  private let characters = Vocabulary(
    counting: "the cat sat on a mat. the cat sat on a mat.".map(String.init))
  private let writer: NextCharacterNetwork
  private let translator = Translator.ofDates()

  init() {
    Generator.default.seed(11)
    names = SurnameReader(letters: letters.count, languages: 18)
    writer = NextCharacterNetwork(kinds: characters.count)
    for module in [reader, names, writer, translator] as [Module] {
      for parameter in module.parameters() { parameter.value = parameter.value * 2 }
      module.eval()
    }
    // An answer is not to end before it has begun.
    let bias = translator.namedParameters().first { $0.name == "output.bias" }!.parameter
    bias.value[Translator.end] = NDArray(-50)
  }

  func components() throws -> [(Interactive.Component, any Encodable)] {
    [
      (
        .digit,
        try DrawnDigit(
          reader, examples: Generated.digits(count: 3, generator: Generator(seed: 1)).inputs)
      ),
      (
        .name,
        try TypedName(
          names, letters: letters, languages: (1...18).map { "language \($0)" }, name: "alcmena")
      ),
      (.writer, try TypedBeginning(writer, characters, beginning: "the ")),
      (.date, try TypedDate(translator, text: "the 3rd of may 1999")),
    ]
  }

  /// 100 inputs a model.
  func check(_ browser: Browser) throws {
    try checkDigits(browser)
    try checkNames(browser)
    try checkWriter(browser)
    try checkDates(browser)
    try checkOperations(browser)
  }

  /// What an expression of `stage` and `one` gives for each input.
  private func answers<Value: Decodable>(
    _ browser: Browser, _ component: String, _ inputs: some Encodable, _ expression: String,
    as type: Value.Type
  ) throws -> [Value] {
    let json = String(decoding: try JSONEncoder().encode(inputs), as: UTF8.self)
    return try browser.evaluate(
      """
      (() => { const stage = document.querySelector("[data-component=\(component)]").stage;
        return \(json).map((one) => \(expression)) })()
      """, as: [Value].self)
  }

  private func largest(_ a: [Double], _ b: [Double]) -> Double {
    #expect(a.count == b.count)
    return zip(a, b).map { abs($0 - $1) }.max() ?? 0
  }

  private func checkDigits(_ browser: Browser) throws {
    let images = Generated.digits(count: 100, generator: Generator(seed: 2)).inputs
    let bytes = images.doubles.map { UInt8((255 * $0).rounded()) }
    let read = NDArray(bytes.map { Double($0) / 255 }, shape: [100, 28, 28], dtype: .float32)
    let shares = noGrad { reader.afterEachRow(Tensor(read)).value.softmax(axis: 2) }
    let found = try answers(
      browser, "digit",
      (0..<100).map { Data(bytes[784 * $0..<784 * ($0 + 1)]).base64EncodedString() },
      "[...stage.answer(Float64Array.from(atob(one), (sign) => sign.charCodeAt(0) / 255))]",
      as: [Double].self)
    for k in 0..<100 { #expect(largest(found[k], shares[k].doubles) < 1e-3, "image \(k)") }
  }

  private func checkNames(_ browser: Browser) throws {
    let generator = Generator(seed: 3), signs = Array("abcdefghijklmnoz")
    let written = (0..<100).map { k in
      String((0...(k % 12)).map { _ in signs[Int(generator.uniform() * 16)] })
    }
    let found = try answers(
      browser, "name", written, "[...stage.answer([...one])]", as: [Double].self)
    for (name, shares) in zip(written, found) {
      #expect(largest(shares, names.letterByLetter(name, letters).flatMap { $0 }) < 1e-3, "\(name)")
    }
  }

  private func checkWriter(_ browser: Browser) throws {
    let generator = Generator(seed: 4), kinds = characters.count
    let texts = (0..<100).map { _ in (0..<20).map { _ in Int(generator.uniform() * Double(kinds)) }
    }
    let found = try answers(browser, "writer", texts, "[...stage.read(one).all]", as: [Double].self)
    for (ids, scores) in zip(texts, found) {
      let expected = noGrad { writer(Indices(ids, shape: [20, 1])).0.value.softmax(axis: 1) }
      let shares = NDArray(scores, shape: [20, kinds], dtype: .float64).softmax(axis: 1)
      #expect(largest(shares.doubles, expected.doubles) < 1e-3)
    }
  }

  private struct Written: Decodable {
    var character: String
    var weights: [Double]
  }

  private func checkDates(_ browser: Browser) throws {
    let texts = DateSplit.written(
      100, of: DateSplit(seed: 7).unseen, generator: Generator(seed: 5)
    ).map(\.text)
    let found = try answers(browser, "date", texts, "stage.answer([...one])", as: [Written].self)
    var same = 0
    for (text, written) in zip(texts, found) {
      let (answers, weights) = translator.greedy(
        [DateSymbols.read(text)], maxLength: DateSymbols.length)
      let expected = DateSymbols.target.decode(answers[0])
      // A tie may fall either way; what follows it is another text.
      let together = zip(written.map(\.character), expected).prefix { $0 == $1 }.count
      if together == expected.count { same += 1 }
      for k in 0..<together {
        #expect(largest(written[k].weights, weights[0][k]) < 1e-3, "\(text)")
      }
    }
    #expect(same >= 95, "\(same) of 100 answers are the same")
  }

  /// What the four models do not use: layers in both directions, lengths, states, masks, other
  /// activations.
  private func checkOperations(_ browser: Browser) throws {
    let linear = Linear(6, 6), norm = LayerNorm(6)
    let lstm = LSTM(inputSize: 6, hiddenSize: 5, numLayers: 2, bidirectional: true)
    let rnn = RNN(inputSize: 10, hiddenSize: 4, nonlinearity: .relu, batchFirst: true)
    let model = try PageModel(weights: .float32) { graph in
      let x = graph.input("x", [4, 3, 6]), lengths = graph.indices("lengths", [3])
      let inner = graph.gelu(graph.apply(norm, graph.apply(linear, x)))
      let (states, last) = graph.lstm(lstm, inner, lengths: lengths)
      let mean = graph.maskedMean(states, lengths: lengths, axis: 0)
      let read = graph.rnn(rnn, graph.transposed(states, [1, 0, 2])).output
      let end = graph.logSoftmax(graph.select(read, axis: 1, index: -1), axis: 1)
      graph.output("y", graph.concatenate([mean, end], axis: 1))
      graph.output("c", graph.narrow(graph.silu(last.c), axis: 0, start: 1, length: 2))
    }
    let x = NDArray.normal([4, 3, 6]), lengths = [2, 4, 3]
    let json = String(decoding: try JSONEncoder().encode(model), as: UTF8.self)
    let found = try browser.evaluate(
      """
      (() => { const {y, c} = unroll.model(\(json))({
          x: {shape: [4, 3, 6], data: Float64Array.from(\(x.doubles))},
          lengths: {shape: [3], data: Float64Array.from(\(lengths))}});
        return [[...y.data], [...c.data]] })()
      """, as: [[Double]].self)
    let (y, c) = noGrad {
      let packed = packPaddedSequence(norm(linear(Tensor(x))).gelu(), lengths: lengths)
      let (output, last) = lstm(packed)
      let states = padPackedSequence(output).output
      let own = Tensor(NDArray(lengths.map(Double.init), shape: [3, 1], dtype: .float32))
      let mean = states.sum(axis: 0) / own
      let read = rnn(states.transposed(0, 1)).output
      let end = read.select(axis: 1, index: 3).logSoftmax(axis: 1)
      return (
        Tensor.concatenate([mean, end], axis: 1),
        last.c_n.silu().narrow(axis: 0, start: 1, length: 2)
      )
    }
    #expect(largest(found[0], y.value.doubles) < 1e-5)
    #expect(largest(found[1], c.value.doubles) < 1e-5)
    #expect(throws: ExportError.self) {
      _ = try PageModel { graph in
        graph.output("y", graph.apply(Conv1d(2, 2, kernelSize: 1), graph.input("x", [1, 2, 3])))
      }
    }
  }
}
