import Foundation
import ONNX
import TestSupport
import Testing
import Training

/// Exports beside the library's own numbers for the same inputs; ONNX Runtime compares them.
@Suite struct ONNXTests {
  /// The layers of a chapter, each in the forms that matter to ONNX: inputs, and what to expect.
  private static let recurrentForms: [(layers: Int, both: Bool, batchFirst: Bool, bias: Bool)] = [
    (1, false, false, true), (2, false, true, true), (1, true, false, true), (3, true, true, true),
    (2, true, false, false), (2, true, true, true),
  ]

  private struct Export {
    let name: String
    let graph: ONNXGraph
    var inputs: [String: NDArray] = [:]
    var ids: [String: Indices] = [:]
    var expected: [String: NDArray] = [:]
  }

  private static func random(_ shape: [Int]) -> NDArray {
    .normal(shape, generator: Generator(seed: UInt64(shape.reduce(7, +))))
  }

  private static func recurrent() -> [Export] {
    recurrentForms.flatMap { form -> [Export] in
      let (layers, both, batchFirst, bias) = form
      let rows = layers * (both ? 2 : 1), time = 5, batch = 3
      let name =
        "\(layers)\(both ? "-both" : "")\(batchFirst ? "-first" : "")\(bias ? "" : "-plain")"
      let x = random(batchFirst ? [batch, time, 4] : [time, batch, 4])
      let (h, c) = (random([rows, batch, 6]), random([rows, batch, 6]) * 0.5)
      let sizes: [ONNXDimension] = batchFirst ? ["batch", "time", 4] : ["time", "batch", 4]
      let state: [ONNXDimension] = [.size(rows), "batch", 6]
      let generator = Generator(seed: 11)

      func export(_ kind: String, _ tell: (ONNXGraph, ONNXValue, ONNXValue) -> [String: NDArray])
        -> Export
      {
        let graph = ONNXGraph(kind)
        let values = tell(graph, graph.input("input", sizes), graph.input("h_0", state))
        return Export(
          name: "\(kind)-\(name)", graph: graph, inputs: ["input": x, "h_0": h], expected: values)
      }

      let relu = RNN(
        inputSize: 4, hiddenSize: 6, numLayers: layers, nonlinearity: layers == 2 ? .tanh : .relu,
        bias: bias, batchFirst: batchFirst, bidirectional: both, generator: generator)
      let gru = GRU(
        inputSize: 4, hiddenSize: 6, numLayers: layers, bias: bias, batchFirst: batchFirst,
        bidirectional: both, generator: generator)
      let lstm = LSTM(
        inputSize: 4, hiddenSize: 6, numLayers: layers, bias: bias, batchFirst: batchFirst,
        bidirectional: both, generator: generator)
      var withCell = export("lstm") { graph, input, h0 in
        let c0 = graph.input("c_0", state)
        let told = graph.lstm(lstm, input, state: (h0, c0))
        graph.output("output", told.output)
        graph.output("h_n", told.state.h)
        graph.output("c_n", told.state.c)
        let (output, (h_n, c_n)) = lstm(Tensor(x), (Tensor(h), Tensor(c)))
        return ["output": output.value, "h_n": h_n.value, "c_n": c_n.value]
      }
      withCell.inputs["c_0"] = c
      return [
        export("rnn") { graph, input, h0 in
          let told = graph.rnn(relu, input, h: h0)
          graph.output("output", told.output)
          graph.output("h_n", told.h)
          let (output, h_n) = relu(Tensor(x), Tensor(h))
          return ["output": output.value, "h_n": h_n.value]
        },
        export("gru") { graph, input, h0 in
          let told = graph.gru(gru, input, h: h0)
          graph.output("output", told.output)
          graph.output("h_n", told.h)
          let (output, h_n) = gru(Tensor(x), Tensor(h))
          return ["output": output.value, "h_n": h_n.value]
        },
        withCell,
      ]
    }
  }

