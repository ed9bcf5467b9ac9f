/// What is known to go wrong with a result: sentences that teach, each with the result of who makes
/// the mistake. Computed beside the right one, so a mistake is mostly the solution with one thing
/// changed.
struct Mistakes<Output>: ExpressibleByDictionaryLiteral {
  let list: [(sentence: String, result: Output)]

  init(_ list: [(sentence: String, result: Output)]) { self.list = list }

  init(dictionaryLiteral elements: (String, Output)...) {
    list = elements.map { (sentence: $0.0, result: $0.1) }
  }
}
