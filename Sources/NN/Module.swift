@_exported import Autograd

/// A part of a model: a class whose stored properties are its parameters and further modules.
///
/// Nothing needs to be registered: parameters are found by looking at the properties, in arrays,
/// dictionaries and optionals too, and named by the way to them, as in PyTorch.
///
///     final class Classifier: Module, UnaryLayer {
///       let hidden = Linear(784, 128)
///       let output = Linear(128, 10)
///       func forward(_ x: Tensor) -> Tensor { output(hidden(x).tanh()) }
///     }
///     let model = Classifier()
///     model.namedParameters().map(\.name)   // hidden.weight, hidden.bias, output.weight, output.bias
///
/// A property that hides a parameter where reflection finds no name for it (a tuple, a struct, a
/// set) is an error that names the property, not a parameter that silently never learns.
open class Module {
  /// Whether layers that act differently in training (`Dropout`) act so; true until `eval()`.
  public private(set) var isTraining = true

  /// While `summary` runs the model: the shapes that this module has put out.
  package final var observedShapes: [[Int]]?

  /// A module in training. A subclass need not define an initializer if its properties have values.
  public init() {}

  /// The named properties in which parameters and modules are looked for. Override it where a name
  /// shall differ from the property's, as `Sequential` does.
  open func namedParts() -> [(name: String, value: Any)] { reflectedParts() }

  // MARK: Parameters

  /// Every parameter with its path (`encoder.weight_ih_l0`), in the order of the properties. A
  /// parameter that is used in two places (tied weights) comes once, under its first path.
  public final func namedParameters() -> [(name: String, parameter: Parameter)] {
    var seen: Set<ObjectIdentifier> = []
    return Contents(of: self).parameters.filter {
      seen.insert(ObjectIdentifier($0.parameter)).inserted
    }
  }

  /// Every parameter once, in the order of the properties: what an optimizer takes.
  public final func parameters() -> [Parameter] { namedParameters().map(\.parameter) }

  /// How many numbers the parameters hold.
  public final var parameterCount: Int { parameters().reduce(0) { $0 + $1.count } }

  /// Every buffer with its path, once, in the order of the properties.
  public final func namedBuffers() -> [(name: String, buffer: Buffer)] {
    var seen: Set<ObjectIdentifier> = []
    return Contents(of: self).held.compactMap { name, held in
      guard case .buffer(let buffer) = held, seen.insert(held.id).inserted else { return nil }
      return (name, buffer)
    }
  }

  /// This module (under the path "") and all modules below it, each once.
  public final func namedModules() -> [(name: String, module: Module)] {
    var seen: Set<ObjectIdentifier> = []
    return Contents(of: self).modules.filter { seen.insert(ObjectIdentifier($0.module)).inserted }
  }

  /// Forgets the gradients of all parameters.
  public final func zeroGrad() {
    for parameter in parameters() { parameter.zeroGrad() }
  }

  // MARK: Modes

  /// Sets this module alone. Override it where `namedParts` shows the parameters of modules but not the
  /// modules, which are then to be set here.
  open func setTraining(_ isTraining: Bool) { self.isTraining = isTraining }

  /// Sets this module and all below it to training, or with `false` to evaluation.
  public final func train(_ isTraining: Bool = true) {
    for (_, module) in namedModules() { module.setTraining(isTraining) }
  }

  /// Sets this module and all below it to evaluation: dropout lets everything pass.
  public final func eval() { train(false) }

  /// What `body` finds while this module and all below it evaluate and nothing is recorded. Afterward
  /// each is in the mode that it was in before. What a forecast is made in, or a figure of merit.
  public final func inEvaluation<Result>(_ body: () throws -> Result) rethrows -> Result {
    let modes = namedModules().map { (module: $0.module, wasTraining: $0.module.isTraining) }
    eval()
    defer { for (module, wasTraining) in modes { module.setTraining(wasTraining) } }
    return try noGrad(body)
  }

  /// Keeps the parameters of this module and all below it as they are: no gradients, no updates.
  public final func freeze() {
    for parameter in parameters() { parameter.isFrozen = true }
  }

  /// Lets the parameters of this module and all below it learn again.
  public final func unfreeze() {
    for parameter in parameters() { parameter.isFrozen = false }
  }

  /// Tells `summary` what this module puts out; returns it unchanged. A module with a call of its
  /// own ends it with `return observed(output)` to have its shape in the table.
  public final func observed(_ output: Tensor) -> Tensor {
    if observedShapes != nil { observedShapes!.append(output.shape) }
    return output
  }
}

/// A module from one tensor to one tensor: what `Sequential` chains. Define `forward`, call the
/// module itself: `layer(x)`.
public protocol UnaryLayer: Module {
  /// What the layer makes of an input, whose shape is the layer's own matter. Call `layer(input)`,
  /// which is this and tells `summary` of the output.
  func forward(_ input: Tensor) -> Tensor
}

extension UnaryLayer {
  /// The output for an input, by `forward`.
  public func callAsFunction(_ input: Tensor) -> Tensor { observed(forward(input)) }
}
