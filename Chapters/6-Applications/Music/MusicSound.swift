import ArgumentParser
import Foundation
import Unroll

/// A melody as sound: each tone a few harmonics that die away, as of a plucked string.
package func sound(of tones: [Tone], tempo: Double = 120, sampleRate: Int = 16_000) -> WaveFile {
  var samples: [Double] = []
  for tone in tones {
    let frequency = 440 * pow(2, Double(tone.pitch - 69) / 12)
    let count = Int(tone.duration * 60 / tempo * Double(sampleRate))
    for place in 0..<count {
      let time = Double(place) / Double(sampleRate)
      // Faded in and out within 5 ms, so that nothing clicks.
      let ends = min(1, time / 0.005, Double(count - place) / Double(sampleRate) / 0.005)
      let harmonics = (1...5).reduce(0.0) { sum, number in
        let n = Double(number)
        return sum + sin(2 * .pi * frequency * n * time) / (n * n) * exp(-time * n * 1.5)
      }
      samples.append(0.5 * ends * harmonics)
    }
  }
  return WaveFile(samples: samples, sampleRate: sampleRate)
}

package func midi(of tones: [Tone]) -> MIDIFile {
  MIDIFile(tones.map { .init($0.pitch, duration: $0.duration) })
}

extension Applications {
  var musicOptions: [String] { key == nil ? [] : ["--key"] }

  /// The tonic that `--key` names: a letter, with # or b behind it if wished.
  var chosenKey: Int? {
    guard let key, let letter = key.first, key.count <= 2,
      let white = ["C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11][letter.uppercased()]
    else { return nil }
    switch key.dropFirst() {
    case "": return white
    case "#", "♯": return (white + 1) % 12
    case "b", "♭": return (white + 11) % 12
    default: return nil
    }
  }

  func checkMusic() throws {
    if let key, chosenKey == nil {
      throw ValidationError("--key is a major key such as C, F# or Bb, not '\(key)'")
    }
  }
}
