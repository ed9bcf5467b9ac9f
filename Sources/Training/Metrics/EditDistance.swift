/// The fewest insertions, deletions and substitutions that make one sequence the other (Levenshtein
/// 1966).
public func editDistance<Symbol: Equatable>(_ a: [Symbol], _ b: [Symbol]) -> Int {
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

/// Edit distances of many sequences over the length of what they should be: the word, character or
/// digit error rate. It may exceed 1.
public func errorRate<Symbol: Equatable>(
  _ predictions: [[Symbol]], _ references: [[Symbol]]
) -> Double {
  guard predictions.count == references.count else {
    wrongUse("errorRate: \(predictions.count) predictions and \(references.count) references")
  }
  let errors = zip(predictions, references).reduce(0) { $0 + editDistance($1.0, $1.1) }
  return Double(errors) / Double(references.reduce(0) { $0 + $1.count })
}
