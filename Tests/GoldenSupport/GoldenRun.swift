import Autograd

/// A golden case on its way through the library: it hands out the case's arrays as tensors, and
/// afterward compares what came back, and the gradients of what it handed out.
public final class GoldenRun {
  public let golden: GoldenCase
  public let dtype: DType
  private var leaves: [String: Tensor] = [:]

  public init(_ golden: GoldenCase, _ dtype: DType) {
    self.golden = golden
    self.dtype = dtype
  }

  public var config: GoldenConfig { golden.config }

  /// An input that gradients flow to.
  public func tensor(_ key: String) throws -> Tensor { leaf(key, try golden.input(key)) }

  /// An input that may be left out.
  public func optionalTensor(_ key: String) -> Tensor? { golden.inputs[key].map { leaf(key, $0) } }

  /// The inputs `prefix_1`, `prefix_2`, …
  public func tensors(numbered prefix: String) throws -> [Tensor] {
    try golden.inputs(numbered: prefix).enumerated().map { leaf("\(prefix)_\($0 + 1)", $1) }
  }

  /// A parameter that gradients flow to; nil if the case has none of this name.
  public func parameter(_ key: String) -> Tensor? { golden.parameters[key].map { leaf(key, $0) } }

  /// An input of which no one asks a gradient.
  public func array(_ key: String) throws -> NDArray { try golden.input(key).ndArray(dtype) }

  public func indices(_ key: String) throws -> Indices { try golden.input(key).indices }

  private func leaf(_ key: String, _ array: GoldenArray) -> Tensor {
    let tensor = Tensor(array.ndArray(dtype), requiresGrad: true)
    watch(key, tensor)
    return tensor
  }

  /// Takes a tensor of the caller's own (a layer's parameter) for the one of this name.
  public func watch(_ key: String, _ tensor: Tensor) { leaves[key] = tensor }

  /// Compares the outputs, sends the cotangents back and compares the gradients.
  ///
  /// - Returns: a line for each array that differs, empty if all is well.
  public func differences(from outputs: [String: Tensor]) -> [String] {
    var found = golden.differences(from: outputs.mapValues { GoldenArray($0.value) }, dtype: dtype)
    for (key, tensor) in outputs where tensor.dtype != dtype {
      found.append("\(golden.title), \(dtype), output `\(key)`: got \(tensor.dtype)")
    }
    // What an output of another shape sends back says nothing.
    guard found.isEmpty, !golden.gradients.isEmpty else { return found }
    for (key, cotangent) in golden.cotangents where cotangent.shape != outputs[key]?.shape {
      found.append("\(golden.title): the cotangent `\(key)` \(cotangent.shape) fits no output")
    }
    guard found.isEmpty else { return found }
    let terms = golden.cotangents.sorted { $0.key < $1.key }.compactMap { key, cotangent in
      outputs[key].map { ($0 * Tensor(cotangent.ndArray(dtype))).sum() }
    }
    let total = terms.reduce(Tensor(0, dtype: dtype)) { $0 + $1 }
    if total.requiresGrad { total.backward() }
    return golden.gradients.sorted { $0.key < $1.key }.compactMap { key, expected in
      let got = leaves[key].map { $0.grad ?? .zeros($0.shape, dtype: dtype) }
      return golden.difference("gradient", key, expected, got.map(GoldenArray.init), dtype)
    }
  }
}