  /// A character model with an embedding, an LSTM from zeros, and a head on the last step.
  private static func characters() -> Export {
    let generator = Generator(seed: 3)
    let table = Embedding(9, 5, generator: generator)
    let lstm = LSTM(inputSize: 5, hiddenSize: 7, numLayers: 2, dropout: 0.3, generator: generator)
    let head = Sequential(
      Linear(7, 6, generator: generator), ReLU(), Dropout(0.5), LayerNorm(6),
      Linear(6, 9, bias: false, generator: generator), LogSoftmax())
    for module in [table, lstm, head] { module.eval() }
    let ids = Indices([[1, 8], [0, 3], [2, 2], [5, 7]])

    let graph = ONNXGraph("characters")
    let input = graph.indices("ids", ["time", "batch"])
    let told = graph.lstm(lstm, graph.apply(table, input))
    graph.output("next", graph.apply(head, graph.select(told.output, axis: 0, index: -1)))
    let output = lstm(table(ids)).output
    return Export(
      name: "characters", graph: graph, ids: ["ids": ids],
      expected: ["next": head(output.select(axis: 0, index: -1)).value])
  }

  private static func merges() -> [Export] {
    Merge.allCases.map { merge in
      let gru = GRU(
        inputSize: 4, hiddenSize: 6, numLayers: 2, bidirectional: true, merge: merge,
        generator: Generator(seed: 2))
      let x = random([5, 3, 4])
      let graph = ONNXGraph("merge")
      graph.output("output", graph.gru(gru, graph.input("input", ["time", "batch", 4])).output)
      return Export(
        name: "merge-\(merge)", graph: graph, inputs: ["input": x],
        expected: ["output": gru(Tensor(x)).output.value])
    }
  }

  /// Sequences of unequal length: ONNX's `sequence_lens` beside packing and padding again.
  private static func packed() -> [Export] {
    let lengths = [2, 5, 1], x = random([5, 3, 4]) + 1.0
    return [false, true].flatMap { both -> [Export] in
      let generator = Generator(seed: 12)
      let lstm = LSTM(
        inputSize: 4, hiddenSize: 6, numLayers: 2, bidirectional: both, generator: generator)
      let gru = GRU(
        inputSize: 4, hiddenSize: 6, numLayers: 2, bidirectional: both,
        merge: both ? .sum : .concatenate, generator: generator)
      let rnn = RNN(inputSize: 4, hiddenSize: 6, bidirectional: both, generator: generator)
      func export(
        _ kind: String, _ tell: (ONNXGraph, ONNXValue, ONNXValue) -> (ONNXValue, ONNXValue),
        _ run: (PackedSequence) -> (PackedSequence, Tensor)
      ) -> Export {
        let graph = ONNXGraph(kind)
        let (output, h) = tell(
          graph, graph.input("input", ["time", "batch", 4]), graph.indices("lengths", ["batch"]))
        graph.output("output", output)
        graph.output("h_n", h)
        let (packed, h_n) = run(packPaddedSequence(Tensor(x), lengths: lengths))
        return Export(
          name: "packed-\(kind)-\(both)", graph: graph, inputs: ["input": x],
          ids: ["lengths": Indices(lengths)],
          expected: ["output": padPackedSequence(packed).output.value, "h_n": h_n.value])
      }
      return [
        export(
          "lstm",
          { graph, x, lengths in
            let told = graph.lstm(lstm, x, lengths: lengths)
            return (told.output, told.state.h)
          },
          {
            let (output, state) = lstm($0)
            return (output, state.h_n)
          }),
        export("gru", { $0.gru(gru, $1, lengths: $2) }, { gru($0) }),
        export("rnn", { $0.rnn(rnn, $1, lengths: $2) }, { rnn($0) }),
      ]
    }
  }

