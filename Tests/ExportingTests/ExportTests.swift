import Foundation
import Exporting
import ONNX
import PyTorch
import TestSupport
import Testing
import TextModels

/// Models told once, beside what ONNX Runtime and PyTorch make of them.
@Suite struct ExportTests {
  private static func random(_ shape: [Int]) -> NDArray {
    .normal(shape, generator: Generator(seed: UInt64(shape.reduce(7, +))))
  }

  private static func classifier() -> ExportCase {
    let model = Classifier(Generator(seed: 1))
    model.eval()
    let ids = Indices([[3, 7, 9, 0], [5, 2, 19, 8], [4, 0, 0, 0]]), lengths = [3, 4, 1]
    return ExportCase(
      name: "classifier", model: model, ids: [("ids", ids), ("lengths", Indices(lengths))],
      expected: [("logits", model(ids, lengths: lengths).value)])
  }

  private static func writers() -> [ExportCase] {
    [0, 3].map { projSize -> ExportCase in
      let model = Writer(projSize: projSize, Generator(seed: 2))
      let ids = Indices([[3, 7, 1], [5, 2, 8]])
      let h = random([2, 2, projSize > 0 ? projSize : 6]), c = random([2, 2, 6])
      let (states, (h_n, c_n)) = model.lstm(model.table(ids), (Tensor(h), Tensor(c)))
      return ExportCase(
        name: "writer-\(projSize)", model: model, inputs: [("h_0", h), ("c_0", c)],
        ids: [("ids", ids)],
        expected: [
          ("logits", model.output(states).value), ("h_n", h_n.value), ("c_n", c_n.value),
        ], isInONNX: projSize == 0)
    }
  }

  private static func ensemble() -> ExportCase {
    let model = Ensemble(Generator(seed: 3)), window = random([4, 5])
    return ExportCase(
      name: "ensemble", model: model, inputs: [("window", window)],
      expected: [("output", model(window))])
  }

  /// Layers, directions, batchFirst, biases, merges, states, lengths.
  private static func recurrent() -> [ExportCase] {
    let forms: [(layers: Int, both: Bool, first: Bool, bias: Bool, merge: Merge)] = [
      (1, false, false, true, .concatenate), (2, false, true, true, .concatenate),
      (3, true, true, false, .concatenate), (1, true, false, true, .sum),
      (1, true, true, true, .mean), (1, true, false, true, .product),
    ]
    return forms.flatMap { form -> [ExportCase] in
      let (layers, both, first, bias, merge) = form
      let name = "\(layers)\(both)\(first)\(bias)\(merge)", generator = Generator(seed: 4)
      let rnn = RNN(
        inputSize: 4, hiddenSize: 6, numLayers: layers, nonlinearity: layers == 2 ? .tanh : .relu,
        bias: bias, batchFirst: first, bidirectional: both, merge: merge, generator: generator)
      let gru = GRU(
        inputSize: 4, hiddenSize: 6, numLayers: layers, bias: bias, batchFirst: first,
        bidirectional: both, merge: merge, generator: generator)
      let x = random(first ? [3, 5, 4] : [5, 3, 4]), lengths = [2, 5, 1]
      let h = random([layers * (both ? 2 : 1), 3, 6])
      let sizes: [GraphDimension] = first ? ["batch", "time", 4] : ["time", "batch", 4]
      let packed = packPaddedSequence(Tensor(x), lengths: lengths, batchFirst: first)
      let (states, last) = gru(packed)
      let (output, h_n) = rnn(Tensor(x), Tensor(h))
      return [
        ExportCase(
          name: "gru-" + name,
          model: Told(gru) { gru, graph in
            let (output, h) = graph.gru(
              gru, graph.input("input", sizes), lengths: graph.indices("lengths", ["batch"]))
            graph.output("output", output)
            graph.output("h_n", h)
          }, inputs: [("input", x)], ids: [("lengths", Indices(lengths))],
          expected: [
            ("output", padPackedSequence(states, batchFirst: first).output.value),
            ("h_n", last.value),
          ]),
        ExportCase(
          name: "rnn-" + name,
          model: Told(rnn) { rnn, graph in
            let (output, h) = graph.rnn(
              rnn, graph.input("input", sizes),
              h: graph.input("h_0", [.size(h.shape[0]), "batch", 6]))
            graph.output("output", output)
            graph.output("h_n", h)
          }, inputs: [("input", x), ("h_0", h)],
          expected: [("output", output.value), ("h_n", h_n.value)]),
      ]
    }
  }

