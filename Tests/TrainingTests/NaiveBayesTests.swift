import Foundation
import Testing
import Training

/// Values of scikit-learn 1.9's `MultinomialNB`.
struct NaiveBayesTests {
  private let bags = [[0, 0, 1], [2, 0, 2, 2], [2, 3, 3], [3, 1], [0, 3, 0, 0]]
  private let labels = [0, 1, 2, 2, 0]
  private let unseen = [[1, 0], [2, 3, 2], [], [1, 1, 1, 1]]

  private func expect(_ found: [Double], _ expected: [Double]) {
    #expect(found.count == expected.count)
    for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-13, "\(a) \(b)") }
  }

  @Test func `probabilities of features, priors, and of unseen bags`() {
    let bayes = MultinomialNaiveBayes(fitting: bags, labels: labels, classes: 3, features: 4)
    expect(bayes.classLogPrior, [-0.916290731874155, -1.6094379124341003, -0.916290731874155])
    expect(
      bayes.featureLogProbability.flatMap { $0 },
      [
        -0.6061358035703157, -1.7047480922384253, -2.3978952727983707, -1.7047480922384253,
        -1.3862943611198904, -2.0794415416798357, -0.6931471805599452, -2.0794415416798357,
        -2.1972245773362196, -1.5040773967762742, -1.5040773967762742, -0.810930216216329,
      ])
    let found = bayes.logProbabilities(unseen)
    #expect(found.shape == [4, 3] && found.dtype == .float64)
    expect(
      found.doubles,
      [
        -0.3411208982235405, -2.189120085774471, -1.7315389765272933,
        -3.258279118034176, -0.916623563558681, -0.5768254899678871,
        -0.9162907318741551, -1.6094379124341005, -0.9162907318741551,
        -1.2069348782785196, -3.398855856604106, -0.4042520964299152,
      ])
    #expect(bayes.predict(unseen).values == [0, 2, 0, 2])
  }

  @Test func `another alpha, and classes that are alike beforehand`() {
    let bayes = MultinomialNaiveBayes(
      fitting: bags, labels: labels, classes: 3, features: 4, alpha: 0.3, fitPrior: false)
    expect(bayes.classLogPrior, [Double](repeating: -1.0986122886681098, count: 3))
    expect(
      bayes.logProbabilities(unseen).doubles,
      [
        -0.2149244762791671, -2.175653043797528, -2.527434376724856,
        -5.397126855545862, -0.7012467926940715, -0.6941399272965807,
        -1.0986122886681098, -1.0986122886681098, -1.0986122886681098,
        -1.4054364792744272, -5.448882639716833, -0.28709703039778134,
      ])
  }

  @Test func `counts that are not whole`() {
    let counts = NDArray([0.5, 0.25, 0, 0, 1, 0.125, 0.75, 0, 1], shape: [3, 3], dtype: .float64)
    let bayes = MultinomialNaiveBayes(
      fitting: counts, labels: [0, 1, 1], classes: 2, alpha: 0.5)
    expect(
      bayes.featureLogProbability.flatMap { $0 },
      [
        -0.8109302162163288, -1.0986122886681096, -1.5040773967762742,
        -1.252762968495368, -1.0704414117014134, -0.990398704027877,
      ])
    let unseen = NDArray([0.5, 0, 0.25, 0, 0.1, 3], shape: [2, 3], dtype: .float64)
    expect(
      bayes.logProbabilities(unseen).doubles,
      [-1.0379079838539067, -0.4372575062463817, -2.3384537294403063, -0.10145338293849981])
    #expect(bayes.predict(unseen).values == [1, 1])
  }

  @Test func `bags and their counts are the same`() {
    var rows: [[Double]] = []
    for bag in bags { rows.append((0..<4).map { feature in Double(bag.count { $0 == feature }) }) }
    let counts = NDArray(rows.flatMap { $0 }, shape: [5, 4])
    let byBags = MultinomialNaiveBayes(fitting: bags, labels: labels, classes: 3, features: 4)
    let byCounts = MultinomialNaiveBayes(fitting: counts, labels: Indices(labels), classes: 3)
    #expect(byBags == byCounts)
    expect(byBags.logProbabilities(bags).doubles, byCounts.logProbabilities(counts).doubles)
    #expect(byBags.logProbabilities([[Int]]()).shape == [0, 3])
  }

  @Test func `a class without examples is never predicted`() {
    let bayes = MultinomialNaiveBayes(
      fitting: [[0], [1]], labels: [0, 2], classes: 3, features: 2)
    #expect(bayes.classLogPrior[1] == -.infinity)
    let found = bayes.logProbabilities([[0, 1, 1]])
    #expect(found[0, 1].item == -.infinity)
    #expect(abs(found.exp().sum().item - 1) < 1e-14)
  }

  @Test func `what cannot be counted is named`() async {
    await #expect(processExitsWith: .failure) {
      _ = MultinomialNaiveBayes(fitting: [[0, 4]], labels: [0], classes: 1, features: 4)
    }
    await #expect(processExitsWith: .failure) {
      _ = MultinomialNaiveBayes(fitting: [[0]], labels: [2], classes: 2, features: 4)
    }
    await #expect(processExitsWith: .failure) {
      _ = MultinomialNaiveBayes(fitting: [[0]], labels: [0], classes: 1, features: 1, alpha: 0)
    }
    await #expect(processExitsWith: .failure) {
      let counts = NDArray([1, -1], shape: [1, 2])
      _ = MultinomialNaiveBayes(fitting: counts, labels: [0], classes: 1)
    }
  }
}
