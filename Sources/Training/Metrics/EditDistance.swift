import PlainText

/// The fewest insertions, deletions and substitutions that make one sequence the other (Levenshtein
/// 1966).
public func editDistance<Symbol: Equatable>(_ a: [Symbol], _ b: [Symbol]) -> Int {
  levenshtein(a, b)
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
