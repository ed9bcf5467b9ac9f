import Training

/// How a text classifier does on texts that it did not learn from.
public struct TextEvaluation: Sendable {
  /// Rows the true classes, columns what was said.
  public let matrix: ConfusionMatrix
  /// `[text][class]`.
  public let probabilities: [[Double]]
  /// What each of the model's judges says alone.
  public let ofEach: [ConfusionMatrix]
  /// What one has who always says the commonest class.
  public let majority: ConfusionMatrix

  /// The share of texts whose class was said.
  public var accuracy: Double { matrix.accuracy }
  /// The share of right predictions that 95 of 100 such sets of texts would tell.
  public var accuracyInterval: ClosedRange<Double> {
    proportionInterval(Int((accuracy * Double(matrix.total)).rounded()), of: matrix.total)
  }
}

extension TextClassifierModel {
  /// Predicts texts whose classes are known. They are numbered as the model's.
  public func evaluate(_ texts: LabeledTexts) -> TextEvaluation {
    guard texts.classes == classes else {
      wrongUse("evaluate: classes \(texts.classes), expected \(classes); see renumbered(_:)")
    }
    let predictor = TextPredictor(self)
    func matrix(_ said: [Int]) -> ConfusionMatrix {
      var matrix = ConfusionMatrix(classes: classes.count)
      for (said, truth) in zip(said, texts.labels) { matrix.add(said, actual: truth) }
      return matrix
    }
    let probabilities = predictor.probabilities(texts.texts)
    return TextEvaluation(
      matrix: matrix(probabilities.map(\.largestPlace)), probabilities: probabilities,
      ofEach: predictor.predictions(ofEach: texts.texts).map(matrix),
      majority: matrix(texts.labels.map { _ in majority }))
  }
}