  /// A caller's names that nodes and constants would have got, before and after they got them.
  private static func namesakes() -> Export {
    let generator = Generator(seed: 9)
    let first = Linear(4, 4, generator: generator), second = Linear(4, 4, generator: generator)
    let (x, y) = (random([3, 4]), random([3, 4]) * 0.5)
    let graph = ONNXGraph("namesakes")
    let a = graph.input("MatMul_2", ["batch", 4])
    let one = graph.apply(first, a)
    let b = graph.input("Add_4", ["batch", 4])
    let two = graph.apply(second, graph.node("Add", one, b, shape: one.shape))
    graph.output("weight_1", one)
    graph.output("bias_3", graph.node("Tanh", two, shape: two.shape))
    let h = first(Tensor(x))
    return Export(
      name: "namesakes", graph: graph, inputs: ["MatMul_2": x, "Add_4": y],
      expected: ["weight_1": h.value, "bias_3": second(h + Tensor(y)).tanh().value])
  }

  private static func feedForward() -> Export {
    let generator = Generator(seed: 8)
    let model = Sequential(
      Flatten(), Linear(12, 8, generator: generator), Tanh(), Linear(8, 8, generator: generator),
      Sigmoid(), Linear(8, 4, generator: generator), Softplus(), Softmax())
    let x = random([5, 3, 4]), graph = ONNXGraph("feed-forward")
    graph.output("output", graph.apply(model, graph.input("input", ["batch", 3, 4])))
    return Export(
      name: "feed-forward", graph: graph, inputs: ["input": x],
      expected: ["output": model(Tensor(x)).value])
  }

  /// Batch norm over features and over time, after some batches of another mean.
  private static func normed() -> [Export] {
    [[6, 3], [2, 3, 5]].map { shape in
      let model = Sequential(BatchNorm1d(3), Tanh(), BatchNorm1d(3, momentum: nil, affine: false))
      for _ in 0..<3 { _ = model(Tensor(random(shape) * 3.0 + 2.0)) }
      model.eval()
      let x = random(shape), graph = ONNXGraph("norm-\(shape.count)")
      let sizes: [ONNXDimension] = ["batch", 3] + shape.dropFirst(2).map { .size($0) }
      graph.output("output", graph.apply(model, graph.input("input", sizes)))
      return Export(
        name: "norm-\(shape.count)", graph: graph, inputs: ["input": x],
        expected: ["output": model(Tensor(x)).value])
    }
  }

  /// Every export runs in ONNX Runtime with the same numbers, to 1e-5; and `onnx.checker` finds no
  /// fault with its form. Says so where no Python with these two is found.
  @Test func onnxRuntimeGivesTheSameNumbers() throws {
    guard let python = OutsidePython.having("onnx, onnxruntime, numpy") else {
      return
    }
    let scratch = Scratch()
    let exports =
      Self.recurrent() + Self.merges() + Self.packed() + Self.normed()
      + [Self.characters(), Self.feedForward(), Self.namesakes()]
    for export in exports {
      try export.graph.write(to: scratch["\(export.name).onnx"])
      var arrays = StateDict()
      for (name, value) in export.inputs { arrays["in.\(name)"] = value }
      for (name, value) in export.expected { arrays["out.\(name)"] = value }
      for (name, value) in export.ids {
        arrays["ids.\(name)"] = NDArray(value.values.map(Double.init), shape: value.shape)
      }
      let listing = arrays.map { name, array in
        ["name": name, "shape": array.shape, "data": array.doubles] as [String: Any]
      }
      try JSONSerialization.data(withJSONObject: listing)
        .write(to: scratch["\(export.name).json"])
    }
    try Self.script.write(to: scratch["check.py"], atomically: true, encoding: .utf8)
    let (status, output) = try OutsidePython.run(
      python, [scratch["check.py"].path, scratch.url.path])
    #expect(status == 0, "\(output)")
    #expect(output.contains("\(exports.count) models"), "\(output)")
  }

