/// Layers one after the other: each takes what the one before puts out. Parameters are named by the
/// layer's place (`0.weight`), as in PyTorch.
///
///     let model = Sequential(Linear(2, 8), Tanh(), Linear(8, 1))
public final class Sequential: Module, UnaryLayer {
  /// The layers in the order in which they are run.
  public let layers: [any UnaryLayer]

  /// A chain of the layers in an array. Shapes that do not fit are found when it is run.
  public init(_ layers: [any UnaryLayer]) { self.layers = layers }
  /// A chain of the layers given one by one.
  public convenience init(_ layers: any UnaryLayer...) { self.init(layers) }

  public override func namedParts() -> [(name: String, value: Any)] {
    layers.enumerated().map { ("\($0)", $1) }
  }

  /// The input through all layers; of none, the input.
  public func forward(_ input: Tensor) -> Tensor {
    layers.reduce(input) { output, layer in layer(output) }
  }

  /// The layer at a place, counted from 0; beyond the last the program stops.
  public subscript(place: Int) -> any UnaryLayer { layers[place] }
}
