import Foundation
import Testing
import Training

/// Values of scikit-learn and seqeval.
struct FurtherMetricsTests {
  private let predictions = [2.5, 0, 2, 8], targets = [3, -0.5, 2, 7]

  @Test func `errors in relation to the target`() {
    #expect(abs(MeanAbsolutePercentageError()(predictions, targets) - 0.3273809523809524) < 1e-15)
    #expect(
      abs(SymmetricMeanAbsolutePercentageError()(predictions, targets) - 0.5787878787878787)
        < 1e-15)
    #expect(SymmetricMeanAbsolutePercentageError()([0], [0]) == 0)
    #expect(abs(R2Score()(predictions, targets) - 0.9486081370449679) < 1e-15)
    #expect(R2Score()([2, 2], [2, 2]) == 1)
    #expect(R2Score()([2, 1], [2, 2]) == 0)
  }

  @Test func `an error scaled by the naive forecast's`() {
    let training = [1.0, 3, .nan, 2, 6, 5]
    // Steps that are there: 2, 4, 1; two apart: 1, 4 − wait for 3 (3 → 2 is 1, 2 → 5 is 3).
    let plain = MeanAbsoluteScaledError(training: training)
    #expect(abs(plain.scale - 7.0 / 3) < 1e-15)
    #expect(MeanAbsoluteScaledError(training: training, season: 2).scale == 2)
    #expect(abs(plain([1, 2], [2, 4]) - 1.5 / (7.0 / 3)) < 1e-15)
  }

  @Test func `the variance explained, batch by batch`() {
    var whole = R2Score(), parts = R2Score()
    // Far from zero, where a difference of sums of squares would be noise.
    let t = (0..<1000).map { 1e8 + sin(Double($0)) }
    let p = t.map { $0 + 0.1 * cos($0) }
    whole.update(NDArray(p, dtype: .float64), .values(NDArray(t, dtype: .float64)))
    for start in stride(from: 0, to: 1000, by: 70) {
      let range = start..<min(start + 70, 1000)
      parts.update(
        NDArray(Array(p[range]), dtype: .float64),
        .values(NDArray(Array(t[range]), dtype: .float64)))
    }
    #expect(abs(whole.value - parts.value) < 1e-12)
    #expect(whole.value > 0.98 && whole.value < 0.999)
  }

  @Test func `edits from one word to another`() {
    func distance(_ a: String, _ b: String) -> Int { editDistance(Array(a), Array(b)) }
    #expect(distance("kitten", "sitting") == 3)
    #expect(distance("", "abc") == 3 && distance("abc", "") == 3 && distance("", "") == 0)
    #expect(distance("flaw", "lawn") == 2)
    #expect(errorRate([[1, 2, 3], [4]], [[1, 3], [4, 5]]) == 0.5)
  }

  @Test func `entities count with their label and both ends`() {
    #expect(
      entities(in: ["B-per", "I-per", "O", "I-loc", "B-loc", "I-per"]) == [
        Entity("per", 0..<2), Entity("loc", 3..<4), Entity("loc", 4..<5), Entity("per", 5..<6),
      ])
    let scores = entityScores(
      [["O", "B-per", "I-per", "B-loc", "I-loc"], ["B-per", "I-loc", "O"]],
      [["O", "B-per", "I-per", "O", "B-loc"], ["B-per", "I-loc", "I-loc"]])
    #expect(scores.all.f1 == 0.5 && scores.all.support == 4)
    #expect(scores.byLabel.map(\.label) == ["loc", "per"])
    #expect(scores.byLabel.map(\.f1) == [0, 1])
  }

  @Test func `a report by class`() {
    var matrix = ConfusionMatrix(classes: 3)
    for (truth, predicted) in zip([0, 1, 2, 2, 2], [0, 0, 2, 2, 1]) {
      matrix.add(predicted, actual: truth)
    }
    #expect(
      matrix.report() == """
                       precision  recall     f1  support
                    0      0.500   1.000  0.667        1
                    1      0.000   0.000  0.000        1
                    2      1.000   0.667  0.800        3
             accuracy                     0.600        5
           macro mean      0.500   0.556  0.489        5
        weighted mean      0.700   0.600  0.613        5
        """)
  }
}
