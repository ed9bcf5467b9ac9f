/// Einstein's sum: each axis has a letter, and what the result does not name is summed over.
///
///     einsum("bqd,bkd->bqk", queries, keys)     // every query with every key
///     einsum("ij->j", x)                        // sums of columns
///     einsum("i,j->ij", a, b)                   // outer product
///
/// - Parameters:
///   - equation: the letters of each operand's axes, commas between them, and after `->` those of the
///     result. Without an arrow the result has the letters that occur once, in alphabetical order.
///   - operands: from one on; two at a time are contracted, from the left, by a matrix product.
public func einsum(_ equation: String, _ operands: Tensor...) -> Tensor {
  let letters = equation.filter { !$0.isWhitespace }
  let sides = letters.split(separator: ">", maxSplits: 1, omittingEmptySubsequences: false)
  let inputs = (sides.count == 2 ? sides[0].dropLast() : sides[0])
    .split(separator: ",", omittingEmptySubsequences: false).map(Array.init)
  func wrong(_ problem: String) -> Never {
    wrongUse("einsum: \"\(equation)\" for \(operands.map(\.shape)): \(problem)")
  }
  guard sides.count == 1 || sides[0].hasSuffix("-"),
    letters.allSatisfy({ $0.isLetter || ",->".contains($0) })
  else { wrong("letters, commas and one ->") }
  guard inputs.count == operands.count, !operands.isEmpty else {
    wrong("\(inputs.count) terms and \(operands.count) operands")
  }
  let all = inputs.joined()
  let output =
    sides.count == 2
    ? Array(sides[1]) : Set(all).filter { l in all.count { $0 == l } == 1 }.sorted()
  var sizes: [Character: Int] = [:]
  for (term, operand) in zip(inputs, operands) {
    guard term.count == operand.rank else {
      wrong("\"\(String(term))\" names \(term.count) axes of \(operand.shape)")
    }
    for (letter, size) in zip(term, operand.shape) {
      if sizes.updateValue(size, forKey: letter) ?? size != size {
        wrong("two sizes for \(letter)")
      }
    }
  }
  guard Set(output).count == output.count, output.allSatisfy({ sizes[$0] != nil }) else {
    wrong("the result's letters are those of the operands, each once")
  }
  var terms = zip(inputs, operands).map { Term(letters: $0, tensor: $1).withoutRepeats() }
  while terms.count > 1 {
    let later = Set(output + terms.dropFirst(2).flatMap(\.letters))
    terms.replaceSubrange(0..<2, with: [terms[0].contracted(with: terms[1], keeping: later)])
  }
  let term = terms[0].summed(keeping: Set(output))
  return term.arranged(output)
}

/// A tensor whose axes have letters.
private struct Term {
  var letters: [Character]
  var tensor: Tensor

  /// A letter that stands twice means the diagonal.
  func withoutRepeats() -> Term {
    var term = self
    while let second = term.letters.indices.first(where: { place in
      term.letters[..<place].contains(term.letters[place])
    }) {
      let first = term.letters.firstIndex(of: term.letters[second])!
      let size = term.tensor.shape[first]
      // The diagonal is what the identity lets through, summed over one of the two axes.
      var shape = [Int](repeating: 1, count: term.tensor.rank)
      (shape[first], shape[second]) = (size, size)
      let identity = Tensor(NDArray.eye(size, dtype: term.tensor.dtype).reshaped(shape))
      term.tensor = (term.tensor * identity).sum(axis: second)
      term.letters.remove(at: second)
    }
    return term
  }

  /// Without the axes that nobody asks for.
  func summed(keeping kept: Set<Character>) -> Term {
    let gone = letters.indices.filter { !kept.contains(letters[$0]) }
    return gone.isEmpty
      ? self : Term(letters: letters.filter(kept.contains), tensor: tensor.sum(axes: gone))
  }

  /// With the axes in this order.
  func arranged(_ order: [Character]) -> Tensor {
    let axes = order.map { letters.firstIndex(of: $0)! }
    return axes == Array(letters.indices) ? tensor : tensor.permuted(axes)
  }

  /// Axes of both that are kept are batches, those that are not are summed by a matrix product.
  func contracted(with other: Term, keeping later: Set<Character>) -> Term {
    let left = summed(keeping: later.union(other.letters))
    let right = other.summed(keeping: later.union(letters))
    let common = left.letters.filter(right.letters.contains)
    let batch = common.filter(later.contains), inner = common.filter { !later.contains($0) }
    let rows = left.letters.filter { !common.contains($0) }
    let columns = right.letters.filter { !common.contains($0) }
    func sizes(_ letters: [Character], _ term: Term) -> [Int] {
      letters.map { term.tensor.shape[term.letters.firstIndex(of: $0)!] }
    }
    func count(_ letters: [Character], _ term: Term) -> Int { sizes(letters, term).reduce(1, *) }
    let batches = sizes(batch, left)
    let a = left.arranged(batch + rows + inner)
      .reshaped(batches + [count(rows, left), count(inner, left)])
    let b = right.arranged(batch + inner + columns)
      .reshaped(batches + [count(inner, right), count(columns, right)])
    return Term(
      letters: batch + rows + columns,
      tensor: a.matmul(b).reshaped(batches + sizes(rows, left) + sizes(columns, right)))
  }
}
