import Foundation
import Testing

import fuzz

/// A few thousand blind inputs for each reader; `.ci/fuzz` gives them many more, guided.
struct FuzzTests {
  @Test(arguments: Reader.all.map(\.name))
  func `a reader takes its seeds and what is made of them`(name: String) throws {
    let reader = try #require(Reader.all.first { $0.name == name })
    let seeds = try reader.seeds()
    for seed in seeds { reader.take(seed) }
    var mutator = Mutator(seeds, seed: 7)
    for _ in 0..<500 { reader.take(mutator.next()) }
  }
}
