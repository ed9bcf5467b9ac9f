import Foundation

/// What the check of one exercise has to say.
package struct Report: Codable, Sendable {
  package enum State: String, Codable, Sendable {
    case right, wrong
    case doesNotCompile = "does not compile"
    case notBegun = "not begun"
  }

  package let exercise: String
  package let chapter: Int
  package let title: String
  package let state: State
  /// What is wrong, line by line.
  package let problems: [String]
  /// What the program printed, the beginning of it.
  package let printed: String
}

extension WorkbookFolder {
  /// Builds and checks one exercise, and keeps the outcome.
  package func check(
    _ exercise: Exercise, seed: UInt64, language: String = "en",
    limits: ChildProgram.Limits = .init()
  ) throws -> Report {
    let words = exercise.words(in: language)
    func report(_ state: Report.State, _ problems: [String] = [], _ printed: String = "") -> Report
    {
      Report(
        exercise: exercise.id, chapter: exercise.chapter, title: words.told(exercise.title),
        state: state, problems: problems, printed: printed)
    }
    let placeholder = words.told(#"it still says fatalError("your turn")"#)
    let file = file(of: exercise)
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw WorkbookError("\(file.path) is not there; 'unroll start \(path)' lays it anew")
    }
    guard try isBegun(exercise) else { return report(.notBegun, [placeholder]) }
    let result: Report
    do {
      let program = try ChildProgram(build(exercise), in: path, limits: limits)
      switch exercise.check(program, seed: seed, words: words) {
      case .right: result = report(.right, [], program.printed)
      case .wrong(let line): result = report(.wrong, [line], program.printed)
      case .notBegun: result = report(.notBegun, [placeholder], program.printed)
      }
    } catch let failure as BuildFailure {
      result = report(.doesNotCompile, failure.lines)
    }
    try update { progress in
      progress[exercise].checks += 1
      progress[exercise].isRight = result.state == .right
      if result.state == .right, progress[exercise].firstRight == nil {
        // Whole seconds, as it is kept.
        progress[exercise].firstRight = Date(
          timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.down))
      }
    }
    return result
  }
}
