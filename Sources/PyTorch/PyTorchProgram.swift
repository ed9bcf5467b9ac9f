@_exported import Exporting
import Foundation

/// A model as PyTorch sees it: a Python file with its `nn.Module` and a safetensors file with the
/// weights, built by telling the model's forward pass once more, with the same layers:
///
///     let program = PyTorchProgram(model)
///     let x = program.input("input", ["time", "batch", 28])
///     let (y, state) = program.lstm(model.lstm, x)
///     program.output("logits", program.apply(model.output, y))
///     program.output("h_n", state.h)
///     try program.write(to: folder)           // folder/model.py, folder/model.safetensors
///
/// A model that is `Exportable` or an `ExportableModel` tells it by itself:
/// `try model.exportPyTorch(to: folder, input: ["batch", 3])`. See `ModelGraph` for the calls.
///
/// The class has the model's name, its layers the properties' names and so the state dictionary the
/// same names as here; `load()` in the file makes it with its weights, with torch alone. Dropout is
/// there, so that training can be gone on with. Parts of the model that the forward pass does not use
/// are left out.
public final class PyTorchProgram: ModelGraph {
  let model: Module
  /// Set where the program is to report what it cannot say in PyTorch, instead of stopping.
  var collectsProblems = false
  private(set) var problem: String?
  /// Classes of the model's own parts, told so far.
  private(set) var classes: [PythonClass] = []
  /// The class that is being told; the last one takes what is added.
  private var scopes: [PythonClass]

  /// - Parameter model: what the layers belong to.
  public init(_ model: Module) {
    self.model = model
    scopes = [PythonClass(of: model)]
  }

  public func refuse<Result>(_ problem: String, _ stand: Result) -> Result {
    if !collectsProblems { wrongUse(problem) }
    if self.problem == nil { self.problem = problem }
    return stand
  }

  var scope: PythonClass { scopes[scopes.count - 1] }
  var root: PythonClass { scopes[0] }

  // MARK: Inputs and outputs

  public func input(_ name: String, _ shape: [GraphDimension]) -> GraphValue {
    scope.argument(name, shape, .float)
  }

  public func indices(_ name: String, _ shape: [GraphDimension]) -> GraphValue {
    scope.argument(name, shape, .int64)
  }

  public func output(_ name: String, _ value: GraphValue) { scope.give(name, value) }

  public func constant(_ array: NDArray) -> GraphValue {
    let shape = array.shape.map { GraphDimension.size($0) }
    if array.shape.isEmpty { return scope.named("\(array.item)", shape, .float) }
    return scope.constant(array, shape)
  }

  public func parameter(_ parameter: Parameter) -> GraphValue {
    let shape = parameter.shape.map { GraphDimension.size($0) }
    guard let path = scope.paths.path(of: parameter) else {
      return refuse(
        "PyTorchProgram: a parameter \(parameter.shape) is none of \(type(of: scope.module))'s",
        scope.named("0", shape, .float))
    }
    let place = scope.member(
      path, "nn.Parameter(torch.empty(\(pythonTuple(parameter.shape))))", isModule: false)
    return scope.named(place, shape, .float)
  }

  // MARK: Modules

  public func apply(_ layer: Module, _ input: GraphValue) -> GraphValue {
    // The model itself: a class that is a layer, or whose forward this is.
    guard let path = scope.paths.path(of: layer) else {
      return refuse(
        "PyTorchProgram: \(type(of: layer)) is no part of \(type(of: scope.module))", input)
    }
    if path.isEmpty, Self.constructor(of: layer) == nil, !(layer is Sequential) {
      guard let layer = layer as? any Exportable else { return refuse(Self.noForm(layer), input) }
      return layer.export(input, to: self)
    }
    guard let (constructor, result) = constructed(layer, input) else { return input }
    let place = scope.member(path, constructor, isModule: true)
    return scope.line(
      path.last ?? "output", "\(place)(\(scope.text(input)))", result.shape, result.type)
  }

  private static func noForm(_ layer: Module) -> String {
    "exportPyTorch: \(type(of: layer)) has no form in PyTorch; make it Exportable"
  }

  /// What makes the module in Python, and the shape of what it puts out.
  private func constructed(
    _ module: Module, _ input: GraphValue
  ) -> (constructor: String, result: GraphValue)? {
    if let sequence = module as? Sequential {
      var value = input, parts: [String] = []
      for layer in sequence.layers {
        guard let (part, next) = constructed(layer, value) else { return nil }
        parts.append(part)
        value = next
      }
      let line = parts.joined(separator: ", ")
      if line.count < 60, !line.contains("\n") { return ("nn.Sequential(\(line))", value) }
      let block = parts.joined(separator: ",\n").replacingOccurrences(of: "\n", with: "\n    ")
      return ("nn.Sequential(\n    \(block),\n)", value)
    }
    guard let exportable = module as? any Exportable else {
      return refuse(Self.noForm(module), nil)
    }
    let told = PythonClass(of: module)
    scopes.append(told)
    defer { scopes.removeLast() }
    let result = exportable.export(told.argument("input", input.shape, input.type), to: self)
    if let constructor = Self.constructor(of: module) { return (constructor, result) }
    told.give("output", result)
    return ("\(name(of: told))()", result)
  }

  /// The name under which a class stands in the file; one that is there already stands once.
  private func name(of told: PythonClass) -> String {
    let body = told.text(named: "")
    if let same = classes.first(where: { $0.text(named: "") == body }) { return same.name }
    let taken = Set(classes.map(\.name) + [root.name])
    told.name = Python.free(told.name, besides: taken)
    classes.append(told)
    return told.name
  }
}
