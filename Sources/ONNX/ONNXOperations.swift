import Foundation

extension ONNXGraph {
  public func add(
    _ operation: GraphOperation, _ inputs: [ONNXValue], shape: [ONNXDimension], type: GraphElement
  ) -> ONNXValue {
    let x = inputs[0]
    func plain(_ name: String, _ attributes: [String: Attribute] = [:]) -> ONNXValue {
      node(name, inputs, attributes: attributes, shapes: [shape], type: type)[0]
    }
    switch operation {
    case .tanh: return plain("Tanh")
    case .sigmoid: return plain("Sigmoid")
    case .relu: return plain("Relu")
    case .softplus: return plain("Softplus")
    case .exp: return plain("Exp")
    case .log: return plain("Log")
    case .sqrt: return plain("Sqrt")
    case .abs: return plain("Abs")
    case .leakyReLU(let slope): return plain("LeakyRelu", ["alpha": .float(slope)])
    case .elu(let alpha): return plain("Elu", ["alpha": .float(alpha)])
    case .silu: return node("Mul", x, node("Sigmoid", x, shape: shape), shape: shape)
    case .gelu:
      // x/2 · (1 + erf(x/√2)); the operation Gelu came with opset 20.
      let erf = node("Erf", multiply(x, 0.5.squareRoot()), shape: shape)
      return multiply(multiply(x, 0.5), add(erf, 1))
    case .add: return plain("Add")
    case .subtract: return plain("Sub")
    case .multiply: return plain("Mul")
    case .divide: return plain("Div")
    case .matmul: return plain("MatMul")
    case .softmax(let axis): return plain("Softmax", ["axis": .integer(axis)])
    case .logSoftmax(let axis): return plain("LogSoftmax", ["axis": .integer(axis)])
    case .sum(let axis):
      return node(
        "ReduceSum", x, constant([axis]), attributes: ["keepdims": .integer(0)], shape: shape)
    case .mean(let axis):
      return plain("ReduceMean", ["axes": .integers([axis]), "keepdims": .integer(0)])
    case .max(let axis):
      return plain("ReduceMax", ["axes": .integers([axis]), "keepdims": .integer(0)])
    case .select(let axis, let index):
      // Gather by a vector of one and squeeze, for constants here are vectors.
      let picked = node(
        "Gather", x, constant([index]), attributes: ["axis": .integer(axis)], shape: x.shape,
        type: type)
      return node("Squeeze", picked, constant([axis]), shape: shape, type: type)
    case .narrow(let axis, let start, let length):
      return node(
        "Slice", x, constant([start]), constant([start + length]), constant([axis]), shape: shape,
        type: type)
    case .transposed(let axes): return plain("Transpose", ["perm": .integers(axes)])
    case .unsqueeze(let axis):
      return node("Unsqueeze", x, constant([axis]), shape: shape, type: type)
    case .concatenate(let axis): return plain("Concat", ["axis": .integer(axis)])
    case .flatten(let startAxis, let size):
      // 0 keeps an axis as it is.
      let target = [Int](repeating: 0, count: startAxis) + [size]
      return node("Reshape", x, constant(target), shape: shape, type: type)
    case .float:
      return node("Cast", x, attributes: ["to": .integer(type.onnxNumber)], shape: shape)
    case .mask(let axis): return mask(x, inputs[1], axis, shape)
    case .layer(let layer): return add(layer, x, shape)
    }
  }

  /// Whether the number of a step is below the length, as 1 or 0.
  private func mask(
    _ x: ONNXValue, _ lengths: ONNXValue, _ axis: Int, _ shape: [ONNXDimension]
  ) -> ONNXValue {
    func scalar(_ value: ONNXValue) -> ONNXValue {
      node("Squeeze", value, constant([0]), shape: [], type: .int64)
    }
    let sizes = node("Shape", x, shape: [.size(x.shape.count)], type: .int64)
    let time = node("Gather", sizes, constant([axis]), shape: [1], type: .int64)
    let steps = node(
      "Range", scalar(constant([0])), scalar(time), scalar(constant([1])), shape: [x.shape[axis]],
      type: .int64)
    let isInside = node(
      "Less", unsqueezed(steps, 1 - axis), unsqueezed(lengths, axis), shape: shape)
    return node("Cast", isInside, attributes: ["to": .integer(1)], shape: shape)
  }
}
