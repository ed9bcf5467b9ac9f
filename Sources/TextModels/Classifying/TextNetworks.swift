import Exporting
import Foundation
import NN

/// The recurrent networks of a text classifier as one module that takes token numbers and gives
/// probabilities: what goes to other servers. Naive Bayes and support vectors, which may have most of the
/// say in the classifier itself, stay here.
///
///     let model = try TextClassifier().fitted(to: letters)
///     let networks = TextNetworks(model)!
///     try networks.exportONNX(to: file)     // ids [time, batch], lengths [batch] → [batch, classes]
///     let ids = networks.encode("Dear Sir")
public final class TextNetworks: Module, ExportableModel {
  /// The classes' names; probabilities have their order.
  public let classes: [String]
  private let readers: [TextReader]
  private let fitted: FittedReader

  /// - Returns: nil where the classifier has no networks.
  public init?(_ model: TextClassifierModel) {
    let found = model.judges.compactMap { judge -> (FittedReader, Double)? in
      if case .reader(let reader) = judge.kind { (reader, judge.weight) } else { nil }
    }
    guard let best = found.max(by: { $0.1 < $1.1 }) else { return nil }
    (fitted, classes) = (best.0, model.classes)
    // They are its own, or were checked when it was read.
    readers = try! best.0.readers()
  }

  /// The vocabulary: what each number of `ids` stands for.
  public var tokens: [String] { fitted.vocabulary.tokens }
  /// Whether a token is a character or a word.
  public var form: TextForm { fitted.form }

  /// The numbers of a text's tokens.
  public func encode(_ text: String) -> [Int] { fitted.encode(text) }

  /// Each text's probabilities, `[text][class]`.
  public func probabilities(_ texts: [String]) -> [[Double]] {
    fitted.scores(texts, readers).map { scores in
      let powers = scores.map { exp($0 - scores.max()!) }
      return powers.map { $0 / powers.reduce(0, +) }
    }
  }

  public func export(to graph: any ModelGraph) {
    let ids = graph.indices("ids", ["time", "batch"])
    let lengths = graph.indices("lengths", ["batch"])
    let said = readers.map { reader -> GraphValue in
      let (outputs, h_n) = graph.gru(
        reader.gru, graph.apply(reader.embedding, ids), lengths: lengths)
      let parts =
        [0, 1].map { graph.select(h_n, axis: 0, index: $0) }
        + [graph.maskedMean(outputs, lengths: lengths, axis: 0)]
      return graph.logSoftmax(graph.apply(reader.output, graph.concatenate(parts, axis: 1)))
    }
    let sum = said.dropFirst().reduce(said[0]) { graph.add($0, $1) }
    graph.output("probabilities", graph.softmax(graph.divide(sum, Double(said.count))))
  }
}
