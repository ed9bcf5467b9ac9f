import Exercises
import Foundation
import Testing

/// All exercises, walked through with programs that only play a reader's: each mistake is caught and
/// named, with every seed, and the solution passes.
struct ExerciseTests {
  static let seeds: [UInt64] = [1, 2, 3]

  /// The solution answers golden values of PyTorch, central differences and odd arguments.
  @Test(arguments: Exercise.all.map(\.id))
  func theSolutionPasses(_ id: String) throws {
    let exercise = try #require(Exercise.named(id))
    for seed in Self.seeds {
      #expect(exercise.check(Rehearsal(of: exercise), seed: seed) == .right, "seed \(seed)")
    }
  }

  @Test(arguments: Exercise.all.map(\.id))
  func eachMistakeIsNamed(_ id: String) throws {
    let exercise = try #require(Exercise.named(id))
    let solution = Rehearsal(of: exercise)
    _ = exercise.check(solution, seed: 1)
    #expect(solution.known.count >= 4)
    for mistake in solution.known {
      for seed in Self.seeds {
        let verdict = exercise.check(Rehearsal(of: exercise, making: mistake), seed: seed)
        guard case .wrong(let line) = verdict else {
          Issue.record("seed \(seed) does not see: \(mistake)")
          continue
        }
        #expect(line.hasSuffix(mistake), "seed \(seed), \(mistake)")
        #expect(!line.contains("\n"))
      }
    }
  }

  /// A sentence names one mistake, ends as one, and is long enough to teach.
  @Test func sentences() {
    for exercise in Exercise.all {
      let solution = Rehearsal(of: exercise)
      _ = exercise.check(solution, seed: 1)
      for mistake in solution.known {
        #expect(mistake.hasSuffix(".") && mistake.count > 15, "\(exercise.id): \(mistake)")
      }
    }
  }

  @Test func thereAreEnoughForAllChapters() {
    #expect(Exercise.all.count >= 25)
    #expect(Set(Exercise.all.map(\.id)).count == Exercise.all.count)
    #expect(Exercise.all.map(\.chapter) == Exercise.all.map(\.chapter).sorted())
    #expect(Set(Exercise.all.map(\.chapter)) == Set(1...6))
    #expect(Set(Exercise.all.map(\.minutes)).isSuperset(of: [10, 90]))
    for exercise in Exercise.all { #expect(exercise.hints.count >= 2, "\(exercise.id)") }
  }

  /// Whatever is wrong without being known still has its place, what is expected and what came.
  @Test func whatNoMistakeExplains() throws {
    final class Zeros: Answering {
      let answer: String
      init(_ answer: String) { self.answer = answer }
      func answer(_ arguments: Data, to question: Question) -> Data { Data(answer.utf8) }
    }
    func said(_ id: String, _ answer: String) throws -> String {
      guard
        case .wrong(let line) = try #require(Exercise.named(id)).check(Zeros(answer), seed: 1)
      else { return "" }
      return line
    }
    #expect(
      try said("rnn-step", #"[{"rows":2,"columns":4,"numbers":[0,0,0,0,0,0,0,0]}]"#)
        .hasSuffix(", got 0. All of it is 0."))
    #expect(
      try said("rnn-step", #"[{"rows":4,"columns":2,"numbers":[1,2,3,4,5,6,7,8]}]"#)
        == "h′: expected shape [2, 4], got [4, 2].")
    #expect(
      try said("rnn-step", #"[{"rows":2,"columns":4,"numbers":[]}]"#)
        == "h′: shape [2, 4] needs 8 numbers, got 0.")
    #expect(try said("seasonal-difference", "[[1]]").contains(" elements, got 1."))
    #expect(
      try said("perplexity", #"["nan"]"#).hasSuffix(
        ", got nan. There are results that are no "
          + "numbers (nan): 0/0, ∞ − ∞ or the logarithm of a negative."))
    #expect(try said("perplexity", "{").contains("is no result"))
    #expect(try said("perplexity", "\"signature\"").contains("put its first line back"))
  }
}
