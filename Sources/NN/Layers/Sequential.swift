/// Layers one after the other: each takes what the one before puts out. Parameters are named by the
/// layer's place (`0.weight`), as in PyTorch.
///
///     let model = Sequential(Linear(2, 8), Tanh(), Linear(8, 1))
public final class Sequential: Module, UnaryLayer {
  public let layers: [any UnaryLayer]

  public init(_ layers: [any UnaryLayer]) { self.layers = layers }
  public convenience init(_ layers: any UnaryLayer...) { self.init(layers) }

  public override func namedParts() -> [(name: String, value: Any)] {
    layers.enumerated().map { ("\($0)", $1) }
  }

  public func forward(_ input: Tensor) -> Tensor {
    layers.reduce(input) { output, layer in layer(output) }
  }

  public subscript(place: Int) -> any UnaryLayer { layers[place] }
}
