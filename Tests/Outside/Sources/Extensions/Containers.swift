import UnrollNN

/// Two ways beside each other whose outputs are added, named by their sides: `left.weight`.
public final class Branches: Module, UnaryLayer, ONNXExportable {
  private let parts: [any UnaryLayer & ONNXExportable]

  public init(_ left: some UnaryLayer & ONNXExportable, _ right: some UnaryLayer & ONNXExportable) {
    parts = [left, right]
  }

  public override func namedParts() -> [(name: String, value: Any)] {
    Array(zip(["left", "right"], parts))
  }

  public func forward(_ input: Tensor) -> Tensor { parts[0](input) + parts[1](input) }

  public func export(_ input: ONNXValue, to graph: ONNXGraph) -> ONNXValue {
    guard input.shape.count >= 1 else { return graph.refuse("Branches: no axis", input) }
    let (left, right) = (parts[0].export(input, to: graph), parts[1].export(input, to: graph))
    return graph.node("Add", left, right, shape: left.shape)
  }
}

/// Linear layers with dropout between them, whose parameters stand flat under names that another
/// framework gave them: `kernel_0`, `shift_0`, `kernel_1`, ….
public final class FlatNetwork: Module, UnaryLayer {
  private let layers: [Linear]
  public let dropout: Dropout

  public init(_ sizes: [Int], dropout: Double, generator: Generator = .default) {
    layers = zip(sizes, sizes.dropFirst()).map { Linear($0, $1, generator: generator) }
    self.dropout = Dropout(dropout, generator: generator)
  }

  public override func namedParts() -> [(name: String, value: Any)] {
    layers.enumerated().flatMap { place, layer -> [(name: String, value: Any)] in
      [("kernel_\(place)", layer.weight), ("shift_\(place)", layer.bias!)]
    }
  }

  // The dropout is not among the parts.
  public override func setTraining(_ isTraining: Bool) {
    super.setTraining(isTraining)
    dropout.train(isTraining)
  }

  public func forward(_ input: Tensor) -> Tensor {
    layers.dropFirst().reduce(layers[0](input)) { $1(dropout($0.mish())) }
  }
}
