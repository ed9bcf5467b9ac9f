import Testing
import Training

@Suite struct RepetitionTests {
  @Test func theShareOfRunsSeenBefore() {
    // ab bc ca ab bc cd: two of six again.
    #expect(abs(repeatedShare(ofRuns: 2, in: Array("abcabcd")) - 1.0 / 3) < 1e-15)
    #expect(repeatedShare(ofRuns: 1, in: [1, 2, 3]) == 0)
    #expect(repeatedShare(ofRuns: 3, in: [7, 7, 7, 7, 7, 7]) == 0.75)
    #expect(repeatedShare(ofRuns: 4, in: [1, 2, 3]).isNaN)
  }

  @Test func theCircleAtTheEnd() throws {
    let circle = try #require(endingCycle(of: Array("so on and on and on and ")))
    #expect(circle == (length: 7, start: 2))
    // The circle may end in the middle of a round.
    #expect(try #require(endingCycle(of: Array("xabcabcabca"))) == (length: 3, start: 1))
    #expect(endingCycle(of: Array("abcabcabcd")) == nil)
    #expect(endingCycle(of: Array("xabab")) == nil)
    #expect(try #require(endingCycle(of: Array("xabab"), times: 2)) == (length: 2, start: 1))
    #expect(try #require(endingCycle(of: [5, 5, 5])) == (length: 1, start: 0))
    #expect(endingCycle(of: [Int]()) == nil)
  }
}
