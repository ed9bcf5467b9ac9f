import UnrollNN

extension Tensor {
  /// x · tanh(softplus x) (Misra 2019).
  /// ∂/∂x = t + x · (1 − t²) · σ(x),   t = tanh(softplus x)
  public func mish() -> Tensor {
    let x = value
    let t = x.softplus().tanh()
    return Tensor("mish", of: self, value: x * t) { dy in
      dy * (t + x * (1.0 - t * t) * x.sigmoid())
    }
  }

  /// a · b / (|a| |b|) along the last axis, of shapes that are stretched to one.
  public func cosine(_ other: Tensor) -> Tensor {
    let shape = broadcastShape(self.shape, other.shape, operation: "cosine")
    let axis = normalizedAxis(-1, rank: shape.count, operation: "cosine")
    let (a, b) = (expanded(to: shape), other.expanded(to: shape))
    let lengths = ((a * a).sum(axis: axis) * (b * b).sum(axis: axis)).sqrt()
    return (a * b).sum(axis: axis) / lengths
  }

  /// The sums of the rows `[rows, …]` that have the same number in `groups`: `[count, …]`.
  ///
  /// ∂/∂row = dy of its group.
  public func sums(ofGroups groups: Indices, count: Int) -> Tensor {
    var sums = NDArray.zeros([count] + shape.dropFirst(), dtype: dtype)
    sums.addTaken(value, at: groups, axis: 0)
    return Tensor("sumsOfGroups", of: self, value: sums) { dy in dy.take(groups) }
  }

  /// The numbers in descending order along the last axis of a matrix, and where each came from.
  public func sortedRows() -> (values: Tensor, places: Indices) {
    let (rows, columns) = (shape[0], shape[1])
    let numbers = value.doubles
    let order = (0..<rows).flatMap { row in
      (0..<columns).sorted { numbers[row * columns + $0] > numbers[row * columns + $1] }
    }
    let places = Indices(order, shape: shape)
    let (shape, dtype) = (shape, dtype)
    let sorted = Tensor("sortedRows", of: self, value: value.gather(places, axis: 1)) { dy in
      var dx = NDArray.zeros(shape, dtype: dtype)
      dx.addGathered(dy, at: places, axis: 1)
      return dx
    }
    return (sorted, places)
  }
}

/// `Tensor.mish` as a layer, which tells itself to ONNX too.
public final class Mish: Module, UnaryLayer, ONNXExportable {
  public func forward(_ input: Tensor) -> Tensor { input.mish() }

  public func export(_ input: ONNXValue, to graph: ONNXGraph) -> ONNXValue {
    let t = graph.node(
      "Tanh", graph.node("Softplus", input, shape: input.shape), shape: input.shape)
    return graph.node("Mul", input, t, shape: input.shape)
  }
}
