/// Joins the rows of `*` and `_` that open emphasis with those that close it, as CommonMark says,
/// in one pass: what no opener was found for is not looked for again.
struct Emphasis {
  private struct Run {
    let mark: Unicode.Scalar
    let count: Int
    let token: Int
    let canOpen: Bool
    let canClose: Bool
    var left: Int
    var previous: Int
    var next = -1
  }

  private var runs: [Run] = []
  /// The last run that is still open, or -1.
  private(set) var last = -1

  mutating func add(
    _ mark: Unicode.Scalar, count: Int, token: Int, before: Unicode.Scalar, after: Unicode.Scalar
  ) {
    let opens =
      !after.isWhitespace && (!after.isPunctuation || before.isWhitespace || before.isPunctuation)
    let closes =
      !before.isWhitespace && (!before.isPunctuation || after.isWhitespace || after.isPunctuation)
    let isWord = mark == "_"
    runs.append(
      Run(
        mark: mark, count: count, token: token,
        canOpen: opens && (!isWord || !closes || before.isPunctuation),
        canClose: closes && (!isWord || !opens || after.isPunctuation),
        left: count, previous: last))
    if last >= 0 { runs[last].next = runs.count - 1 }
    last = runs.count - 1
  }

  /// Joins what stands after the run `bottom`, and forgets what is left of it.
  mutating func match(above bottom: Int, in tokens: inout [InlineToken]) {
    // Below these no opener was found for a closer of that kind.
    var searched: [Int: Int] = [:]
    var current = bottom >= 0 ? runs[bottom].next : first(above: bottom)
    while current >= 0 {
      let closer = runs[current]
      guard closer.canClose else {
        current = closer.next
        continue
      }
      let kind = (closer.mark == "*" ? 6 : 0) + (closer.canOpen ? 3 : 0) + closer.count % 3
      let floor = max(bottom, searched[kind] ?? -1)
      var opener = closer.previous
      while opener > floor, !fits(runs[opener], closer) { opener = runs[opener].previous }
      if opener > floor {
        join(opener, current, in: &tokens)
        if runs[current].left == 0 {
          let next = runs[current].next
          unlink(current)
          current = next
        }
      } else {
        searched[kind] = closer.previous
        if !closer.canOpen { unlink(current) }
        current = closer.next
      }
    }
    last = bottom
    if bottom >= 0 { runs[bottom].next = -1 }
  }

  private func first(above bottom: Int) -> Int {
    var first = last
    while first >= 0, runs[first].previous > bottom { first = runs[first].previous }
    return first > bottom ? first : -1
  }

  private func fits(_ opener: Run, _ closer: Run) -> Bool {
    guard opener.mark == closer.mark, opener.canOpen else { return false }
    let isOdd =
      (opener.canClose || closer.canOpen) && closer.count % 3 != 0
      && (opener.count + closer.count) % 3 == 0
    return !isOdd
  }

  private mutating func join(_ opener: Int, _ closer: Int, in tokens: inout [InlineToken]) {
    let width = min(runs[opener].left, runs[closer].left, 2)
    runs[opener].left -= width
    runs[closer].left -= width
    tokens[runs[opener].token].join(width, opening: true)
    tokens[runs[closer].token].join(width, opening: false)
    runs[opener].next = closer
    runs[closer].previous = opener
    if runs[opener].left == 0 { unlink(opener) }
  }

  private mutating func unlink(_ run: Int) {
    let (previous, next) = (runs[run].previous, runs[run].next)
    if previous >= 0 { runs[previous].next = next }
    if next >= 0 { runs[next].previous = previous } else { last = previous }
  }
}

extension InlineToken {
  fileprivate mutating func join(_ width: Int, opening: Bool) {
    guard case .delimiters(let mark, let count, var closes, var opens) = self else { return }
    // Nobody else holds the lists, so that a long row costs no copies.
    self = .openLink
    if opening { opens.append(width) } else { closes.append(width) }
    self = .delimiters(mark, count: count, closes: closes, opens: opens)
  }
}
