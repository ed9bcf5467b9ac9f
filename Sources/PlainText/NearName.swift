/// The name that a mistyped one was perhaps meant to be: a third of its letters may be wrong, and
/// capitals do not count.
package func nearName(to name: String, among names: some Sequence<String>) -> String? {
  names.map { (name: $0, distance: levenshtein(Array(name.lowercased()), Array($0.lowercased()))) }
    .filter { $0.distance <= max(1, $0.name.count / 3) }
    .min { $0.distance < $1.distance }?.name
}

/// The fewest insertions, deletions and substitutions that make one sequence the other (Levenshtein
/// 1966).
// Made ready here for what other modules ask of; for any other type each step looks up anew how its
// values are compared.
@_specialize(where Symbol == UInt8)
@_specialize(where Symbol == Int)
@_specialize(where Symbol == Character)
@_specialize(where Symbol == String)
package func levenshtein<Symbol: Equatable>(_ a: [Symbol], _ b: [Symbol]) -> Int {
  // Row by row through the table; `row[j]` is the distance of a[..<i] and b[..<j].
  var row = Array(0...b.count)
  for (i, left) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, right) in b.enumerated() {
      let changed = diagonal + (left == right ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(changed, diagonal + 1, row[j] + 1)
    }
  }
  return row[b.count]
}