  /// A file in bytes: y = 2x + 1 for a batch of any size, as `protoc --decode` would show it.
  @Test func theFileIsWhatTheFormatSays() {
    let model = Linear(1, 1)
    model.weight.value = NDArray([[2.0]])
    model.bias!.value = NDArray([1.0])
    let graph = ONNXGraph("g")
    graph.output("y", graph.apply(model, graph.input("x", ["n", 1])))
    func text(_ field: UInt8, _ string: String) -> [UInt8] {
      [field << 3 | 2, UInt8(string.utf8.count)] + Array(string.utf8)
    }
    func message(_ field: UInt8, _ bytes: [UInt8]) -> [UInt8] {
      [field << 3 | 2, UInt8(bytes.count)] + bytes
    }
    func tensor(_ name: String, dims: [UInt8], _ value: [UInt8]) -> [UInt8] {
      message(1, dims) + [0x10, 1] + text(8, name) + message(9, value)
    }
    func value(_ name: String) -> [UInt8] {
      let shape = message(1, text(2, "n")) + message(1, [0x08, 1])
      return text(1, name) + message(2, message(1, [0x08, 1] + message(2, shape)))
    }
    let nodes =
      message(
        1,
        text(1, "x") + text(1, "weight_1") + text(2, "MatMul_2") + text(3, "MatMul#0")
          + text(4, "MatMul"))
      + message(
        1,
        text(1, "MatMul_2") + text(1, "bias_3") + text(2, "Add_4") + text(3, "Add#1")
          + text(4, "Add"))
      + message(1, text(1, "Add_4") + text(2, "y") + text(3, "Identity#2") + text(4, "Identity"))
    let inner: [UInt8] =
      nodes + text(2, "g")
      + message(5, tensor("weight_1", dims: [1, 1], [0, 0, 0, 0x40]))
      + message(5, tensor("bias_3", dims: [1], [0, 0, 0x80, 0x3F]))
      + message(11, value("x")) + message(12, value("y"))
    // 200 bytes and more take two bytes for their length.
    let length: [UInt8] = [UInt8(inner.count & 0x7F) | 0x80, UInt8(inner.count >> 7)]
    let expected: [UInt8] =
      [0x08, 8] + text(2, "unroll") + [0x3A] + length + inner
      + message(8, text(1, "") + [0x10, 17])
    #expect(Array(graph.data) == expected)
  }

  @Test func negativeNumbersTakeTenBytes() {
    let graph = ONNXGraph("g")
    let x = graph.input("x", [2])
    graph.output("y", graph.node("Softmax", x, attributes: ["axis": .integer(-1)], shape: x.shape))
    let minusOne: [UInt8] = [0x18] + [UInt8](repeating: 0xFF, count: 9) + [0x01]
    #expect(graph.data.range(of: Data(minusOne)) != nil)
  }

