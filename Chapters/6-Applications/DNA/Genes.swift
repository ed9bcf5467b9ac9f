import Unroll

/// What a ribosome does, base by base.
package enum Reading {
  package static let bases = Array("ACGT")
  /// Outside of a reading frame; inside, a codon begun; the stop; and the 20 amino acids.
  package static let outside = 0, inside = 1, stop = 2
  package static let aminoAcids = Array("ACDEFGHIKLMNPQRSTVWY")
  package static let classes = 3 + aminoAcids.count

  /// The standard genetic code, by first, second and third base in the order T, C, A, G (NCBI's
  /// table 1).
  static let code = Array("FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG")

  /// The class of a codon, three bases 0 … 3.
  package static func meaning(_ codon: some Sequence<Int>) -> Int {
    // A, C, G, T in the table's order.
    let place = codon.reduce(0) { 4 * $0 + [2, 1, 3, 0][$1] }
    return aminoAcids.firstIndex(of: code[place]).map { 3 + $0 } ?? stop
  }

  package static func symbol(_ label: Int) -> Character {
    label >= 3 ? aminoAcids[label - 3] : [".", "-", "*"][label]
  }

  /// The rule: outside until ATG has been read; then three by three, the amino acid at the third
  /// base of each codon, until a stop; then outside again.
  package static func labels(_ bases: [Int]) -> [Int] {
    var codon: [Int]?
    return bases.indices.map { place in
      guard codon != nil else {
        // A, T, G are 0, 3, 2.
        guard place >= 2, Array(bases[place - 2...place]) == [0, 3, 2] else { return outside }
        codon = []
        return meaning([0, 3, 2])
      }
      codon!.append(bases[place])
      guard codon!.count == 3 else { return inside }
      let label = meaning(codon!)
      codon = label == stop ? nil : []
      return label
    }
  }

  /// Bases drawn evenly; with `beginsInside` the first three are ATG.
  package static func sequence(
    _ count: Int, beginsInside: Bool = false, generator: Generator
  ) -> [Int] {
    let bases = (0..<count).map { _ in Int(generator.next() >> 62) }
    return beginsInside ? [0, 3, 2] + bases.dropFirst(3) : bases
  }
}

/// Bases in, scores for what the ribosome does at each out.
package final class Ribosome: Module {
  let embedding: Embedding
  let layer: GRU
  let output: Linear

  package init(hiddenSize: Int = 64) {
    embedding = Embedding(125, 32)
    layer = GRU(inputSize: 32, hiddenSize: hiddenSize)
    output = Linear(hiddenSize, Reading.classes)
  }

  /// Bases `[time, batch]`; scores `[time · batch, classes]`.
  package func callAsFunction(_ bases: Indices) -> Tensor {
    let (states, _) = layer(embedding(Self.triples(bases)))
    return output(states.reshaped([bases.count, layer.hiddenSize]))
  }

  /// Each base with the two before it as one word of 125; 4 stands before the beginning.
  package static func triples(_ bases: Indices) -> Indices {
    let batch = bases.shape[1]
    func base(_ place: Int) -> Int { place < 0 ? 4 : bases.values[place] }
    return Indices(
      bases.values.indices.map { place in
        25 * base(place - 2 * batch) + 5 * base(place - batch) + base(place)
      }, shape: bases.shape)
  }

  /// What it says of each base.
  package func labels(_ bases: [Int]) -> [Int] {
    noGrad { self(Indices(bases).reshaped([bases.count, 1])) }.value.argmax(axis: 1).values
  }
}

/// Trains on sequences that are made as they are needed: half of the steps on a few codons, since
/// counting in threes is found there, then on longer and longer strands up to `longest` bases.
package func train(
  _ model: Ribosome, steps: Int, longest: Int, each: (_ done: Int, _ total: Int) -> Void
) {
  let optimizer = Adam(model.parameters(), learningRate: 0.01)
  let schedule = OneCycleLR(optimizer, maxLR: 0.01, totalSteps: steps, warmUp: 0.1)
  for step in 1...steps {
    let length = 18 + (longest - 18) * max(0, 2 * step - steps) / steps
    let sequences = (0..<64).map { place in
      // Half of them begin with ATG, so that there is more to translate than in chance's.
      Reading.sequence(length, beginsInside: place % 2 == 0, generator: .default)
    }
    let labels = sequences.map(Reading.labels)
    func timeMajor(_ rows: [[Int]]) -> Indices {
      Indices((0..<length).flatMap { time in rows.map { $0[time] } }, shape: [length, rows.count])
    }
    optimizer.zeroGrad()
    let targets = timeMajor(labels)
    let loss = crossEntropy(model(timeMajor(sequences)), targets.reshaped([targets.count]))
    loss.backward()
    clipGradNorm(optimizer.parameters, maxNorm: 1)
    optimizer.step()
    schedule.step()
    each(step, steps)
  }
}

/// The most frequent label after each window of bases.
package struct WindowTable: Sendable {
  package let width: Int
  private var counts: [Int: [Int: Int]] = [:]
  private let most: Int

  package init(width: Int, sequences: [[Int]]) {
    self.width = width
    var all: [Int: Int] = [:]
    for bases in sequences {
      for (place, label) in Reading.labels(bases).enumerated() {
        counts[Self.key(bases, place, width), default: [:]][label, default: 0] += 1
        all[label, default: 0] += 1
      }
    }
    most = Self.best(all)
  }

  package func labels(_ bases: [Int]) -> [Int] {
    bases.indices.map { counts[Self.key(bases, $0, width)].map(Self.best) ?? most }
  }

  private static func best(_ counts: [Int: Int]) -> Int {
    counts.max { ($0.value, $1.key) < ($1.value, $0.key) }!.key
  }

  /// The window as a number in base 5; 4 stands before the beginning.
  private static func key(_ bases: [Int], _ place: Int, _ width: Int) -> Int {
    (0..<width).reduce(0) { 5 * $0 + (place >= $1 ? bases[place - $1] : 4) }
  }
}
