import Foundation

/// How the next token is drawn from a model's logits: as they stand, sharpened or flattened by a
/// temperature, and among the likeliest alone.
///
///     let sampler = Sampler(temperature: 0.8, topP: 0.9)
///     let token = sampler.next(logits, generator: generator)
public struct Sampler: Equatable, Sendable {
  /// The logits are divided by it: below 1 the likely becomes likelier; 0 always takes the likeliest.
  public var temperature: Double
  /// Only so many of the likeliest tokens are drawn from (Fan et al. 2018).
  public var topK: Int?
  /// Only the fewest likeliest tokens whose probabilities reach this sum are drawn from: nucleus
  /// sampling (Holtzman et al. 2020).
  public var topP: Double?

  /// A sampler; as it stands it draws from softmax(logits). A negative or infinite temperature, a
  /// `topK` below 1 and a `topP` outside 0 … 1 (0 is outside) stop the program.
  public init(temperature: Double = 1, topK: Int? = nil, topP: Double? = nil) {
    guard temperature >= 0, temperature < .infinity else {
      wrongUse("Sampler: temperature \(temperature) is not 0 or above")
    }
    if let topK, topK < 1 { wrongUse("Sampler: topK \(topK) is not positive") }
    if let topP, !(topP > 0 && topP <= 1) { wrongUse("Sampler: topP \(topP) is not in 0 … 1") }
    (self.temperature, self.topK, self.topP) = (temperature, topK, topP)
  }

  /// Always the likeliest.
  public static let greedy = Sampler(temperature: 0)

  /// The probabilities that tokens are drawn with, which sum to 1.
  ///
  /// - Parameter logits: a number for each token, of which −∞ excludes one.
  public func probabilities(_ logits: [Double]) -> [Double] {
    guard let largest = logits.max(), largest > -.infinity, !logits.contains(where: \.isNaN) else {
      wrongUse("Sampler: \(logits.count) logits, of which none is a number above −∞")
    }
    // Of equals the first comes first, so that the choice does not hang on the order of sorting.
    let order = logits.indices.sorted { (logits[$1], $0) < (logits[$0], $1) }
    if temperature == 0 { return logits.indices.map { $0 == order[0] ? 1 : 0 } }
    var weights = logits.map { exp(($0 - largest) / temperature) }
    if let topK { for place in order.dropFirst(topK) { weights[place] = 0 } }
    if let topP {
      let total = weights.reduce(0, +)
      var sum = 0.0
      for place in order {
        // The token that reaches the sum is still in.
        if sum >= topP * total { weights[place] = 0 }
        sum += weights[place]
      }
    }
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }

  /// A token drawn with `probabilities`.
  public func next(_ logits: [Double], generator: Generator) -> Int {
    let probabilities = probabilities(logits)
    var left = generator.uniform()
    for (token, probability) in probabilities.enumerated() where probability > 0 {
      left -= probability
      if left < 0 { return token }
    }
    // Rounding may leave a trifle.
    return probabilities.lastIndex { $0 > 0 }!
  }

  /// A token for each row of logits `[batch, tokens]`.
  public func next(_ logits: NDArray, generator: Generator) -> [Int] {
    guard logits.rank == 2 else {
      wrongUse("Sampler: logits \(logits.shape), expected [batch, tokens]")
    }
    return (0..<logits.shape[0]).map { next(logits[$0].doubles, generator: generator) }
  }
}
