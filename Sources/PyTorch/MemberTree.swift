/// The parts of a class by their paths, as `__init__` makes them: attributes, lists for arrays, and
/// dictionaries for modules whose own forward pass is not told, but whose parts are used.
struct MemberTree {
  private final class Node {
    var constructor: String?
    var isModule = true
    var children: [(name: String, node: Node)] = []

    func child(_ name: String) -> Node {
      if let known = children.first(where: { $0.name == name }) { return known.node }
      let node = Node()
      children.append((name, node))
      return node
    }

    /// Children are 0, 1, 2, …: an array's.
    var isList: Bool {
      let modules = children.filter(\.node.isModule).map(\.name)
      return !modules.isEmpty && modules == modules.indices.map(String.init)
    }
  }

  private let root = Node()

  init(_ members: [(path: [String], constructor: String, isModule: Bool)]) {
    for (path, constructor, isModule) in members where !path.isEmpty {
      var node = root
      for name in path { node = node.child(name) }
      (node.constructor, node.isModule) = (constructor, isModule)
    }
  }

  private func expression(_ node: Node) -> String {
    if let constructor = node.constructor { return constructor }
    let modules = node.children.filter(\.node.isModule)
    if modules.isEmpty { return "nn.Module()" }
    if node.isList {
      return "nn.ModuleList([\(modules.map { expression($0.node) }.joined(separator: ", "))])"
    }
    let pairs = modules.map { "\(Python.quoted($0.name)): \(expression($0.node))" }
    return "nn.ModuleDict({\(pairs.joined(separator: ", "))})"
  }

  /// The lines of `__init__`.
  var statements: [String] {
    var lines: [String] = []
    for (name, node) in root.children {
      if Python.isAttribute(name) {
        lines.append("self.\(name) = \(expression(node))")
      } else {
        let kind = node.isModule ? "_modules" : "_parameters"
        lines.append("self.\(kind)[\(Python.quoted(name))] = \(expression(node))")
      }
    }
    /// Parameters of parts that have no class of their own.
    func parameters(_ node: Node, _ path: [String]) {
      guard node.constructor == nil else { return }
      for (name, child) in node.children {
        if child.isModule {
          parameters(child, path + [name])
        } else if !path.isEmpty, let constructor = child.constructor {
          lines.append(
            "\(access(path)).register_parameter(\(Python.quoted(name)), \(constructor))")
        }
      }
    }
    parameters(root, [])
    return lines
  }

  /// How a line of the forward pass calls a part.
  func access(_ path: [String]) -> String {
    if path.isEmpty { return "super().forward" }
    var text = "self", node = root
    for (place, name) in path.enumerated() {
      let next = node.child(name)
      if place > 0, next.isModule, node.constructor == nil || node.constructor!.hasPrefix("nn.Seq")
      {
        text +=
          Int(name) != nil && (node.isList || node.constructor != nil)
          ? "[\(name)]" : "[\(Python.quoted(name))]"
      } else if Python.isAttribute(name) {
        text += ".\(name)"
      } else {
        text += "._\(next.isModule ? "modules" : "parameters")[\(Python.quoted(name))]"
      }
      node = next
    }
    return text
  }
}
