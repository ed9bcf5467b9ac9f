/// Named arrays: all that a model, an optimizer or a schedule knows, and what files keep of them.
/// Used as a dictionary; two names are one only if their Unicode scalars are.
public typealias StateDict = NameTable<NDArray>

/// What can be written down as named arrays and read back, so that training can be taken up again.
public protocol Stateful: AnyObject {
  /// Everything that is needed to go on, as arrays by name: copies, which later changes leave
  /// alone.
  func stateDict() -> StateDict
  /// Takes everything over, or throws and changes nothing.
  func loadStateDict(_ state: StateDict) throws
}

extension Stateful {
  /// Takes over the arrays of a dictionary, as `loadStateDict` of a `StateDict` does.
  public func loadStateDict(_ state: [String: NDArray]) throws {
    try loadStateDict(StateDict(state))
  }
}

/// Why a state does not fit.
public enum StateError: Error, Equatable, CustomStringConvertible {
  /// What is needed is not there.
  case missing([String])
  /// There is something that nothing here has a place for.
  case unexpected([String])
  /// An array is of another shape than the one it is to replace.
  case shape(name: String, found: [Int], expected: [Int])
  /// A number that means nothing here.
  case value(name: String, found: Double, expected: String)
  /// Two names for one parameter, with different numbers.
  case tied(String, String)

  public var description: String { words.onOneLine }

  private var words: String {
    switch self {
    case .missing(let names): "missing: \(listed(names))"
    case .unexpected(let names): "unexpected: \(listed(names))"
    case .shape(let name, let found, let expected): "\(name) is \(found), expected \(expected)"
    case .value(let name, let found, let expected): "\(name) is \(found), expected \(expected)"
    case .tied(let a, let b): "\(a) and \(b) are one parameter here, but differ"
    }
  }
}

extension Module: Stateful {
  /// The numbers of every parameter and buffer by path; those of a tied parameter under each of its paths, as in
  /// PyTorch.
  public final func stateDict() -> StateDict {
    StateDict(
      Contents(of: self).held.map { ($0.name, $0.held.value) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Sets every parameter and buffer. The names must be this module's, all of them and no others, and the shapes
  /// too; of a tied parameter one name is enough. The element type stays the module's own.
  ///
  /// - Throws: `StateError`; the module is then as it was.
  public final func loadStateDict(_ state: StateDict) throws {
    try loadStateDict(state, strict: true, prefix: "")
  }

  /// Sets parameters by name, all of them or (not `strict`) those that are there.
  ///
  ///     let result = try model.loadStateDict(state, strict: false)
  ///     result.missing       // the model's names that the state did not have
  ///
  /// - Parameters:
  ///   - state: arrays by name.
  ///   - strict: whether missing and unexpected names are errors. A wrong shape always is.
  ///   - prefix: what stands before this module's names in the state (`encoder.`, `module.`); names
  ///     that begin otherwise are another's, and no error.
  /// - Returns: what was missing and what was left over, by the state's names.
  /// - Throws: `StateError`; the module is then as it was.
  @discardableResult
  public final func loadStateDict(
    _ state: StateDict, strict: Bool = true, prefix: String = ""
  ) throws -> LoadResult {
    let (values, result) = try matched(state, strict, prefix)
    for (held, value) in values { held.take(value) }
    return result
  }

  /// Throws where `loadStateDict` would, and changes nothing.
  package final func check(_ state: StateDict) throws { _ = try matched(state, true, "") }

  /// What each parameter and buffer gets.
  private func matched(
    _ state: StateDict, _ strict: Bool, _ prefix: String
  ) throws -> (values: [(Held, NDArray)], result: LoadResult) {
    let places = Contents(of: self).held.map { (name: prefix + $0.name, held: $0.held) }
    let known = Set(places.map { ExactName($0.name) })
    let unexpected = state.keys.filter { !known.contains(ExactName($0)) }.exactlySorted()
    let wrong = unexpected.filter { $0.utf8.starts(with: prefix.utf8) }
    if strict, !wrong.isEmpty { throw StateError.unexpected(wrong) }

    var found: [ObjectIdentifier: (name: String, value: NDArray)] = [:]
    for (name, held) in places {
      guard let value = state[name] else { continue }
      let shape = held.value.shape
      guard value.shape == shape else {
        throw StateError.shape(name: name, found: value.shape, expected: shape)
      }
      let key = held.id
      if let first = found[key], first.value != value { throw StateError.tied(first.name, name) }
      if found[key] == nil { found[key] = (name, value) }
    }
    let missing = places.filter { found[$0.held.id] == nil }.map(\.name)
    if strict, !missing.isEmpty { throw StateError.missing(missing) }

    let values = places.compactMap { _, held in found[held.id].map { (held, $0.value) } }
    return (values, LoadResult(missing: missing, unexpected: unexpected))
  }
}

/// What a load that need not be complete came across.
public struct LoadResult: Equatable, Sendable, CustomStringConvertible {
  /// Names that the module has and the state had not; their parameters are as they were.
  public let missing: [String]
  /// Names of the state that have no place in the module.
  public let unexpected: [String]

  /// By name; what `loadStateDict` returns, and what a test may compare it with.
  public init(missing: [String], unexpected: [String]) {
    (self.missing, self.unexpected) = (missing, unexpected)
  }

  public var description: String {
    func list(_ names: [String]) -> String {
      names.isEmpty ? "nothing" : listed(names).onOneLine
    }
    return "missing: \(list(missing)); left over: \(list(unexpected))"
  }
}
