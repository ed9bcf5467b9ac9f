import Unroll

/// A network that weighs languages while a name is typed in the page: the data of
/// `Interactive.Component.name`.
package struct TypedName: Encodable {
  let model: PageModel
  let letters, languages: [String]
  let name: String

  package init(
    _ reader: SurnameReader, letters: Vocabulary, languages: [String], name: String
  ) throws {
    model = try PageModel { graph in
      let rows = graph.input("letters", ["time", "batch", .size(reader.letters)])
      let states = graph.gru(reader.gru, rows).output
      graph.output("shares", graph.softmax(graph.apply(reader.output, states), axis: 2))
    }
    (self.letters, self.languages, self.name) = (letters.tokens, languages, name)
  }
}

extension SurnameReader {
  /// After each letter of a name a probability for each language: `[letter][language]`.
  package func letterByLetter(_ name: String, _ letters: Vocabulary) -> [[Double]] {
    let numbers = letters.encode(letters: name)
    return numbers.indices.map { place in
      scores(LabeledTokens([Array(numbers[...place])], labels: [0]))[0].softmax().doubles
    }
  }

  /// The languages that are likeliest at the end, letter by letter.
  func figure(of name: String, _ letters: Vocabulary, _ languages: [String]) -> Figure {
    let shares = letterByLetter(name, letters), last = shares[shares.count - 1]
    var figure = Figure("\(name), letter by letter", x: "letters read", y: "probability")
    for language in last.indices.sorted(by: { last[$0] > last[$1] }).prefix(4) {
      figure.line(
        x: Array(1...shares.count), y: shares.map { $0[language] }, label: languages[language],
        markers: true)
    }
    figure.x.ticks = .at(name.enumerated().map { (Double($0 + 1), String($1)) })
    figure.size = .flat
    return figure
  }
}
