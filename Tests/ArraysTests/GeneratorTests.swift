import Arrays
import Foundation
import Testing

@Suite struct GeneratorTests {
  /// Draws from the default generator as layers and arrays do.
  static func run(_ seed: UInt64) -> [Double] {
    Generator.withDefault(seed: seed) {
      (0..<500).flatMap { _ in NDArray.normal([3], dtype: .float64).doubles }
        + Generator.default.permutation(20).map(Double.init)
    }
  }

  @Test func aRunOfItsOwnIsThatOfItsSeed() {
    let expected = NDArray.normal([3], dtype: .float64, generator: Generator(seed: 3)).doubles
    #expect(Self.run(3).prefix(3) == expected[...])
  }

  @Test func tasksAtOnceDrawAsTheyDoInTurn() async {
    let inTurn = (0..<8).map { Self.run(UInt64($0)) }
    let atOnce = await withTaskGroup(of: (Int, [Double]).self) { group in
      for seed in 0..<8 { group.addTask { (seed, Self.run(UInt64(seed))) } }
      return await group.reduce(into: [Int: [Double]]()) { $0[$1.0] = $1.1 }
    }
    #expect((0..<8).map { atOnce[$0] } == inTurn)
  }

  @Test func threadsAtOnceDrawAsTheyDoInTurn() {
    let inTurn = Self.run(5)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in #expect(Self.run(5) == inTurn) }
  }

  @Test func aTaskKeepsItsOwnWhileItWaits() async {
    func draw() async -> [Double] {
      await Generator.withDefault(seed: 4) {
        var numbers: [Double] = []
        for _ in 0..<50 {
          numbers.append(Generator.default.uniform())
          await Task.yield()
        }
        return numbers
      }
    }
    let alone = await draw()
    async let first = draw(), second = draw()
    #expect(await first == alone)
    #expect(await second == alone)
  }

  @Test func scopesNestAndEnd() {
    let outer = Generator.default
    struct Stop: Error {}
    Generator.withDefault(seed: 1) {
      let own = Generator.default
      #expect(own !== outer)
      #expect(throws: Stop.self) {
        try Generator.withDefault(seed: 2) {
          #expect(Generator.default !== own)
          throw Stop()
        }
      }
      #expect(Generator.default === own)
    }
    #expect(Generator.default === outer)
  }

  @Test func aStateThatStandsStillIsRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Generator(seed: 1).savedState = [0, 0, 0, 0, 0, 0]
    }
    let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(said.contains("Generator: [0, 0, 0, 0, 0, 0] is no saved state"))
  }
}
