import Unroll

/// Naive Bayes as a fair rival: what it adds to the counts is chosen on the last tenth of the
/// training examples, then all of them are counted.
func naiveBayesRival(
  _ bags: [[Int]], labels: [Int], classes: Int, features: Int
) -> MultinomialNaiveBayes {
  func fitted(_ range: Range<Int>, _ alpha: Double) -> MultinomialNaiveBayes {
    MultinomialNaiveBayes(
      fitting: Array(bags[range]), labels: Array(labels[range]), classes: classes,
      features: features, alpha: alpha)
  }
  let cut = bags.count * 9 / 10
  let right = [1, 0.3, 0.1, 0.03, 0.01].map { alpha -> (alpha: Double, right: Int) in
    let predicted = fitted(0..<cut, alpha).predict(Array(bags[cut...])).values
    return (alpha, zip(predicted, labels[cut...]).count { $0 == $1 })
  }
  let best = right.max { $0.right < $1.right }?.alpha ?? 1
  return fitted(0..<bags.count, best)
}
