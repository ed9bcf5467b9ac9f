import Foundation

/// Programs that only play a reader's, for the tests: one that is right, and one that makes a mistake.
package final class Rehearsal: Answering {
  private let exercise: Exercise
  private let mistake: String?
  /// The mistakes that the checks have asked for so far, in order.
  package private(set) var known: [String] = []

  /// - Parameter mistake: the sentence of the mistake to make wherever it can be made.
  package init(of exercise: Exercise, making mistake: String? = nil) {
    (self.exercise, self.mistake) = (exercise, mistake)
  }

  package func answer(_ arguments: Data, to question: Question) throws -> Data {
    known += question.mistakes.map(\.sentence).filter { !known.contains($0) }
    let made = question.mistakes.first { $0.sentence == mistake }?.answer
    return try made ?? exercise.solved(arguments)
  }
}
