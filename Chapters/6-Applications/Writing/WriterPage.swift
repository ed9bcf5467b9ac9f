import Unroll

/// A network that writes on what is typed in the page: the data of `Interactive.Component.writer`.
package struct TypedBeginning: Encodable {
  let model: PageModel
  let characters: [String]
  let hidden: Int
  let beginning: String
  let length = 160

  package init(
    _ network: NextCharacterNetwork, _ vocabulary: Vocabulary, beginning: String
  ) throws {
    model = try PageModel(network)
    characters = vocabulary.tokens
    (hidden, self.beginning) = (network.layer.hiddenSize, beginning)
  }

  /// Whether the page stays below 3 MB, of which its pictures and the other networks leave this much: of a
  /// script with thousands of characters the weights are too many.
  var isSmall: Bool { model.weightBytes < 550_000 }
}

/// A beginning and what a network makes of it, each character with the probability that it had; not more
/// than have room below the axis.
func writtenOn(
  _ beginning: String, by network: NextCharacterNetwork, _ text: CharacterText, seed: UInt64
) -> Figure {
  let told = Assignment(prefix: beginning, characters: 22)
    .written(by: network, text, Sampler(temperature: 0.7), seed: seed)
  let ids = text.ids(of: told)
  let shares = network.probabilities(of: ids)
  let signs = text.vocabulary.decode(ids).dropFirst().map {
    $0 == " " ? "␣" : $0 == "\n" ? "↵" : $0
  }
  var figure = Figure("Written on", x: "character", y: "probability")
  figure.impulses(x: Array(1...shares.count), y: shares)
  figure.x.ticks = .at(signs.enumerated().map { (Double($0 + 1), $1) })
  figure.size = .flat
  return figure
}
