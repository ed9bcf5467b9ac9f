import Exporting
import Foundation

/// One `nn.Module` of the file: what it holds, and the lines of its forward pass.
final class PythonClass {
  let module: Module
  let paths: ModulePaths
  var name: String

  private struct Member {
    let path: [String], constructor: String, isModule: Bool
  }
  private var members: [Member] = []
  private var constants: [(name: String, array: NDArray)] = []
  private var arguments: [(name: String, shape: [GraphDimension], type: GraphElement)] = []
  private var results: [(name: String, value: GraphValue)] = []
  private var forward = ForwardText()

  init(of module: Module) {
    self.module = module
    paths = ModulePaths(of: module)
    let type = "\(type(of: module))".prefix { $0 != "<" }
    name = module is Sequential ? "Model" : Python.identifier(String(type))
  }

  // MARK: Values

  /// A value that is written as the given text wherever it is used.
  func named(_ text: String, _ shape: [GraphDimension], _ type: GraphElement) -> GraphValue {
    GraphValue(name: text, shape: shape, type: type, number: forward.add(fixed: text))
  }

  /// What stands for a value in an expression.
  func text(_ value: GraphValue) -> String { ForwardText.mark(value.number) }

  func argument(_ name: String, _ shape: [GraphDimension], _ type: GraphElement) -> GraphValue {
    if name.isEmpty || arguments.contains(where: { $0.name == name }) {
      wrongUse("PyTorchProgram: the name '\(name)' is \(name.isEmpty ? "empty" : "taken")")
    }
    let own = forward.claim(name)
    arguments.append((own, shape, type))
    return GraphValue(
      name: name, shape: shape, type: type, number: forward.add(fixed: own))
  }

  func give(_ name: String, _ value: GraphValue) {
    if name.isEmpty || results.contains(where: { $0.name == name }) {
      wrongUse("PyTorchProgram: the name '\(name)' is \(name.isEmpty ? "empty" : "taken")")
    }
    results.append((name, value))
  }

  /// An expression, which gets the name where it gets one. One with an operator outside is compound.
  func line(
    _ name: String, _ expression: String, _ shape: [GraphDimension], _ type: GraphElement = .float,
    isCompound: Bool = false
  ) -> GraphValue {
    let number = forward.add(
      expression, name.first.map { $0.isNumber } ?? true ? "x" : name, isCompound: isCompound)
    return GraphValue(name: name, shape: shape, type: type, number: number)
  }

  /// Lines that give several values at once; `made` writes them with what stands for these.
  func lines(
    _ names: [String], _ shapes: [[GraphDimension]], _ made: ([String]) -> [String]
  ) -> [GraphValue] {
    zip(forward.add(names, made), zip(names, shapes)).map {
      GraphValue(name: $1.0, shape: $1.1, type: .float, number: $0)
    }
  }

  func constant(_ array: NDArray, _ shape: [GraphDimension]) -> GraphValue {
    let own = "constant_\(constants.count + 1)"
    constants.append((own, array))
    return named("self.\(own)", shape, .float)
  }

  /// What stands in a line for a part, until all parts are known.
  func member(_ path: [String], _ constructor: String, isModule: Bool) -> String {
    let place =
      members.firstIndex { $0.path == path }
      ?? {
        members.append(Member(path: path, constructor: constructor, isModule: isModule))
        return members.count - 1
      }()
    return "\u{1}\(place)\u{1}"
  }

  var givesOut: Bool { !results.isEmpty }

  // MARK: Text

  /// Names of the parameters' and buffers' places in the state dictionary, from this class on: those
  /// below its modules, and its own parameters.
  var statePrefixes: [(path: String, isModule: Bool)] {
    members.map { ($0.path.joined(separator: "."), $0.isModule) }
  }

  /// The class as it stands in the file.
  func text(named name: String) -> String {
    let tree = MemberTree(
      members.sorted { paths.place(of: $0.path) < paths.place(of: $1.path) }
        .map { ($0.path, $0.constructor, $0.isModule) })
    var text = ""
    let own = members.first { $0.path.isEmpty }?.constructor
    if let own, let bracket = own.firstIndex(of: "(") {
      // The model is a layer: a class of its kind.
      text += "class \(name)(\(own[..<bracket])):\n    def __init__(self):\n"
      text += "        super().__init__\(indented(String(own[bracket...])))\n"
    } else {
      text += "class \(name)(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    }
    for line in tree.statements { text += "        \(indented(line))\n" }
    for (name, array) in constants {
      text += "        # No part of the state dictionary, but goes where the module goes.\n"
      text += "        self.register_buffer(\"\(name)\", \(tensor(array)), persistent=False)\n"
    }
    text += "\n    def forward(self, \(arguments.map(\.name).joined(separator: ", "))):\n"
    text += "        \"\"\"\(told)\"\"\"\n"
    for line in forward.lines(returning: results.map { self.text($0.value) }) {
      text += "        \(resolved(line, tree))\n"
    }
    return text
  }

  private func indented(_ line: String) -> String {
    line.replacingOccurrences(of: "\n", with: "\n        ")
  }

  private var told: String {
    func list(_ shape: [GraphDimension]) -> String {
      "[\(shape.map(\.description).joined(separator: ", "))]"
    }
    let taken = arguments.map { "\($0.name) \(list($0.shape))\($0.type == .int64 ? " int64" : "")" }
    let given = results.map { "\($0.name) \(list($0.value.shape))" }
    let (inputs, outputs) = (taken.joined(separator: ", "), given.joined(separator: ", "))
    return inputs.count + outputs.count < 80
      ? "\(inputs) -> \(outputs)" : "\(inputs)\n        -> \(outputs)\n        "
  }

  private func tensor(_ array: NDArray) -> String {
    let numbers = array.floats.map { $0.isFinite ? "\($0)" : "float(\"\($0)\")" }
    let flat = "torch.tensor([\(numbers.joined(separator: ", "))])"
    return array.rank == 1 ? flat : flat + ".reshape\(pythonTuple(array.shape))"
  }

  private func resolved(_ line: String, _ tree: MemberTree) -> String {
    line.split(separator: "\u{1}", omittingEmptySubsequences: false).enumerated().map {
      $0.offset % 2 == 0 ? String($0.element) : tree.access(members[Int($0.element)!].path)
    }.joined()
  }
}
