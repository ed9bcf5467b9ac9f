import Foundation

/// Connectionist temporal classification (Graves et al. 2006): −log of the probability that a network's
/// outputs spell the target, summed over all ways to stretch it over the steps. Nobody needs to say
/// which step belongs to which label.
///
/// A path names a class, or the blank, at each step; repeated classes and then blanks are struck out.
/// With the target l′ = blank, l₁, blank, l₂, …, blank, the paths are summed by the forward variable
///
///     αₜ(s) = p(l′ₛ at t) · (αₜ₋₁(s) + αₜ₋₁(s−1) + αₜ₋₁(s−2) where l′ₛ is neither blank nor l′ₛ₋₂)
///
/// and by β likewise from the end. ∂L/∂a = p − Σ over s with l′ₛ = class of αₜ(s)·βₜ(s) / (pₜ · P), of the
/// logits a that `logSoftmax` made the input of: like PyTorch's, the gradient is right where the
/// input comes from there, and it is worked out in logarithms and in Double.
///
///     let loss = ctcLoss(logits.logSoftmax(axis: 2), labels, inputLengths: steps, targetLengths: n)
///
/// - Parameters:
///   - logProbabilities: `[time, batch, classes]`.
///   - targets: class numbers `[batch, length]`, padded behind with anything; none is the blank.
///   - inputLengths: the real time steps of each sequence; all if left out.
///   - targetLengths: the real labels of each target; all if left out.
///   - blank: the class that stands for nothing.
///   - reduction: `mean` divides each loss by its target's length (at least 1), then averages.
///   - zeroInfinity: whether a target that is too long for its steps, of infinite loss, counts as 0.
public func ctcLoss(
  _ logProbabilities: Tensor, _ targets: Indices, inputLengths: [Int]? = nil,
  targetLengths: [Int]? = nil, blank: Int = 0, reduction: Reduction = .mean,
  zeroInfinity: Bool = false
) -> Tensor {
  let shape = logProbabilities.shape
  guard shape.count == 3, targets.shape.count == 2, targets.shape[0] == shape[1] else {
    wrongUse(
      "ctcLoss: log-probabilities \(shape) and targets \(targets.shape), expected "
        + "[time, batch, classes] and [batch, length]")
  }
  let (steps, batch, classes, width) = (shape[0], shape[1], shape[2], targets.shape[1])
  let inputLengths = inputLengths ?? Array(repeating: steps, count: batch)
  let targetLengths = targetLengths ?? Array(repeating: width, count: batch)
  guard inputLengths.count == batch, inputLengths.allSatisfy((0...steps).contains),
    targetLengths.count == batch, targetLengths.allSatisfy((0...width).contains)
  else {
    wrongUse(
      "ctcLoss: lengths \(inputLengths) of \(steps) steps, \(targetLengths) of \(width) labels")
  }
  guard (0..<classes).contains(blank) else { wrongUse("ctcLoss: blank \(blank) of \(classes)") }

  let logP = logProbabilities.value.doubles
  var losses: [Double] = []
  var posteriors = [Double](repeating: 0, count: logP.count)
  for sequence in 0..<batch {
    let labels = (0..<targetLengths[sequence]).map { targets.values[sequence * width + $0] }
    guard labels.allSatisfy({ (0..<classes).contains($0) && $0 != blank }) else {
      wrongUse("ctcLoss: labels \(labels) with \(classes) classes and the blank \(blank)")
    }
    let lattice = CTCLattice(labels, blank: blank, steps: inputLengths[sequence]) { t, label in
      logP[(t * batch + sequence) * classes + label]
    }
    losses.append(lattice.loss)
    for t in 0..<inputLengths[sequence] {
      lattice.addPosteriors(at: t) {
        posteriors[(t * batch + sequence) * classes + $0] += $1
      }
    }
  }
  let isDropped = losses.map { zeroInfinity && $0 == .infinity }
  for (sequence, dropped) in isDropped.enumerated() where dropped { losses[sequence] = 0 }

  let dtype = logProbabilities.dtype
  let lengths = targetLengths.map { Double(max(1, $0)) }
  var value = NDArray(losses, dtype: dtype)
  var share = NDArray(isDropped.map { $0 ? 0 : 1 }, dtype: dtype)
  switch reduction {
  case .none: break
  case .sum: value = value.sum()
  case .mean:
    value = (value / NDArray(lengths, dtype: dtype)).mean()
    share = share / NDArray(lengths, dtype: dtype) / Double(max(1, batch))
  }
  return Tensor("ctcLoss", of: logProbabilities, value: value) { dy in
    // In Double, where a sure probability and its posterior can still be told apart.
    let differences = zip(logP, posteriors).map { exp($0) - $1 }
    let real = NDArray(
      (0..<steps).flatMap { t in inputLengths.map { t < $0 ? 1.0 : 0.0 } },
      shape: [steps, batch, 1],
      dtype: dtype)
    let each = (dy * share).expanded(to: [batch]).reshaped([batch, 1])
    return NDArray(differences, shape: shape, dtype: dtype) * real * each
  }
}

