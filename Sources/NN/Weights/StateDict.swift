/// Named arrays: all that a model, an optimiser or a schedule knows, and what files keep of them.
public typealias StateDict = [String: NDArray]

/// What can be written down as named arrays and read back, so that training can be taken up again.
public protocol Stateful: AnyObject {
  func stateDict() -> StateDict
  /// Takes everything over, or throws and changes nothing.
  func loadStateDict(_ state: StateDict) throws
}

/// Why a state does not fit.
public enum StateError: Error, Equatable, CustomStringConvertible {
  /// What is needed is not there.
  case missing([String])
  /// There is something that nothing here has a place for.
  case unexpected([String])
  case shape(name: String, found: [Int], expected: [Int])
  /// Two names for one parameter, with different numbers.
  case tied(String, String)

  public var description: String {
    switch self {
    case .missing(let names): "missing: \(names.joined(separator: ", "))"
    case .unexpected(let names): "unexpected: \(names.joined(separator: ", "))"
    case .shape(let name, let found, let expected): "\(name) is \(found), expected \(expected)"
    case .tied(let a, let b): "\(a) and \(b) are one parameter here, but differ"
    }
  }
}

extension Module: Stateful {
  /// The numbers of every parameter by path; those of a tied parameter under each of its paths, as in
  /// PyTorch.
  public final func stateDict() -> StateDict {
    Dictionary(
      Contents(of: self).parameters.map { ($0.name, $0.parameter.value) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Sets every parameter. The names must be this module's, all of them and no others, and the shapes
  /// too; of a tied parameter one name is enough. The element type stays the module's own.
  ///
  /// - Throws: `StateError`; the module is then as it was.
  public final func loadStateDict(_ state: StateDict) throws {
    let places = Contents(of: self).parameters
    let unexpected = Set(state.keys).subtracting(places.map(\.name))
    if !unexpected.isEmpty { throw StateError.unexpected(unexpected.sorted()) }

    var found: [ObjectIdentifier: (name: String, value: NDArray)] = [:]
    for (name, parameter) in places {
      guard let value = state[name] else { continue }
      guard value.shape == parameter.shape else {
        throw StateError.shape(name: name, found: value.shape, expected: parameter.shape)
      }
      let key = ObjectIdentifier(parameter)
      if let first = found[key], first.value != value { throw StateError.tied(first.name, name) }
      if found[key] == nil { found[key] = (name, value) }
    }
    let missing = places.filter { found[ObjectIdentifier($0.parameter)] == nil }.map(\.name)
    if !missing.isEmpty { throw StateError.missing(missing) }

    for (_, parameter) in places {
      parameter.value = found[ObjectIdentifier(parameter)]!.value.asType(parameter.dtype)
    }
  }
}
