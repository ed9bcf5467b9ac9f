import Foundation
import Unroll

/// Names of 18 languages, four fifths to learn from, the rest to be judged by.
package struct SurnameData: Sendable {
  package let languages: [String]
  package let training, test: [(name: String, language: Int)]
  package let isReal: Bool

  /// Collected names where a data folder has them; else names made up for the project.
  package init(data: URL?, quick: Bool) throws {
    let lists: [(language: String, names: [String])]
    if let folder = DataFolder(data), folder.has(.surnames) {
      (lists, isReal) = (try folder.surnames(), true)
      let count = lists.reduce(0) { $0 + $1.names.count }
      if lists.count < 2 || count < 100 {
        throw DatasetError(
          file: folder.url.appendingPathComponent("names").path,
          problem: "\(count) names in \(lists.count) languages; 100 in 2 are needed")
      }
    } else {
      (lists, isReal) = (madeUpSurnames(Generator(seed: 1)), false)
    }
    languages = lists.map(\.language)
    let all = lists.enumerated().flatMap { number, list in list.names.map { ($0, number) } }
    // The same names are held back in every run, whatever its seed.
    let order = Generator(seed: 2).permutation(all.count).prefix(quick ? 2_000 : all.count)
    let cut = order.count * 4 / 5
    training = order[..<cut].map { all[$0] }
    test = order[cut...].map { all[$0] }
  }

  /// The letters of the names to learn from that come at least twice, after one number for all
  /// others.
  package var letters: Vocabulary {
    Vocabulary(
      counting: training.flatMap { $0.name.map(String.init) }, minimumFrequency: 2)
  }

  /// Whether a test name is also among those to learn from.
  var seen: [Bool] {
    let known = Set(training.map { "\($0.language) \($0.name)" })
    return test.map { known.contains("\($0.language) \($0.name)") }
  }
}

extension Vocabulary {
  /// A name's letters as numbers.
  func encode(letters name: String) -> [Int] { encode(name.map(String.init)) }

  func encode(_ names: [(name: String, language: Int)]) -> LabeledTokens {
    LabeledTokens(names.map { encode(letters: $0.name) }, labels: names.map(\.language))
  }
}

/// The three-letter pieces of a name, its ends marked: `^Le`, `Lee`, `ee$`.
package func letterTriples(_ name: String) -> [String] {
  let letters = Array("^\(name)$")
  return letters.indices.dropLast(2).map { String(letters[$0...($0 + 2)]) }
}
