import Arrays
import Foundation

/// What counting foresees: the next symbol by how often each followed the `order` − 1 before it,
/// smoothed so that nothing is impossible. It is the rival of every model of sequences.
///
///     let counts = NGramCounts(learned, order: 4, classes: vocabulary.count)
///     counts.bits(of: heldOut)                        // bits a symbol
///     counts.probabilities(after: [3, 1, 4])          // to draw the next one from
public struct NGramCounts: Sendable {
  /// How something of what was counted is given to what was not. n(c, s) counts s after the context
  /// c, n(c) all symbols after it.
  public enum Smoothing: Sendable, Equatable {
    /// Shorter contexts are mixed in, the more of them the more kinds k(c) of symbols have followed
    /// the longer one (Witten & Bell 1991); below the empty context all symbols are equally likely.
    ///
    ///     p(s | c) = (n(c, s) + k(c) · p(s | c without its first)) / (n(c) + k(c))
    case wittenBell
    /// As if every symbol had followed every context α times more: Lidstone's rule, Laplace's for
    /// α = 1. With α = 0 what was not seen is impossible; only after a context that was itself not
    /// seen all symbols are equally likely.
    ///
    ///     p(s | c) = (n(c, s) + α) / (n(c) + α · classes)
    case additive(Double)
  }

  /// Symbols looked at, the one foreseen included: 1 counts symbols, 2 pairs.
  public let order: Int
  /// Symbols are 0 ..< `classes`.
  public let classes: Int
  public let smoothing: Smoothing

  // Contexts are a tree read backwards: the root is the empty one, a child has one symbol more
  // before it. Children and followers stand in one table each, by node · classes + symbol.
  private var children: [Int: Int] = [:]
  private var followers: [Int: Int] = [:]
  private var nodes = [Node()]
  private var counts: [Count] = []

  /// A context: how many symbols followed it, of how many kinds, and the last kind that was new.
  private struct Node {
    var total = 0, kinds = 0, last = -1
  }

  /// How often a symbol followed a context, and the kind that was new there before it: a chain in
  /// one array, as most contexts have only one or two.
  private struct Count {
    let symbol, before: Int
    var times = 0
  }

  /// Nothing counted yet, so that all symbols are equally likely; `order` and `classes` below 1
  /// stop the program.
  public init(order: Int, classes: Int, smoothing: Smoothing = .wittenBell) {
    guard order > 0, classes > 0 else {
      wrongUse("NGramCounts: order \(order), \(classes) classes")
    }
    if case .additive(let alpha) = smoothing, !(alpha >= 0 && alpha < .infinity) {
      wrongUse("NGramCounts: \(alpha) is nothing to add to a count")
    }
    (self.order, self.classes, self.smoothing) = (order, classes, smoothing)
  }

  /// The counts of one sequence.
  public init(
    _ symbols: [Int], order: Int, classes: Int, smoothing: Smoothing = .wittenBell
  ) {
    self.init(order: order, classes: classes, smoothing: smoothing)
    add(symbols)
  }

  /// Counts one more sequence; no context reaches from one into another.
  public mutating func add(_ symbols: [Int]) {
    check(symbols)
    for place in symbols.indices {
      var node = 0
      for length in 0..<min(order, place + 1) {
        if length > 0 { node = child(of: node, before: symbols[place - length]) }
        counts[count(of: symbols[place], after: node)].times += 1
        nodes[node].total += 1
      }
    }
  }

  private mutating func child(of node: Int, before symbol: Int) -> Int {
    let key = node * classes + symbol
    if let known = children[key] { return known }
    children[key] = nodes.count
    nodes.append(Node())
    return nodes.count - 1
  }

  private mutating func count(of symbol: Int, after node: Int) -> Int {
    let key = node * classes + symbol
    if let known = followers[key] { return known }
    followers[key] = counts.count
    counts.append(Count(symbol: symbol, before: nodes[node].last))
    nodes[node].last = counts.count - 1
    nodes[node].kinds += 1
    return counts.count - 1
  }

