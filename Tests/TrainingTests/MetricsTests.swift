import Foundation
import Testing
import Training

@Suite struct MetricsTests {
  @Test func errorsOfPlainNumbers() {
    let forecast = [1.0, 2, 4], truth = [1.0, 4, 1]
    #expect(abs(MeanSquaredError()(forecast, truth) - 13.0 / 3) < 1e-12)
    #expect(abs(RootMeanSquaredError()(forecast, truth) - (13.0 / 3).squareRoot()) < 1e-12)
    #expect(abs(MeanAbsoluteError()(forecast, truth) - 5.0 / 3) < 1e-12)
  }

  /// Ten values in batches of 7 and 3 must weigh as in one: the mean of the batches' means would not.
  @Test(arguments: [
    MeanSquaredError() as any Metric, RootMeanSquaredError(), MeanAbsoluteError(),
  ]) func unequalBatchesCountBySamples(_ metric: any Metric) {
    let generator = Generator(seed: 4)
    let a = NDArray.normal([10, 2], generator: generator)
    let b = NDArray.normal([10, 2], generator: generator)
    var gathered = metric
    gathered.update(a[0..<7], .values(b[0..<7]))
    gathered.update(a[7..<10], .values(b[7..<10]))
    #expect(abs(gathered.value - metric(a, b)) < 1e-12)
    gathered.reset()
    #expect(gathered.value.isNaN)
  }

  @Test func accuracyTakesTheLargestOnAxisOne() {
    let logits = NDArray([[0.1, 2, 0], [3, 1, 1], [0, 0.5, 0.4], [1, 0, 9]])
    #expect(Accuracy()(logits, [1, 0, 2, 2]) == 0.75)
    // Classes on axis 1 of three: [batch 1, classes 3, time 4].
    let overTime = logits.transposed.unsqueezed(0)
    #expect(Accuracy()(overTime, Indices([[1, 0, 2, 2]])) == 0.75)
  }

  @Test func accuracyOfTwoClassesComparesWithTheThreshold() {
    #expect(Accuracy()(NDArray([0.2, 0.7, 0.9, 0.4]), [0, 1, 0, 0]) == 0.75)
    #expect(Accuracy(threshold: 0)([0.3, -0.2], [1, 0]) == 1)
    #expect(Accuracy()(NDArray([0.2, 0.7]), NDArray([1, 1])) == 0.5)
  }

  /// Rows are true classes: 0 → 0, 0, 1; 1 → 1; 2 → 0, 2. scikit-learn's f1_score by hand:
  /// class 0: 2·2/(4 + 1 + 1) = 2/3, class 1: 2/(2 + 1) = 2/3, class 2: 2/(2 + 1) = 2/3.
  @Test func confusionMatrixCountsTrueClassesInRows() {
    var matrix = ConfusionMatrix(classes: 3)
    for (predicted, actual) in [(0, 0), (0, 0), (1, 0), (1, 1), (0, 2), (2, 2)] {
      matrix.add(predicted, actual: actual)
    }
    #expect(matrix.counts == [[2, 1, 0], [0, 1, 0], [1, 0, 1]])
    #expect(matrix.total == 6)
    #expect(abs(matrix.accuracy - 4.0 / 6) < 1e-12)
    #expect(abs(matrix.precision(of: 0) - 2.0 / 3) < 1e-12)
    #expect(matrix.recall(of: 1) == 1)
    #expect(matrix.precision(of: 1) == 0.5)
    for label in 0..<3 { #expect(abs(matrix.f1(of: label) - 2.0 / 3) < 1e-12) }
    #expect(
      matrix.table(labels: ["a", "b", "c"]) == """
        true \\ predicted  a  b  c
                       a  2  1  0
                       b  0  1  0
                       c  1  0  1
        """)
  }