/// The forward and backward variables of one sequence, in logarithms: what the loss is summed from,
/// and what a picture of all alignments shows.
public struct CTCLattice: Sendable {
  /// The target with blanks around every label.
  public let symbols: [Int]
  /// log αₜ(s) and log βₜ(s), both with the probability at t inside: `[step][symbol]`.
  public let forward, backward: [[Double]]
  /// −log of the target's probability; infinite if it does not fit into the steps.
  public let loss: Double
  private let logP: [[Double]]

  /// - Parameters:
  ///   - labels: the target, without blanks.
  ///   - blank: the number of the class that stands for nothing.
  ///   - steps: of time.
  ///   - logProbability: of a class at a step.
  public init(
    _ labels: [Int], blank: Int = 0, steps: Int,
    logProbability: (_ step: Int, _ label: Int) -> Double
  ) {
    let symbols = labels.flatMap { [blank, $0] } + [blank]
    let count = symbols.count
    let logP = (0..<steps).map { t in symbols.map { logProbability(t, $0) } }
    /// Whether a path may step over the blank before symbol s.
    func skips(_ s: Int) -> Bool {
      s >= 2 && symbols[s] != blank && symbols[s] != symbols[s - 2]
    }
    var alpha = Array(repeating: Array(repeating: -Double.infinity, count: count), count: steps)
    var beta = alpha
    for t in 0..<steps {
      for s in 0..<count {
        var ways: [Double] = []
        if t == 0 {
          if s < 2 { ways = [0] }
        } else {
          ways = [alpha[t - 1][s]]
          if s >= 1 { ways.append(alpha[t - 1][s - 1]) }
          if skips(s) { ways.append(alpha[t - 1][s - 2]) }
        }
        alpha[t][s] = logSum(ways) + logP[t][s]
      }
    }
    for t in (0..<steps).reversed() {
      for s in 0..<count {
        var ways: [Double] = []
        if t == steps - 1 {
          if s >= count - 2 { ways = [0] }
        } else {
          ways = [beta[t + 1][s]]
          if s + 1 < count { ways.append(beta[t + 1][s + 1]) }
          if s + 2 < count, skips(s + 2) { ways.append(beta[t + 1][s + 2]) }
        }
        beta[t][s] = logSum(ways) + logP[t][s]
      }
    }
    (self.symbols, self.logP, forward, backward) = (symbols, logP, alpha, beta)
    // No steps spell the empty target, and only that.
    loss =
      alpha.last.map { -logSum(Array($0.suffix(2))) } ?? (labels.isEmpty ? 0 : .infinity)
  }

  /// The probability of each symbol at a step, given that the target is spelled; they sum to 1.
  public func posterior(at step: Int) -> [Double] {
    symbols.indices.map { s in
      loss == .infinity
        ? 0 : exp(forward[step][s] + backward[step][s] - logP[step][s] + loss)
    }
  }

  /// Hands over each symbol's class and its probability at a step.
  func addPosteriors(at step: Int, _ add: (_ label: Int, _ probability: Double) -> Void) {
    for (symbol, probability) in zip(symbols, posterior(at: step)) {
      // Where a class has probability 0 nothing passes.
      if probability > 0 { add(symbol, probability) }
    }
  }
}

/// log Σ eˣ; −∞ of nothing.
private func logSum(_ terms: [Double]) -> Double {
  guard let place = terms.indices.max(by: { terms[$0] < terms[$1] }) else { return -.infinity }
  let largest = terms[place]
  if largest == -.infinity { return largest }
  // The others by themselves: beside 1 the last digits of a tiny share would go.
  return largest
    + log1p(terms.indices.reduce(0) { $0 + ($1 == place ? 0 : exp(terms[$1] - largest)) })
}
