import Applications
import Testing
import Unroll

@Suite struct DNATests {
  private func bases(_ text: String) -> [Int] {
    text.map { Reading.bases.firstIndex(of: $0)! }
  }

  /// Some of NCBI's table 1, and how often each meaning comes in it.
  @Test func theGeneticCode() {
    let known: [String: Character] = [
      "ATG": "M", "TGG": "W", "TAA": "*", "TAG": "*", "TGA": "*", "GCT": "A", "TTT": "F",
      "TTA": "L", "CTG": "L", "AGC": "S", "TCA": "S", "CGA": "R", "AGA": "R", "GGG": "G",
      "AAA": "K", "GAC": "D", "ATA": "I", "CAT": "H", "CCC": "P", "TGC": "C", "TAC": "Y",
    ]
    for (codon, symbol) in known {
      #expect(Reading.symbol(Reading.meaning(bases(codon))) == symbol, "\(codon)")
    }
    var counts: [Character: Int] = [:]
    for codon in 0..<64 {
      let meaning = Reading.meaning([codon / 16, codon / 4 % 4, codon % 4])
      counts[Reading.symbol(meaning), default: 0] += 1
    }
    #expect(counts["L"] == 6 && counts["S"] == 6 && counts["R"] == 6 && counts["*"] == 3)
    #expect(counts["M"] == 1 && counts["W"] == 1 && counts["I"] == 3 && counts.count == 21)
  }

  @Test func theRule() {
    func told(_ strand: String) -> String {
      String(Reading.labels(bases(strand)).map(Reading.symbol))
    }
    #expect(told("CATGGCTTAACATGA") == "...M--A--*...M-")
    // A start inside a frame is an M like any other; a stop outside is nothing.
    #expect(told("TAATGATGTGA") == "....M--M--*")
    #expect(told("AT") == ".." && told("") == "")
  }

  @Test func triples() {
    let words = Ribosome.triples(Indices([[0, 1], [2, 3], [1, 0]]))
    #expect(words == Indices([[120, 121], [102, 108], [11, 40]]))
  }

  @Test func sequences() {
    let strand = Reading.sequence(30, beginsInside: true, generator: Generator(seed: 2))
    #expect(strand.count == 30 && strand.prefix(3) == [0, 3, 2])
    #expect(Reading.labels(strand)[2] == Reading.meaning([0, 3, 2]))
    // Windows as wide as all that matters know the answer.
    let table = WindowTable(width: 8, sequences: [strand])
    #expect(table.labels(strand).prefix(8) == Reading.labels(strand).prefix(8))
  }

  @Test func aRibosomeLearns() {
    Generator.default.seed(3)
    let model = Ribosome()
    let strand = Reading.sequence(400, generator: Generator(seed: 1))
    func right() -> Int { zip(model.labels(strand), Reading.labels(strand)).count { $0 == $1 } }
    let before = right()
    train(model, steps: 40, longest: 30) { _, _ in }
    #expect(before < 100 && right() > 150)
  }
}
