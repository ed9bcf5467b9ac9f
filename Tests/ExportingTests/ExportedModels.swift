import Exporting
import ONNX
import PyTorch

/// A model made of a module and a way to tell it.
final class Told<Part: Module>: Module, ExportableModel {
  let part: Part
  private let tell: (Part, any ModelGraph) -> Void

  init(_ part: Part, _ tell: @escaping (Part, any ModelGraph) -> Void) {
    (self.part, self.tell) = (part, tell)
  }

  override func namedParts() -> [(name: String, value: Any)] { [("part", part)] }

  func export(to graph: any ModelGraph) { tell(part, graph) }
}

/// A text's classifier: vectors of its tokens, a recurrent layer, the mean over its own steps.
final class Classifier: Module, ExportableModel {
  let table: Embedding
  let lstm: LSTM
  let head: Sequential

  init(_ generator: Generator) {
    table = Embedding(20, 6, paddingIndex: 0, generator: generator)
    lstm = LSTM(
      inputSize: 6, hiddenSize: 5, numLayers: 2, batchFirst: true, dropout: 0.2,
      bidirectional: true, generator: generator)
    head = Sequential(
      Dropout(0.3), LayerNorm(10), Linear(10, 3, generator: generator), LogSoftmax())
  }

  func callAsFunction(_ ids: Indices, lengths: [Int]) -> Tensor {
    let packed = packPaddedSequence(table(ids), lengths: lengths, batchFirst: true)
    let states = padPackedSequence(lstm(packed).output, batchFirst: true).output
    let counts = Tensor(NDArray(lengths.map(Double.init), shape: [lengths.count, 1]))
    return head(states.sum(axis: 1) / counts)
  }

  func export(to graph: any ModelGraph) {
    let ids = graph.indices("ids", ["batch", "time"])
    let lengths = graph.indices("lengths", ["batch"])
    let states = graph.lstm(lstm, graph.apply(table, ids), lengths: lengths).output
    graph.output("logits", graph.apply(head, graph.maskedMean(states, lengths: lengths)))
  }
}

/// A text's writer: tokens and a state in, what follows and the new state out.
final class Writer: Module, ExportableModel {
  let table: Embedding
  let lstm: LSTM
  let output: Linear

  init(projSize: Int = 0, _ generator: Generator) {
    table = Embedding(9, 4, generator: generator)
    lstm = LSTM(
      inputSize: 4, hiddenSize: 6, numLayers: 2, batchFirst: true, projSize: projSize,
      generator: generator)
    output = Linear(projSize > 0 ? projSize : 6, 9, generator: generator)
  }

  func export(to graph: any ModelGraph) {
    let ids = graph.indices("ids", ["batch", "time"])
    let size = lstm.projSize > 0 ? lstm.projSize : 6
    let h = graph.input("h_0", [2, "batch", .size(size)])
    let c = graph.input("c_0", [2, "batch", 6])
    let (states, (h_n, c_n)) = graph.lstm(lstm, graph.apply(table, ids), state: (h, c))
    graph.output("logits", graph.apply(output, states))
    graph.output("h_n", h_n)
    graph.output("c_n", c_n)
  }
}

/// A part with a forward pass of its own, a parameter that no layer holds, and one that has a name
/// which Python keeps for itself.
final class Gate: Module, UnaryLayer, Exportable {
  let inner: Linear
  let type: Linear
  let scale: Parameter

  init(_ size: Int, _ generator: Generator) {
    inner = Linear(size, size, generator: generator)
    type = Linear(size, size, bias: false, generator: generator)
    scale = Parameter(.normal([size], generator: generator))
  }

  func forward(_ x: Tensor) -> Tensor { type(x) * inner(x).sigmoid() * scale }

  func export(_ x: GraphValue, to graph: any ModelGraph) -> GraphValue {
    let gated = graph.multiply(graph.apply(type, x), graph.sigmoid(graph.apply(inner, x)))
    return graph.multiply(gated, graph.parameter(scale))
  }
}

/// Several networks whose mean is given, in units of the input: their parts in an array, a
/// dictionary and in modules that are not told.
final class Ensemble: Module, ExportableModel {
  final class Network: Module, UnaryLayer, Exportable {
    let gru: GRU
    let output: Linear
    init(_ hiddenSize: Int, _ generator: Generator) {
      gru = GRU(inputSize: 1, hiddenSize: hiddenSize, batchFirst: true, generator: generator)
      output = Linear(hiddenSize, 3, generator: generator)
    }
    func forward(_ x: Tensor) -> Tensor { output(gru(x).h_n.select(axis: 0, index: 0)) }
    func export(_ x: GraphValue, to graph: any ModelGraph) -> GraphValue {
      graph.apply(output, graph.select(graph.gru(gru, x).h, axis: 0, index: 0))
    }
  }
  final class Untold: Module {
    let linear: Linear
    let shift: Parameter
    init(_ generator: Generator) {
      linear = Linear(3, 3, generator: generator)
      shift = Parameter(.normal([3], generator: generator))
    }
  }
  let networks: [Network]
  let extras: [String: Linear]
  let untold: Untold

  init(_ generator: Generator) {
    networks = [4, 4, 7].map { Network($0, generator) }
    extras = ["a b": Linear(3, 3, generator: generator)]
    untold = Untold(generator)
  }

  func callAsFunction(_ window: NDArray) -> NDArray {
    let x = Tensor(window), last = x.narrow(axis: 1, start: 4, length: 1)
    let inputs = ((x - last) * 0.25).unsqueezed(2)
    let sum = networks[0](inputs) + networks[1](inputs) + networks[2](inputs)
    return (untold.linear(extras["a b"]!(sum * (1 / 3.0))) + untold.shift + last).value
  }

  func export(to graph: any ModelGraph) {
    let x = graph.input("window", ["batch", 5])
    let last = graph.narrow(x, axis: 1, start: 4, length: 1)
    let inputs = graph.unsqueezed(graph.multiply(graph.subtract(x, last), 0.25), 2)
    let results = networks.map { graph.apply($0, inputs) }
    let sum = graph.add(graph.add(results[0], results[1]), results[2])
    let mixed = graph.apply(extras["a b"]!, graph.multiply(sum, 1 / 3.0))
    let shifted = graph.add(graph.apply(untold.linear, mixed), graph.parameter(untold.shift))
    graph.output("output", graph.add(shifted, last))
  }
}
