import Unroll

/// A network that translates the date typed in the page and shows where it looks: the data of
/// `Interactive.Component.date`.
package struct TypedDate: Encodable {
  let read, step: PageModel
  let source = DateSymbols.source.tokens, target = DateSymbols.target.tokens
  let text: String
  let length = DateSymbols.length

  package init(_ translator: Translator, text: String) throws {
    self.text = text
    read = try PageModel { translator.exportReading(to: $0) }
    step = try PageModel { translator.exportStep(to: $0) }
  }
}

extension Translator {
  /// `read` for a page: from `ids` to `keys`, `projected` and `state`.
  func exportReading(to graph: any ModelGraph) {
    let ids = graph.indices("ids", ["time", "batch"])
    let (states, last) = graph.gru(encoder, graph.apply(source, ids))
    let keys = graph.transposed(states, [1, 0, 2])
    let ends = [0, 1].map { graph.select(last, axis: 0, index: $0) }
    let state = graph.tanh(graph.apply(bridge, graph.concatenate(ends, axis: 1)))
    graph.output("keys", keys)
    graph.output("state", state)
    if let attention { graph.output("projected", graph.apply(attention.key, keys)) }
  }

  /// `step` for a page: from `last`, `state`, `keys` and `projected` to `logits`, `state` and `weights`.
  func exportStep(to graph: any ModelGraph) {
    let hidden = decoder.hiddenSize
    let last = graph.indices("last", ["batch"])
    let state = graph.input("state", ["batch", .size(hidden)])
    let keys = graph.input("keys", ["batch", "time", .size(2 * hidden)])
    let projected = graph.input("projected", ["batch", "time", .size(hidden)])
    guard let attention else { return graph.refuse("a Translator without attention", ()) }
    let query = graph.unsqueezed(graph.apply(attention.query, state), 1)
    let inner = graph.tanh(graph.add(query, projected))
    let scores = graph.select(graph.apply(attention.score, inner), axis: 2, index: 0)
    let weights = graph.softmax(scores, axis: 1)
    let context = graph.select(
      graph.matmul(graph.unsqueezed(weights, 1), keys), axis: 1, index: 0)
    let input = graph.concatenate([graph.apply(target, last), context], axis: 1)
    let (written, next) = graph.gru(
      decoder, graph.unsqueezed(input, 0), h: graph.unsqueezed(state, 0))
    let features = graph.concatenate(
      [graph.select(written, axis: 0, index: 0), context], axis: 1)
    graph.output("logits", graph.apply(output, features))
    graph.output("state", graph.select(next, axis: 0, index: 0))
    graph.output("weights", weights)
  }
}
