import Foundation
import Unroll

/// Several digits spoken in a row, and where each of them lies.
package struct Utterance: Sendable {
  package let digits: [Int]
  package var samples: [Double]
  /// The samples of each digit.
  package let places: [Range<Int>]
}

/// Speaks: a buzz and a hiss (the source) through the resonances of a vocal tract (the filter), as
/// the formant synthesizers did (Fant 1960; Klatt 1980).
package struct Synthesizer: Sendable {
  package static let sampleRate = 8_000
  /// The mouth is looked at anew every 5 ms.
  private static let frame = 40

  package init() {}

  /// - Parameter pauses: milliseconds between digits, drawn evenly.
  package func speak(
    _ digits: [Int], _ voice: Voice, pauses: ClosedRange<Double> = 0...70, generator: Generator
  ) -> Utterance {
    var phones: [Phone] = [.silence(60)]
    var ends: [(first: Int, last: Int)] = []
    for digit in digits {
      if !ends.isEmpty {
        let pause =
          pauses.lowerBound
          + generator.uniform() * (pauses.upperBound - pauses.lowerBound)
        if pause > 5 { phones.append(.silence(pause)) }
      }
      let first = phones.count
      phones += digitSounds[digit].map { phone in
        // Nobody says a sound twice in the same way.
        var said = phone
        said.duration *= (0.85 + 0.3 * generator.uniform()) / voice.speed
        let shift = (0..<3).map { _ in 1 + 0.03 * generator.normal() }
        said.start.formants = zip(said.start.formants, shift).map(*)
        said.end.formants = zip(said.end.formants, shift).map(*)
        return said
      }
      ends.append((first, phones.count - 1))
    }
    phones.append(.silence(60))
    let (track, starts) = articulations(phones)
    return Utterance(
      digits: digits, samples: sound(track, voice, generator),
      places: ends.map { starts[$0.first] * Self.frame..<starts[$0.last + 1] * Self.frame })
  }

  /// The articulation of every frame: within a sound from its start to its end, and over from one
  /// to the next within about 40 ms, since a mouth can't jump.
  private func articulations(_ phones: [Phone]) -> (track: [Articulation], starts: [Int]) {
    var track: [Articulation] = [], starts = [0]
    for phone in phones {
      let frames = max(2, Int((phone.duration / 5).rounded()))
      for frame in 0..<frames {
        track.append(phone.start.mixed(with: phone.end, Double(frame) / Double(frames - 1)))
      }
      starts.append(track.count)
    }
    let reach = 4
    let smooth = track.indices.map { place in
      let near = track[max(0, place - reach)...min(track.count - 1, place + reach)]
      var mean = near.first!
      for (count, next) in near.dropFirst().enumerated() {
        mean = mean.mixed(with: next, 1 / Double(count + 2))
      }
      // Loudness changes faster than the tongue moves.
      let quick = track[max(0, place - 1)...min(track.count - 1, place + 1)]
      mean.voicing = quick.map(\.voicing).reduce(0, +) / Double(quick.count)
      mean.hiss = quick.map(\.hiss).reduce(0, +) / Double(quick.count)
      mean.hissAt = track[place].hissAt
      return mean
    }
    return (smooth, starts)
  }

  private func sound(
    _ track: [Articulation], _ voice: Voice, _ generator: Generator
  ) -> [Double] {
    let rate = Double(Self.sampleRate)
    var resonators = [Resonator](repeating: Resonator(), count: 3), noise = Resonator()
    var samples: [Double] = []
    samples.reserveCapacity(track.count * Self.frame)
    var phase = 0.0, flow = 0.0, glottis = 0.0, last = 0.0
    for (frame, mouth) in track.enumerated() {
      for (place, formant) in mouth.formants.enumerated() {
        // Near half the sample rate a resonance would meet its own mirror image.
        let frequency = min(formant * voice.tract, 3300)
        resonators[place].tune(to: frequency, bandwidth: 60 + 0.05 * frequency, rate: rate)
      }
      noise.tune(
        to: min(mouth.hissAt * voice.tract, 3700), bandwidth: 700, rate: rate, atPeak: true)
      // The voice falls towards the end, and trembles.
      let along = Double(frame) / Double(track.count)
      let pitch = voice.pitch * (1.1 - 0.2 * along) * (1 + 0.01 * generator.normal())
      for _ in 0..<Self.frame {
        phase += pitch / rate
        var pulse = 0.0
        if phase >= 1 {
          phase -= 1
          pulse = 1
        }
        // The pulse is rounded off twice: −12 dB an octave, as of vocal folds.
        flow = 0.9 * flow + pulse
        glottis = 0.9 * glottis + 0.1 * flow
        let breath = generator.normal()
        var sound = mouth.voicing * (glottis + voice.breath * breath)
        for place in resonators.indices { sound = resonators[place](sound) }
        // Lips let the high through better than the low.
        samples.append(sound - 0.8 * last + mouth.hiss * noise(breath) * 0.25)
        last = sound
      }
    }
    let power = samples.reduce(0) { $0 + $1 * $1 } / Double(samples.count)
    let loudness = 0.1 / max(power.squareRoot(), 1e-9)
    return samples.map { $0 * loudness }
  }
}

/// One resonance: y = a·x + b·y₁ + c·y₂.
private struct Resonator {
  private var a = 0.0, b = 0.0, c = 0.0, y1 = 0.0, y2 = 0.0

  /// Lets through unchanged what does not vary, or what lies at its peak.
  mutating func tune(to frequency: Double, bandwidth: Double, rate: Double, atPeak: Bool = false) {
    let radius = exp(-.pi * bandwidth / rate), angle = 2 * .pi * frequency / rate
    c = -radius * radius
    b = 2 * radius * cos(angle)
    a =
      atPeak
      ? (1 - radius) * (1 - 2 * radius * cos(2 * angle) + radius * radius).squareRoot()
      : 1 - b - c
  }

  mutating func callAsFunction(_ x: Double) -> Double {
    let y = a * x + b * y1 + c * y2
    (y2, y1) = (y1, y)
    return y
  }
}

/// White noise added, `decibels` below the speech.
package func noisy(_ samples: [Double], decibels: Double, generator: Generator) -> [Double] {
  let power = samples.reduce(0) { $0 + $1 * $1 } / Double(samples.count)
  let loudness = (power * pow(10, -decibels / 10)).squareRoot()
  return samples.map { $0 + loudness * generator.normal() }
}
