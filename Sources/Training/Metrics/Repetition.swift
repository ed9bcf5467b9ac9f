import Arrays

/// The share of a sequence's runs of `n` symbols that stood in it before: 0 if all differ, near 1 for
/// what goes in a circle (rep-n of Welleck et al. 2020; 1 − distinct-n of Li et al. 2016). NaN of a
/// sequence shorter than `n`.
///
///     repeatedShare(ofRuns: 4, in: written)
public func repeatedShare<Symbol: Hashable>(ofRuns n: Int, in symbols: [Symbol]) -> Double {
  guard n > 0 else { wrongUse("repeatedShare: runs of \(n)") }
  let count = symbols.count - n + 1
  guard count > 0 else { return .nan }
  let distinct = Set((0..<count).map { symbols[$0..<$0 + n] }).count
  return 1 - Double(distinct) / Double(count)
}

/// The circle in which a sequence ends: the fewest symbols that it repeats to its end, at least
/// `times` times, and where the first of them stands. Nil if it ends in none.
///
///     endingCycle(of: Array("so on and on and on and "))   // length 7, start 2
public func endingCycle<Symbol: Equatable>(
  of symbols: [Symbol], times: Int = 3
) -> (length: Int, start: Int)? {
  guard times > 1 else { wrongUse("endingCycle: \(times) times is no repetition") }
  for length in stride(from: 1, through: symbols.count / times, by: 1) {
    var start = symbols.count - length
    while start > 0, symbols[start - 1] == symbols[start - 1 + length] { start -= 1 }
    if symbols.count - start >= times * length { return (length, start) }
  }
  return nil
}
