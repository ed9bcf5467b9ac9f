import ChapterTools
import Dispatch
import Foundation
import Synchronization
import Unroll

/// What the recognizer is given: a mel spectrogram, 24 bands, a row every 16 ms.
package let ear = Spectrogram(
  sampleRate: 8_000, windowSize: 256, hop: 128, melBands: 24, lowest: 100, highest: 4_000)

/// The ear's picture of a sound, of the mean 0 and the spread 1 over time and bands, so that how loud
/// somebody speaks says nothing.
package func heard(_ samples: [Double]) -> NDArray {
  let picture = ear(samples, floor: 1e-4)
  let mean = picture.mean().item
  let spread = (picture * picture).mean().item - mean * mean
  return (picture - mean) / max(spread, 1e-9).squareRoot()
}

/// Spoken digits by the hundred, each with its picture.
package struct SpeechSet: Sendable {
  package let utterances: [Utterance]
  package let pictures: [NDArray]
  package let voices: Int

  /// - Parameters:
  ///   - voice: draws a voice.
  ///   - noise: draws how many decibels the noise is below the speech; nil for none.
  package init(
    voices: Int, utterancesEach: Int, digits: ClosedRange<Int> = 2...5, seed: UInt64,
    voice: @escaping @Sendable (Generator) -> Voice = Voice.adult,
    noise: @escaping @Sendable (Generator) -> Double? = { _ in nil }
  ) {
    let count = voices * utterancesEach
    let made = Mutex([(Utterance, NDArray)?](repeating: nil, count: count))
    // Each utterance has a generator of its own, so that the order of the work says nothing.
    DispatchQueue.concurrentPerform(iterations: count) { place in
      let speaker = voice(Generator(seed: seed &* 1_000_003 &+ UInt64(place / utterancesEach)))
      let generator = Generator(seed: seed &* 7_000_003 &+ UInt64(place) &+ 1 << 40)
      let span = digits.upperBound - digits.lowerBound + 1
      let length = digits.lowerBound + Int(generator.uniform() * Double(span))
      let said = (0..<length).map { _ in Int(generator.uniform() * 10) }
      var utterance = Synthesizer().speak(said, speaker, generator: generator)
      if let decibels = noise(generator) {
        utterance.samples = noisy(utterance.samples, decibels: decibels, generator: generator)
      }
      let picture = heard(utterance.samples)
      let done = utterance
      made.withLock { $0[place] = (done, picture) }
    }
    let all = made.withLock { $0.map { $0! } }
    (utterances, pictures, self.voices) = (all.map(\.0), all.map(\.1), voices)
  }

  package var digits: [[Int]] { utterances.map(\.digits) }

  package init(joining sets: [SpeechSet]) {
    utterances = sets.flatMap(\.utterances)
    pictures = sets.flatMap(\.pictures)
    voices = sets.map(\.voices).max() ?? 0
  }
}
