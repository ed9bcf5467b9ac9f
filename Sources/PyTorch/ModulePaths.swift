import Exporting

/// Where modules and parameters stand in a model, by identity: `["encoder", "layers", "0"]`.
struct ModulePaths {
  private var places: [ObjectIdentifier: [String]] = [:]
  /// Paths in the order of the properties, for what stands first in a class.
  private var order: [[String]: Int] = [:]

  init(of model: Module) {
    func add(_ object: AnyObject, _ name: String) {
      let path = name.split(separator: ".").map(String.init)
      places[ObjectIdentifier(object)] = path
      order[path] = order.count
    }
    for (name, module) in model.namedModules() { add(module, name) }
    for (name, parameter) in model.namedParameters() { add(parameter, name) }
  }

  func path(of object: AnyObject) -> [String]? { places[ObjectIdentifier(object)] }

  func place(of path: [String]) -> Int { order[path] ?? .max }
}
