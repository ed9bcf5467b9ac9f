/// Where a model tells its forward pass, to be used elsewhere: `ONNXGraph` makes an ONNX file of it,
/// `PyTorchProgram` a Python module. The calls are the same, so that it is told once:
///
///     final class Classifier: Module, ExportableModel {
///       let table = Embedding(1000, 32)
///       let gru = GRU(inputSize: 32, hiddenSize: 64, batchFirst: true)
///       let head = Linear(64, 3)
///
///       func export(to graph: any ModelGraph) {
///         let ids = graph.indices("ids", ["batch", "time"])
///         let lengths = graph.indices("lengths", ["batch"])
///         let states = graph.gru(gru, graph.apply(table, ids), lengths: lengths).output
///         graph.output("logits", graph.apply(head, graph.maskedMean(states, lengths: lengths)))
///       }
///     }
///     try Classifier().exportONNX(to: file)          // import ONNX
///     try Classifier().exportPyTorch(to: folder)     // import PyTorch
///
/// Layers are applied by `apply`, recurrent ones by `rnn`, `lstm` and `gru`; for what lies between them
/// there are the operations below. Evaluation is what is told: dropout is not there in ONNX, and acts
/// in PyTorch only while training is gone on with.
public protocol ModelGraph: AnyObject {
  /// An input of numbers. A name in the shape stands for a size that the caller decides.
  func input(_ name: String, _ shape: [GraphDimension]) -> GraphValue
  /// An input of whole numbers, such as token ids.
  func indices(_ name: String, _ shape: [GraphDimension]) -> GraphValue
  /// Gives out a value under the given name.
  func output(_ name: String, _ value: GraphValue)

  /// A constant array.
  func constant(_ array: NDArray) -> GraphValue
  /// A parameter of the model that no layer holds.
  func parameter(_ parameter: Parameter) -> GraphValue
  /// A layer or any other `Exportable` applied to a value.
  func apply(_ layer: Module, _ input: GraphValue) -> GraphValue

  /// Says that what was asked has no form here, or does not fit: an export to a file throws it, and
  /// where a graph is put together by hand the program stops with it. `stand` takes the place of the
  /// result until then.
  func refuse<Result>(_ problem: String, _ stand: Result) -> Result

  /// Adds an operation whose inputs have been checked; the named calls do so.
  func add(
    _ operation: GraphOperation, _ inputs: [GraphValue], shape: [GraphDimension], type: GraphElement
  ) -> GraphValue
  /// Adds a recurrent layer whose inputs have been checked.
  func add(
    _ layer: GraphRecurrent, _ input: GraphValue, state: [GraphValue]?, lengths: GraphValue?,
    shapes: (output: [GraphDimension], state: [[GraphDimension]])
  ) -> (output: GraphValue, state: [GraphValue])
}

/// What is computed from values, as a graph gets it; axes count from 0.
public enum GraphOperation {
  /// Of one value, number by number.
  case tanh, sigmoid, relu, softplus, gelu, silu, exp, log, sqrt, abs
  /// x where x > 0, slope·x elsewhere.
  case leakyReLU(slope: Double)
  /// x where x > 0, α(eˣ − 1) elsewhere.
  case elu(alpha: Double)
  /// Two values, sizes as NumPy broadcasts them.
  case add, subtract, multiply, divide, matmul
  /// Along an axis, which stays.
  case softmax(axis: Int), logSoftmax(axis: Int)
  /// Over an axis, which goes.
  case sum(axis: Int), mean(axis: Int), max(axis: Int)
  /// What stands at one place of an axis, which goes.
  case select(axis: Int, index: Int)
  /// `length` places of an axis from `start` on.
  case narrow(axis: Int, start: Int, length: Int)
  /// Axis k of the result is axis `axes[k]` of the value.
  case transposed(axes: [Int])
  /// A new axis of size 1 in this place.
  case unsqueeze(axis: Int)
  /// Several values one after the other along an axis.
  case concatenate(axis: Int)
  /// All axes from one on made one of `size`.
  case flatten(startAxis: Int, size: Int)
  /// Whole numbers as float32.
  case float
  /// Of a value and lengths `[batch]`: 1 where a step is before the sequence's end, 0 in the padding;
  /// `[batch, time]` or `[time, batch]`, the value's first two axes, `axis` being time's.
  case mask(axis: Int)
  /// A layer of the library.
  case layer(Module)
}

/// A recurrent layer, as a graph gets it.
public enum GraphRecurrent {
  /// A layer of the library with all its options; its weights become the graph's.
  case rnn(RNN), lstm(LSTM), gru(GRU)
}