  /// Predicted 1, 1, 0, 0, 1 for 1, 0, 0, 0, 0: F1 of class 1 is 2/(2 + 2) = ½, of class 0
  /// 4/(4 + 2) = 2/3.
  @Test func f1AveragesAsScikitLearnDoes() {
    let predictions = NDArray([0.9, 0.8, 0.1, 0.2, 0.7]), truth: Indices = [1, 0, 0, 0, 0]
    #expect(abs(F1Score(average: .binary)(predictions, truth) - 0.5) < 1e-12)
    #expect(abs(F1Score(average: .macro)(predictions, truth) - 7.0 / 12) < 1e-12)
    #expect(abs(F1Score(average: .micro)(predictions, truth) - 0.6) < 1e-12)
    #expect(
      abs(F1Score(average: .weighted)(predictions, truth) - (0.5 + 4 * 2.0 / 3) / 5) < 1e-12)
    // A third class that neither occurs nor is predicted does not drag the macro average down.
    let logits = NDArray([[0, 1, -9], [0, 1, -9], [1, 0, -9], [1, 0, -9], [0, 1, -9]])
    #expect(abs(F1Score(classes: 3)(logits, truth) - 7.0 / 12) < 1e-12)
  }

  /// What PyTorch ignores in its losses counts for nothing here either: the same figures as without.
  @Test func paddingCountsForNothing() {
    let logits = NDArray([[0.1, 2, 0], [3, 1, 1], [0, 9, 0], [0, 0.5, 0.4], [1, 0, 9]])
    let kept = NDArray([[0.1, 2, 0], [3, 1, 1], [0, 0.5, 0.4], [1, 0, 9]])
    for ignored in [-100, 7] {
      let labels: Indices = [1, 0, ignored, 2, 2]
      #expect(Accuracy(ignoreIndex: ignored)(logits, labels) == 0.75)
      #expect(
        F1Score(classes: 3, ignoreIndex: ignored)(logits, labels)
          == F1Score(classes: 3)(kept, [1, 0, 2, 2]))
      #expect(
        ConfusionMatrix(classes: 3, predictions: logits, targets: labels, ignoreIndex: ignored)
          == ConfusionMatrix(classes: 3, predictions: kept, targets: [1, 0, 2, 2]))
    }
    #expect(Accuracy()(NDArray([0.9, 0.2]), NDArray([-100, 0])) == 1)
    #expect(Accuracy()(logits, Indices([Int](repeating: -100, count: 5))).isNaN)
    #expect(F1Score(classes: 3)(NDArray.zeros([0, 3]), Indices([], shape: [0])).isNaN)
  }

  @Test func f1OverBatchesIsOfTheCountsNotOfTheScores() {
    var gathered = F1Score(classes: 2, average: .binary)
    gathered.update(NDArray([0.9, 0.8]), .classes([1, 0]))
    gathered.update(NDArray([0.1, 0.2, 0.7]), .classes([0, 0, 0]))
    #expect(abs(gathered.value - 0.5) < 1e-12)
  }

  @Test func perplexityOfEvenGuessesIsTheNumberOfClasses() {
    let even = NDArray.zeros([6, 28])
    #expect(abs(Perplexity()(even, [0, 1, 2, 3, 4, 5]) - 28) < 1e-4)
    // Padding counts for nothing.
    let logits = NDArray([[2, 0], [0, 5]])
    let expected = 1 + exp(-2.0)
    #expect(abs(Perplexity(ignoreIndex: 7)(logits, [0, 7]) - expected) < 1e-6)
  }

  @Test func shapesThatDoNotFitStopWithBoth() async {
    await #expect(processExitsWith: .failure) {
      _ = MeanSquaredError()(NDArray([1, 2, 3]), NDArray([[1, 2, 3]]))
    }
    await #expect(processExitsWith: .failure) {
      _ = Accuracy()(NDArray.zeros([4, 3]), [0, 1])
    }
    await #expect(processExitsWith: .failure) {
      _ = F1Score(classes: 3, average: .binary)
    }
  }
}