  @Test func whatHasNoFormInONNXIsAnError() {
    final class Odd: Module, UnaryLayer {
      func forward(_ input: Tensor) -> Tensor { input }
    }
    final class Narrow: Module, UnaryLayer, ONNXExportable {
      let lstm = LSTM(inputSize: 2, hiddenSize: 4, projSize: 3)
      func forward(_ input: Tensor) -> Tensor { lstm(input).output }
      func export(_ input: ONNXValue, to graph: ONNXGraph) -> ONNXValue {
        graph.select(graph.lstm(lstm, input).output, axis: 0, index: -1)
      }
    }
    let scratch = Scratch()
    func refusal(_ model: some ONNXExportable, _ input: [ONNXDimension]) -> String {
      let error = #expect(throws: ONNXError.self) {
        try model.exportONNX(to: scratch["model.onnx"], input: input)
      }
      #expect(scratch.names.isEmpty)
      return error.map { "\($0)" } ?? "accepted"
    }
    #expect(
      refusal(Sequential(Linear(2, 2), Odd()), ["batch", 2])
        == "exportONNX: Odd has no form in ONNX; make it ONNXExportable")
    #expect(refusal(Linear(2, 2), ["batch", 3]).hasPrefix("Linear: input "))
    #expect(refusal(Embedding(2, 2), ["batch"]).hasPrefix("Embedding: input holds numbers"))
    #expect(refusal(Flatten(), ["batch", "time", 3]).hasPrefix("Flatten: the axes from 1 on"))
    #expect(refusal(Flatten(startAxis: 4), ["batch", 3]).hasPrefix("Flatten: startAxis 4"))
    #expect(refusal(LayerNorm(4), ["batch", 3]).hasPrefix("LayerNorm: input "))
    #expect(refusal(BatchNorm1d(4), ["batch", 3]).hasPrefix("BatchNorm1d: input "))
    #expect(
      refusal(BatchNorm1d(3, trackRunningStats: false), ["batch", 3])
        .hasPrefix("BatchNorm1d: without running means"))
    #expect(refusal(Softmax(axis: 2), ["batch", 3]).hasPrefix("Softmax: axis 2"))
    #expect(refusal(Narrow(), ["time", "batch", 2]) == "ONNXGraph: ONNX's LSTM has no projection")
  }

  /// Where the caller puts the graph together by hand, it is the caller's mistake.
  @Test func whatDoesNotFitByHandStops() async {
    await #expect(processExitsWith: .failure) {
      let graph = ONNXGraph()
      _ = graph.apply(Linear(3, 2), graph.input("x", ["batch", 4]))
    }
  }

  @Test func whatDoesNotFitStops() async {
    await #expect(processExitsWith: .failure) {
      let graph = ONNXGraph()
      _ = graph.input("x", [1])
      _ = graph.indices("x", [1])
    }
    await #expect(processExitsWith: .failure) {
      let graph = ONNXGraph()
      graph.output("", graph.input("x", [1]))
    }
    await #expect(processExitsWith: .failure) {
      let graph = ONNXGraph()
      let x = graph.input("x", ["time", "batch", 4])
      // Two layers have two states.
      _ = graph.gru(
        GRU(inputSize: 4, hiddenSize: 6, numLayers: 2), x, h: graph.input("h", [1, "batch", 6]))
    }
    await #expect(processExitsWith: .failure) {
      let graph = ONNXGraph()
      _ = graph.lstm(LSTM(inputSize: 4, hiddenSize: 6), graph.input("x", ["time", "batch", 5]))
    }
    await #expect(processExitsWith: .failure) {
      let graph = ONNXGraph()
      _ = graph.select(graph.input("x", [3, 4]), axis: 2, index: 0)
    }
  }

  @Test func aPlaceThatCannotBeWrittenThrows() {
    #expect(throws: ONNXError.self) {
      try Sequential(Linear(2, 2)).exportONNX(
        to: URL(fileURLWithPath: "/proc/nope/model.onnx"), input: ["batch", 2])
    }
  }

  // MARK: Python

  private static let script = """
    import json, pathlib, sys
    import numpy, onnx, onnxruntime
    count = 0
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.onnx")):
        onnx.checker.check_model(onnx.load(path), full_check=True)
        given, expected = {}, {}
        for array in json.loads(path.with_suffix(".json").read_text()):
            kind, name = array["name"].split(".")
            dtype = numpy.int64 if kind == "ids" else numpy.float32
            value = numpy.array(array["data"], dtype).reshape(array["shape"])
            (expected if kind == "out" else given)[name] = value
        session = onnxruntime.InferenceSession(path)
        names = [output.name for output in session.get_outputs()]
        for name, value in zip(names, session.run(names, given)):
            assert value.shape == expected[name].shape, (path.name, name, value.shape)
            worst = abs(value - expected[name]).max()
            assert worst <= 1e-5, (path.name, name, worst)
        count += 1
    print(count, "models")
    """
}
