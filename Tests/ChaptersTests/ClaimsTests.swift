import Foundation
import TestSupport
import Testing
import ThisBook
import Unroll

/// What the pages say in every run holds with other seeds too. What they say in full runs only, `.ci/claims`
/// looks at.
@Suite struct ClaimsTests {
  @Test(arguments: Book.unroll.programs.filter { $0 != "applications" }, [[], ["2"], ["3"]])
  func noSentenceIsContradicted(_ program: String, seed: [String]) throws {
    let scratch = Scratch()
    let outcome = try run(
      program,
      ["--quick", "--quiet", "--format", "md", "--output", scratch.path]
        + seed.flatMap { ["--seed", $0] }
        // The last is told in Chinese, of which nothing lacks.
        + (seed == ["3"] ? ["--language", "zh"] : []))
    #expect(outcome.status == 0, "\(outcome.errors)")
    for sign in ["contradicts", "矛盾", "译文", "正文"] {
      #expect(!outcome.errors.contains(sign), "\(outcome.errors)")
    }
  }
}
