import Foundation
import Sequences
import Training

/// The networks: those of the first fold tell whether characters or words are read.
struct Reading {
  private let classifier: TextClassifier
  private let texts: LabeledTexts
  private let folds: [Fold]

  init(_ classifier: TextClassifier, _ texts: LabeledTexts, _ folds: [Fold]) {
    (self.classifier, self.texts, self.folds) = (classifier, texts, folds)
  }

  /// - Returns: the networks, and the log-probabilities of the texts left out, fold after fold.
  func fitted(progress: (Double) -> Void) -> (reader: FittedReader, scores: [[Double]]) {
    let forms = forms
    let jobs = forms.count + folds.count - 1
    let first = concurrently(
      forms.count, threads: classifier.threads,
      progress: { progress($0 * Double(forms.count) / Double(jobs)) }
    ) { [self] in train(forms[$0], fold: 0, $1) }
    let best = first.map { $0.map(\.loss).min()! }.leastPlace
    let others = concurrently(
      folds.count - 1, threads: classifier.threads,
      progress: { progress((Double(forms.count) + $0 * Double(folds.count - 1)) / Double(jobs)) }
    ) { [self] in train(forms[best], fold: $0 + 1, $1) }
    let all = [first[best]] + others
    // A part's own loss is least by luck, too: the others say after which epoch it is asked.
    let epochs = all.map(\.count).min()!
    let losses = (0..<epochs).map { epoch in all.map { $0[epoch].loss } }
    let kept = losses.map { $0.reduce(0, +) }.leastPlace
    let asked = all.indices.map { part in
      all.count == 1 ? kept : losses.map { $0.reduce(0, +) - $0[part] }.leastPlace
    }
    let recipe = recipe(forms[best], fold: 0)
    let reader = FittedReader(
      form: recipe.form, vocabulary: recipe.vocabulary(texts.texts), limit: recipe.limit,
      embeddingSize: recipe.embeddingSize, hiddenSize: recipe.hiddenSize,
      classes: texts.classes.count,
      networks: all.map { trained in
        trained[kept].weights.sorted { $0.key.precedes($1.key) }.map {
          StoredArray($0.key, $0.value)
        }
      })
    let scores = zip(all, asked).flatMap { $0[$1].scores }
    return (reader, scores)
  }

  /// Words are tried where most texts have several.
  private var forms: [TextForm] {
    let sample = texts.texts.prefix(2000)
    let words = sample.reduce(0) { $0 + TextForm.words.tokens(of: $1, atMost: 20).count }
    let some = classifier.forms.filter { $0 == .characters || words >= 2 * sample.count }
    return some.isEmpty ? classifier.forms : some
  }

  private func recipe(_ form: TextForm, fold: Int) -> ReaderRecipe {
    ReaderRecipe(
      form: form, limit: form == .characters ? 250 : 200,
      embeddingSize: classifier.embeddingSize, hiddenSize: classifier.hiddenSize,
      budget: classifier.budget, seed: classifier.seed &+ UInt64(fold))
  }

  private func train(
    _ form: TextForm, fold: Int, _ progress: (Double) -> Void
  ) -> [TrainedEpoch] {
    let recipe = recipe(form, fold: fold), vocabulary = recipe.vocabulary(texts.texts)
    let tokens = texts.texts.map {
      vocabulary.encode(form.tokens(of: $0, atMost: recipe.limit))
    }
    return recipe.trained(
      tokens, texts.labels, training: folds[fold].training, validation: folds[fold].validation,
      vocabularySize: vocabulary.count, classes: texts.classes.count, progress: progress)
  }
}

/// The judges that count.
struct BagChoice {
  private let classifier: TextClassifier
  private let texts: LabeledTexts
  private let folds: [Fold]

  init(_ classifier: TextClassifier, _ texts: LabeledTexts, _ folds: [Fold]) {
    (self.classifier, self.texts, self.folds) = (classifier, texts, folds)
  }

  /// Naive Bayes over the features, and support vectors where they are more than single tokens; each
  /// learned from all texts, with its scores of the texts left out, fold after fold.
  func fitted(_ features: BagFeatures) -> [(bag: BagModel, scores: [[Double]])] {
    let classes = texts.classes.count, labels = texts.labels
    let keys = texts.texts.map { features.keys(of: $0) }
    let limit = max(4096, min(1 << 16, (1 << 22) / classes))
    let withVectors = features == .characterNGrams || features == .wordPairs
    let alphas = [1, 0.3, 0.1, 0.03]
    var bayes = alphas.map { _ in [[Double]]() }, vectors: [[Double]] = []
    for fold in folds {
      let bags = Bags(keys, features, counting: fold.training, limit: limit)
      let held = fold.validation.map { bags.bags[$0] }
      let parts = concurrently(
        alphas.count + (withVectors ? 1 : 0), threads: classifier.threads
      ) { [seed = classifier.seed] place, _ in
        let model =
          place < alphas.count
          ? bags.naiveBayes(labels, fold.training, classes: classes, alpha: alphas[place])
          : bags.supportVectors(labels, fold.training, classes: classes, seed: seed, threads: 2)
        let scorer = BagScorer(model)
        return held.map(scorer.scores)
      }
      for (place, scores) in parts.enumerated() {
        if place < alphas.count { bayes[place] += scores } else { vectors += scores }
      }
    }
    let truth = folds.flatMap(\.validation).map { labels[$0] }
    let right = bayes.map { rightCount($0, truth) }
    let best = right.indices.reduce(0) { right[$1] > right[$0] ? $1 : $0 }
    let all = Array(texts.texts.indices)
    let bags = Bags(keys, features, counting: all, limit: limit)
    var fitted = [
      (bags.naiveBayes(labels, all, classes: classes, alpha: alphas[best]), bayes[best])
    ]
    if withVectors {
      fitted.append(
        (
          bags.supportVectors(
            labels, all, classes: classes, seed: classifier.seed, threads: classifier.threads),
          vectors
        ))
    }
    return fitted
  }
}