  /// The probability of a symbol after others, of which the last `order` − 1 count.
  public func probability(of next: Int, after context: some BidirectionalCollection<Int>) -> Double
  {
    guard (0..<classes).contains(next) else {
      wrongUse("NGramCounts: symbol \(next) of \(classes)")
    }
    var p = 1 / Double(classes)
    if case .additive(let alpha) = smoothing {
      guard let node = wholly(known: context) else { return p }
      let times = followers[node * classes + next].map { counts[$0].times } ?? 0
      return (Double(times) + alpha) / (Double(nodes[node].total) + alpha * Double(classes))
    }
    for node in known(context) {
      let kinds = Double(nodes[node].kinds)
      let times = followers[node * classes + next].map { counts[$0].times } ?? 0
      p = (Double(times) + kinds * p) / (Double(nodes[node].total) + kinds)
    }
    return p
  }

  /// The probabilities of all symbols after others; they sum to 1.
  public func probabilities(after context: some BidirectionalCollection<Int>) -> [Double] {
    var p = [Double](repeating: 1 / Double(classes), count: classes)
    if case .additive = smoothing {
      return p.indices.map { probability(of: $0, after: context) }
    }
    for node in known(context) {
      let kinds = Double(nodes[node].kinds), all = Double(nodes[node].total) + kinds
      for symbol in 0..<classes { p[symbol] *= kinds / all }
      var place = nodes[node].last
      while place >= 0 {
        p[counts[place].symbol] += Double(counts[place].times) / all
        place = counts[place].before
      }
    }
    return p
  }

  /// The probability of each symbol of a sequence after those before it.
  ///
  /// - Parameters:
  ///   - symbols: each in 0 ..< `classes`, or the program stops.
  ///   - lower: a lower order: the numbers that counts of that one would give.
  public func probabilities(of symbols: [Int], order lower: Int? = nil) -> [Double] {
    check(symbols)
    let order = lower ?? order
    guard 1...self.order ~= order else {
      wrongUse("NGramCounts: order \(order) of counts that go to \(self.order)")
    }
    return symbols.indices.map { place in
      probability(of: symbols[place], after: symbols[max(0, place - order + 1)..<place])
    }
  }

  /// The mean of −log₂ p over a sequence: bits a symbol. NaN of an empty one.
  public func bits(of symbols: [Int], order: Int? = nil) -> Double {
    -probabilities(of: symbols, order: order).reduce(0) { $0 + log2($1) } / Double(symbols.count)
  }

  /// The order with the fewest bits over a sequence, the lowest of equal ones.
  public func bestOrder(for symbols: [Int]) -> Int {
    let bits = (1...order).map { self.bits(of: symbols, order: $0) }
    return 1 + bits.indices.min { bits[$0] < bits[$1] }!
  }

  /// How often each different run of `n` symbols was seen, the most frequent first.
  public func frequencies(of n: Int) -> [Int] {
    guard 1...order ~= n else {
      wrongUse("NGramCounts: runs of \(n) in counts of order \(order)")
    }
    // A context is numbered after the one that it is longer than.
    var lengths = [Int](repeating: 0, count: nodes.count)
    for (key, child) in children.sorted(by: { $0.value < $1.value }) {
      lengths[child] = lengths[key / classes] + 1
    }
    return followers.filter { lengths[$0.key / classes] == n - 1 }.map { counts[$0.value].times }
      .sorted(by: >)
  }

  /// The context of all symbols that count, if it was seen.
  private func wholly(known context: some BidirectionalCollection<Int>) -> Int? {
    let contexts = known(context)
    return contexts.count == min(order - 1, context.count) + 1 ? contexts.last : nil
  }

  /// The contexts that have been seen, from the empty one to the longest.
  private func known(_ context: some BidirectionalCollection<Int>) -> [Int] {
    var found = nodes[0].total > 0 ? [0] : []
    for symbol in context.reversed().prefix(order - 1) {
      guard (0..<classes).contains(symbol), let last = found.last,
        let next = children[last * classes + symbol]
      else { break }
      found.append(next)
    }
    return found
  }

  private func check(_ symbols: [Int]) {
    if let wrong = symbols.first(where: { !(0..<classes).contains($0) }) {
      wrongUse("NGramCounts: symbol \(wrong) of \(classes)")
    }
  }
}
