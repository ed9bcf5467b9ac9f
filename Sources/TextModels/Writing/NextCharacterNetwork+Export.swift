import Exporting

extension NextCharacterNetwork: ExportableModel {
  /// `ids` `[time, batch]` and the state `h_0` `[1, batch, hiddenSize]`; `logits` `[time, batch, kinds]`,
  /// and `h_n`, which is the next call's `h_0`.
  public func export(to graph: any ModelGraph) {
    let ids = graph.indices("ids", ["time", "batch"])
    let h = graph.input("h_0", [1, "batch", .size(layer.hiddenSize)])
    let (states, h_n) = graph.gru(layer, graph.apply(embedding, ids), h: h)
    graph.output("logits", graph.apply(output, states))
    graph.output("h_n", h_n)
  }
}
