import Arrays

/// Values that can hold no parameter and are not searched, however many there are.
private protocol Plain {}
extension Int: Plain {}
extension UInt8: Plain {}
extension UInt64: Plain {}
extension Double: Plain {}
extension Float: Plain {}
extension Bool: Plain {}
extension String: Plain {}
extension NDArray: Plain {}
extension Indices: Plain {}
extension Generator: Plain {}

/// Collections tell whether their elements need searching.
private protocol Container { static var holdsOnlyPlain: Bool { get } }
extension Array: Container {
  static var holdsOnlyPlain: Bool { Element.self is any Plain.Type }
}
extension Dictionary: Container {
  static var holdsOnlyPlain: Bool { Value.self is any Plain.Type && Key.self is any Plain.Type }
}

extension Module {
  /// The stored properties, those of superclasses first, as far up as below `base`.
  package final func reflectedParts(
    below base: Module.Type = Module.self
  ) -> [(name: String, value: Any)] {
    var classes: [Mirror] = []
    var next: Mirror? = Mirror(reflecting: self)
    while let mirror = next, mirror.subjectType != base {
      classes.append(mirror)
      next = mirror.superclassMirror
    }
    let lazyPrefix = "$__lazy_storage_$_"
    return classes.reversed().flatMap(\.children).map { label, value in
      let name = label ?? "?"
      return (name.hasPrefix(lazyPrefix) ? String(name.dropFirst(lazyPrefix.count)) : name, value)
    }
  }
}

/// All that a module holds, with paths, and in every place where it stands (tied weights twice).
struct Contents {
  /// Parameters and buffers, in the order of the properties.
  private(set) var held: [(name: String, held: Held)] = []
  private(set) var modules: [(name: String, module: Module)] = []
  private let root: Module
  private var ancestors: [Module] = []

  init(of root: Module) {
    self.root = root
    add(root, at: "")
  }

  var parameters: [(name: String, parameter: Parameter)] {
    held.compactMap { name, held in
      if case .parameter(let parameter) = held { (name, parameter) } else { nil }
    }
  }

  private mutating func add(_ module: Module, at path: String) {
    if ancestors.contains(where: { $0 === module }) {
      wrongUse("\(type(of: root)): '\(path)' leads back to a module that it is a part of")
    }
    modules.append((path, module))
    ancestors.append(module)
    for (name, value) in module.namedParts() {
      add(value, at: path.isEmpty ? name : "\(path).\(name)")
    }
    ancestors.removeLast()
  }

  private mutating func add(_ value: Any, at path: String) {
    if value is any Plain { return }
    if let container = type(of: value) as? any Container.Type, container.holdsOnlyPlain { return }
    if let module = value as? Module { return add(module, at: path) }
    if let parameter = value as? Parameter { return held.append((path, .parameter(parameter))) }
    if let buffer = value as? Buffer { return held.append((path, .buffer(buffer))) }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
      if let some = mirror.children.first { add(some.value, at: path) }
    case .collection:
      for (place, child) in mirror.children.enumerated() {
        add(child.value, at: "\(path).\(place)")
      }
    case .dictionary:
      let entries = mirror.children.compactMap { $0.value as? (key: AnyHashable, value: Any) }
      for (key, value) in entries.map({ ("\($0.key)", $0.value) }).sorted(by: { $0.0 < $1.0 }) {
        add(value, at: "\(path).\(key)")
      }
    default:
      var searched: Set<ObjectIdentifier> = []
      if let found = hidden(in: value, &searched) {
        wrongUse(
          "\(type(of: root)): '\(path)' is of type \(type(of: value)) and hides a \(found); "
            + "keep it in a property, array, dictionary or optional of a Module")
      }
    }
  }

  /// What a value that is no place for parameters holds of them all the same.
  private func hidden(in value: Any, _ searched: inout Set<ObjectIdentifier>) -> String? {
    if value is any Plain { return nil }
    if let container = type(of: value) as? any Container.Type, container.holdsOnlyPlain {
      return nil
    }
    if value is Parameter { return "Parameter" }
    if value is Buffer { return "Buffer" }
    if let module = value as? Module { return "\(type(of: module))" }
    if value is Tensor { return nil }
    var next: Mirror? = Mirror(reflecting: value)
    if next?.displayStyle == .class, !searched.insert(ObjectIdentifier(value as AnyObject)).inserted
    {
      return nil
    }
    while let mirror = next {
      for child in mirror.children {
        if let found = hidden(in: child.value, &searched) { return found }
      }
      next = mirror.superclassMirror
    }
    return nil
  }
}
