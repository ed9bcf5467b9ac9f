/// Values by name, as a dictionary has them, but for what makes two names one: only the same Unicode
/// scalars do. A file of another program may hold "é" written in one scalar and in two; for a
/// `Dictionary` of strings these are one key.
///
///     var table: NameTable = ["weight": weight]
///     table["bias"] = bias
///     for (name, array) in table { print(name, array.shape) }
public struct NameTable<Value> {
  private var storage: [ExactName: Value]

  fileprivate init(storage: [ExactName: Value]) { self.storage = storage }

  /// A table without names.
  public init() { storage = [:] }

  /// The values of a dictionary.
  public init(_ dictionary: [String: Value]) {
    self.init(uniqueKeysWithValues: dictionary.map { ($0.key, $0.value) })
  }

  /// Values by names of which none comes twice; one that does stops the program.
  public init(uniqueKeysWithValues pairs: some Sequence<(String, Value)>) {
    self.init()
    for (name, value) in pairs where updateValue(value, forKey: name) != nil {
      wrongUse("NameTable: the name \(name.debugDescription) comes twice")
    }
  }

  /// Values by names; of those with one name `combine` makes one.
  public init(
    _ pairs: some Sequence<(String, Value)>,
    uniquingKeysWith combine: (Value, Value) throws -> Value
  ) rethrows {
    self.init()
    try merge(pairs, uniquingKeysWith: combine)
  }

  /// The value of a name; nil if there is none, or to take it away.
  public subscript(name: String) -> Value? {
    get { storage[ExactName(name)] }
    set { storage[ExactName(name)] = newValue }
  }

  /// The value of a name, or the default where there is none; changing it in place puts it into the
  /// table.
  public subscript(name: String, default value: @autoclosure () -> Value) -> Value {
    get { storage[ExactName(name), default: value()] }
    set { storage[ExactName(name)] = newValue }
  }

  /// The names, in no order.
  public var keys: [String] { storage.keys.map(\.text) }
  /// The values, in the order of `keys`.
  public var values: [Value] { Array(storage.values) }

  /// Sets the value of a name; returns what it was before, nil if there was none.
  @discardableResult public mutating func updateValue(_ value: Value, forKey name: String) -> Value?
  {
    storage.updateValue(value, forKey: ExactName(name))
  }

  /// Takes a name away; returns its value, nil if there was none.
  @discardableResult public mutating func removeValue(forKey name: String) -> Value? {
    storage.removeValue(forKey: ExactName(name))
  }

  /// Takes all names away.
  public mutating func removeAll() { storage.removeAll() }

  /// Takes over the values of others; where a name is in both, `combine` makes one of the table's
  /// own value and the new one.
  public mutating func merge(
    _ pairs: some Sequence<(String, Value)>,
    uniquingKeysWith combine: (Value, Value) throws -> Value
  ) rethrows {
    try storage.merge(pairs.lazy.map { (ExactName($0.0), $0.1) }, uniquingKeysWith: combine)
  }

  /// Takes over another table's values; of a name that is in both, `combine` makes one of the own
  /// value and the other's.
  public mutating func merge(
    _ other: NameTable, uniquingKeysWith combine: (Value, Value) throws -> Value
  ) rethrows {
    try storage.merge(other.storage, uniquingKeysWith: combine)
  }

  /// A table of this one's values and another's; of a name that is in both, `combine` makes one of
  /// the own value and the other's.
  public func merging(
    _ other: NameTable, uniquingKeysWith combine: (Value, Value) throws -> Value
  ) rethrows -> NameTable {
    NameTable(storage: try storage.merging(other.storage, uniquingKeysWith: combine))
  }

  /// A table of the same names with changed values.
  public func mapValues<Other>(
    _ change: (Value) throws -> Other
  ) rethrows -> NameTable<Other> {
    NameTable<Other>(storage: try storage.mapValues(change))
  }

  /// A table of those names and values of which `isIncluded` says so.
  public func filter(_ isIncluded: (Element) throws -> Bool) rethrows -> NameTable {
    NameTable(storage: try storage.filter { try isIncluded(($0.key.text, $0.value)) })
  }
}

extension NameTable: Collection {
  public typealias Element = (key: String, value: Value)

  /// A place in the table, good until the table changes.
  public struct Index: Comparable {
    fileprivate let place: Dictionary<ExactName, Value>.Index
    public static func < (a: Index, b: Index) -> Bool { a.place < b.place }
  }

  public var startIndex: Index { Index(place: storage.startIndex) }
  public var endIndex: Index { Index(place: storage.endIndex) }
  public var count: Int { storage.count }
  public func index(after index: Index) -> Index { Index(place: storage.index(after: index.place)) }
  public subscript(index: Index) -> Element {
    (storage[index.place].key.text, storage[index.place].value)
  }
}

extension NameTable: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral pairs: (String, Value)...) {
    self.init(uniqueKeysWithValues: pairs)
  }
}

extension NameTable: Equatable where Value: Equatable {}
extension NameTable: Sendable where Value: Sendable {}

extension NameTable: CustomStringConvertible {
  /// As a dictionary's, in the order of the names.
  public var description: String {
    let pairs = sorted { $0.key.precedes($1.key) }.map { "\($0.key.debugDescription): \($0.value)" }
    return pairs.isEmpty ? "[:]" : "[\(pairs.joined(separator: ", "))]"
  }
}
