extension Exercise {
  /// Beside this file stands in other languages what is common to all.
  static let listFile = #filePath

  /// All, in the order of the chapters.
  package static let all: [Exercise] = [
    windowsExercise, splitBeforeScalingExercise, seasonalDifferenceExercise,
    seasonalInverseExercise, paddingExercise,

    tanhDerivativeExercise, softmaxExercise, crossEntropyExercise, autogradExercise,
    rnnStepExercise, rnnSequenceExercise, bpttExercise, truncatedBpttExercise, clipByNormExercise,

    lstmStepExercise, lstmBackwardExercise, peepholeExercise, forgetBiasExercise,

    gruStepExercise, gruResetBeforeExercise,

    deepExercise, bidirectionalExercise, packingExercise, lastStepExercise, adamExercise,
    perplexityExercise, samplingExercise,

    attentionExercise, beamSearchExercise, ctcExercise, beatLastYearExercise,
  ]
}
