import ArgumentParser
import Unroll

extension Applications {
  /// The options of this part that were given.
  var writingOptions: [String] {
    let all: [(String, Bool)] = [
      ("--text", textFile != nil), ("--prefix", prefix != nil), ("--acrostic", acrostic != nil),
      ("--per-line", perLine != nil), ("--temperature", temperature != nil),
      ("--top-k", topK != nil), ("--top-p", topP != nil),
    ]
    return all.filter(\.1).map(\.0)
  }

  func checkWriting() throws {
    if let prefix, prefix.isEmpty { throw ValidationError("--prefix is empty") }
    if let acrostic, acrostic.allSatisfy(\.isWhitespace) {
      throw ValidationError("--acrostic has no characters")
    }
    if let perLine, perLine != 5, perLine != 7 {
      throw ValidationError("--per-line is \(perLine), not 5 or 7")
    }
    try checkSampling(temperature, topK, topP)
  }

  /// How characters are drawn, as the options say or as is usual.
  var sampler: Sampler {
    Sampler(
      temperature: temperature ?? 0.8, topK: topK,
      topP: topP ?? (topK == nil && temperature == nil ? 0.9 : nil))
  }
}