  private static func layers() -> [ExportCase] {
    let generator = Generator(seed: 5)
    let wide = Sequential(
      Conv1d(3, 4, kernelSize: 3, stride: 2, padding: 2, dilation: 2, generator: generator),
      BatchNorm1d(4), GELU(), Conv1d(4, 4, kernelSize: 1, bias: false, generator: generator),
      BatchNorm1d(4, eps: 1e-3, momentum: nil, affine: false), SiLU(), Flatten(),
      Sequential(Linear(16, 8, generator: generator), LeakyReLU(negativeSlope: 0.2)),
      Gate(8, generator), ELU(alpha: 0.5), LayerNorm(8, eps: 1e-3, bias: false), ReLU(),
      Linear(8, 5, bias: false, generator: generator), Softplus(), Tanh(), Sigmoid(), Softmax())
    let x = random([4, 3, 8])
    for _ in 0..<2 { _ = wide(Tensor(random([4, 3, 8]) * 2.0 + 1.0)) }
    wide.eval()
    return [
      ExportCase(
        name: "layers",
        model: Told(wide) { wide, graph in
          graph.output("output", graph.apply(wide, graph.input("input", ["batch", 3, 8])))
        }, inputs: [("input", x)], expected: [("output", wide(Tensor(x)).value)])
    ]
  }

  /// What lies between layers.
  private static func operations() -> ExportCase {
    let x = random([2, 3, 4]), y = random([4, 2]), shift = random([3, 1])
    let value = Tensor(x)
    let positive = value.abs() + 0.5
    let left = (value * 0.5).exp() - positive.log() + positive.sqrt()
    let product = (left / positive).matmul(Tensor(y)).transposed(1, 2)
    let rows = Tensor.concatenate([product, product * 2.0], axis: 1)
    let third = rows.mean(axis: 0) + (rows.select(axis: 0, index: 1) - 1.5)
    let none = Module()
    return ExportCase(
      name: "operations",
      model: Told(none) { _, graph in
        let x = graph.input("x", ["batch", 3, 4]), y = graph.input("y", [4, 2])
        let positive = graph.add(graph.abs(x), 0.5)
        let left = graph.add(
          graph.subtract(graph.exp(graph.multiply(x, 0.5)), graph.log(positive)),
          graph.sqrt(positive))
        let product = graph.transposed(
          graph.matmul(graph.divide(left, positive), y), [0, 2, 1])
        let rows = graph.concatenate([product, graph.multiply(product, 2)], axis: 1)
        graph.output(
          "third",
          graph.add(
            graph.mean(rows, axis: 0), graph.subtract(graph.select(rows, axis: 0, index: 1), 1.5)))
        graph.output("part", graph.narrow(rows, axis: 1, start: 1, length: 2))
        graph.output("largest", graph.max(rows, axis: -1))
        graph.output("sum", graph.sum(graph.softmax(rows, axis: 1), axis: 2))
        graph.output("shifted", graph.add(x, graph.constant(shift)))
        graph.output("log", graph.logSoftmax(rows))
      }, inputs: [("x", x), ("y", y)],
      expected: [
        ("third", third.value), ("part", rows.narrow(axis: 1, start: 1, length: 2).value),
        ("largest", rows.max(axis: -1).value), ("sum", rows.softmax(axis: 1).sum(axis: 2).value),
        ("shifted", (value + Tensor(shift)).value), ("log", rows.logSoftmax(axis: -1).value),
      ])
  }

