/// How much of a text is copied: for each symbol, the length of the longest run that ends there and
/// stands in `source`, too.
///
/// It costs time in proportion to both lengths, and memory to the text's alone: the text is made a
/// suffix automaton (Blumer et al. 1985), and the source is read through it once.
public func matchLengths<Symbol: Hashable>(of text: [Symbol], in source: [Symbol]) -> [Int] {
  var automaton = SuffixAutomaton<Symbol>()
  let ends = text.map { automaton.append($0) }
  // By state, the longest of its runs that the source has.
  var found = [Int](repeating: 0, count: automaton.states.count)
  var state = 0, length = 0
  for symbol in source {
    while state != 0, automaton.states[state].next[symbol] == nil {
      state = automaton.states[state].link
      length = automaton.states[state].length
    }
    guard let next = automaton.states[state].next[symbol] else { continue }
    (state, length) = (next, length + 1)
    found[state] = max(found[state], length)
  }
  // What a state has, its suffixes have.
  let longestFirst = automaton.states.indices.dropFirst().sorted {
    automaton.states[$0].length > automaton.states[$1].length
  }
  for state in longestFirst where found[state] > 0 {
    let link = automaton.states[state].link
    found[link] = max(found[link], min(found[state], automaton.states[link].length))
  }
  // And of a run that it has not, the longest suffix that it has.
  for state in longestFirst.reversed() where found[state] == 0 {
    found[state] = found[automaton.states[state].link]
  }
  return ends.map { found[$0] }
}

/// The longest run of a text that stands in `source`, too, as places in the text; the first of
/// several, and empty if they have nothing in common.
public func longestCommonSubstring<Symbol: Hashable>(
  of text: [Symbol], in source: [Symbol]
) -> Range<Int> {
  let lengths = matchLengths(of: text, in: source)
  guard let longest = lengths.max(), longest > 0, let end = lengths.firstIndex(of: longest) else {
    return 0..<0
  }
  return end + 1 - longest..<end + 1
}

/// All runs of a sequence: a state stands for those that end at the same places.
private struct SuffixAutomaton<Symbol: Hashable> {
  struct State {
    /// Of its longest run.
    var length: Int
    /// The state of the longest suffix that ends elsewhere, too.
    var link: Int
    var next: [Symbol: Int]
  }

  var states = [State(length: 0, link: -1, next: [:])]
  private var last = 0

  /// Appends a symbol and gives the state of the whole sequence.
  mutating func append(_ symbol: Symbol) -> Int {
    let new = states.count
    states.append(State(length: states[last].length + 1, link: 0, next: [:]))
    var state = last
    last = new
    while state >= 0, states[state].next[symbol] == nil {
      states[state].next[symbol] = new
      state = states[state].link
    }
    guard state >= 0 else { return new }
    let target = states[state].next[symbol]!
    if states[target].length == states[state].length + 1 {
      states[new].link = target
      return new
    }
    // The shorter runs of `target` end here, too: they get a state of their own.
    let copy = states.count
    states.append(
      State(
        length: states[state].length + 1, link: states[target].link, next: states[target].next))
    while state >= 0, states[state].next[symbol] == target {
      states[state].next[symbol] = copy
      state = states[state].link
    }
    states[target].link = copy
    states[new].link = copy
    return new
  }
}