  /// The mean over own steps where the padding is not 0, time first and last.
  private static func pooled() -> [ExportCase] {
    [0, 1].map { axis -> ExportCase in
      let x = random(axis == 0 ? [4, 3, 2] : [3, 4, 2]), lengths = [2, 4, 1]
      let byTime = axis == 0 ? x : x.transposed(0, 1)
      let means = lengths.enumerated().map { row, length in
        (0..<length).map { byTime[$0][row] }.reduce(NDArray.zeros([2]), +) / Double(length)
      }
      return ExportCase(
        name: "pooled-\(axis)",
        model: Told(Module()) { _, graph in
          let x = graph.input("x", axis == 0 ? ["time", "batch", 2] : ["batch", "time", 2])
          let lengths = graph.indices("lengths", ["batch"])
          graph.output("mean", graph.maskedMean(x, lengths: lengths, axis: axis))
        }, inputs: [("x", x)], ids: [("lengths", Indices(lengths))],
        expected: [("mean", .stack(means))])
    }
  }

  /// What `applications classify` and `applications write` give to other servers.
  private static func texts() -> [ExportCase] {
    let words = ["sun", "warm", "bright", "rain", "cold", "dark"]
    let labels = (0..<40).map { $0 % 2 }
    let texts = labels.enumerated().map { place, label in
      "day \(words[3 * label + place % 3]) \(words[3 * label + place / 3 % 3])"
    }
    let model = try! TextClassifier(validatedFolds: 1, budget: 5_000).fitted(
      to: LabeledTexts(texts, labels: labels, classes: ["fair", "foul"]))
    let networks = TextNetworks(model)!
    let asked = ["a bright day", "rain", "cold and dark, warm"]
    let tokens = asked.map(networks.encode), longest = tokens.map(\.count).max()!
    let ids = (0..<longest).map { t in tokens.map { t < $0.count ? $0[t] : 0 } }
    let writer = NextCharacterNetwork(kinds: 7, embeddingSize: 4, hiddenSize: 6, dropout: 0.2)
    writer.eval()
    let h = random([1, 3, 6]), read = Indices([[1, 2, 3], [4, 5, 6], [0, 6, 2], [2, 2, 1]])
    let (logits, h_n) = writer(read, Tensor(h))
    return [
      ExportCase(
        name: "text-networks", model: networks,
        ids: [("ids", Indices(ids)), ("lengths", Indices(tokens.map(\.count)))],
        expected: [
          (
            "probabilities",
            NDArray(networks.probabilities(asked).flatMap { $0 }, shape: [3, 2])
          )
        ]),
      ExportCase(
        name: "next-character", model: writer, inputs: [("h_0", h)], ids: [("ids", read)],
        expected: [("logits", logits.value.reshaped([4, 3, 7])), ("h_n", h_n.value)]),
    ]
  }

  private static func all() -> [ExportCase] {
    [classifier(), ensemble(), operations()] + writers() + recurrent() + layers() + pooled()
      + texts()
  }

  /// The same numbers to 1e-5, the same names of parameters.
  @Test func pyTorchGivesTheSameNumbers() throws {
    guard let python = OutsidePython.having("torch, numpy") else { return }
    try compare(python, "torch", count: Self.all().count)
  }

  @Test func onnxRuntimeGivesTheSameNumbers() throws {
    guard let python = OutsidePython.having("onnx, onnxruntime, numpy") else { return }
    try compare(python, "onnx", count: Self.all().count { $0.isInONNX })
  }

  private func compare(_ python: String, _ kind: String, count: Int) throws {
    let scratch = Scratch()
    for export in Self.all() { try export.write(to: scratch["models/\(export.name)"]) }
    try OutsidePython.script.write(to: scratch["check.py"], atomically: true, encoding: .utf8)
    let (status, output) = try OutsidePython.run(
      python, [scratch["check.py"].path, kind, scratch["models"].path])
    #expect(status == 0 && output.contains("\(count) models"), "\(output)")
  }
}
