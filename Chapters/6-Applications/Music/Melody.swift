import Foundation
import Unroll

/// A note of a melody: its pitch as MIDI counts half tones, and its length in quarter notes.
package struct Tone: Equatable, Sendable {
  package var pitch: Int
  package var duration: Double

  package init(pitch: Int, duration: Double) {
    (self.pitch, self.duration) = (pitch, duration)
  }
}

/// A melody of eight bars of four quarters in a major key.
package struct Melody: Sendable {
  package static let bars = 8, beats = 4.0
  static let scale = [0, 2, 4, 5, 7, 9, 11]
  /// The tonic, 0 (C) … 11 (B).
  package let key: Int
  package let tones: [Tone]

  package static let keyNames = [
    "C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B",
  ]

  /// Made by a small grammar: a chord a bar, a rhythm that fills it, the chord's tones on strong
  /// beats and steps of the scale between them; the first two bars' rhythm comes back, and the last
  /// bar is the tonic.
  package init(key: Int? = nil, generator: Generator) {
    func draw(_ count: Int) -> Int { Int(generator.uniform() * Double(count)) }
    let key = key ?? draw(12)
    let rhythms: [[Double]] = [
      [1, 1, 1, 1], [2, 1, 1], [1, 1, 2], [1.5, 0.5, 1, 1], [1, 0.5, 0.5, 1, 1], [2, 2],
      [0.5, 0.5, 1, 0.5, 0.5, 1], [3, 1], [1, 0.5, 0.5, 2],
    ]
    // I, IV, V, vi and ii, by the degree they stand on; the fourth bar rests on V.
    let chords = [0, [0, 3, 5][draw(3)], [3, 1, 0][draw(3)], 4, 0, [3, 5][draw(2)], 4, 0]
    let theme = (0..<2).map { _ in rhythms[draw(rhythms.count)] }
    var degree = [0, 2, 4][draw(3)]
    var tones: [Tone] = []
    func pitch(_ degree: Int) -> Int {
      let octave = Int((Double(degree) / 7).rounded(.down))
      // Keys from G upwards begin below the middle C.
      return 60 + (key > 6 ? key - 12 : key) + 12 * octave + Self.scale[degree - 7 * octave]
    }
    for bar in 0..<Self.bars {
      let isLast = bar == Self.bars - 1
      let rhythm = isLast ? [4] : bar % 4 < 2 ? theme[bar % 4] : rhythms[draw(rhythms.count)]
      var beat = 0.0
      for duration in rhythm {
        if isLast {
          degree = degree > 3 ? 7 : 0
        } else if beat.truncatingRemainder(dividingBy: 2) == 0 {
          let inChord = (-3...11).filter { [0, 2, 4].contains(($0 - chords[bar] + 21) % 7) }
          let near = inChord.filter { abs($0 - degree) <= 3 }
          degree = near[draw(near.count)]
        } else {
          degree = max(-3, min(11, degree + [-1, 1, 1, -1, 2, -2, 0][draw(7)]))
        }
        tones.append(Tone(pitch: pitch(degree), duration: duration))
        beat += duration
      }
    }
    (self.key, self.tones) = (key, tones)
  }

  /// Whether a pitch belongs to a major key.
  package static func isInKey(_ pitch: Int, _ key: Int) -> Bool {
    scale.contains(((pitch - key) % 12 + 12) % 12)
  }

  /// How many of the first tones fill so many bars.
  package func count(bars: Int) -> Int {
    var end = 0.0
    return tones.firstIndex {
      end += $0.duration
      return end >= Double(bars) * Self.beats
    }.map { $0 + 1 } ?? tones.count
  }
}

/// Tones by number: 44 pitches in 6 lengths.
package enum ToneCode {
  static let lowest = 48, pitches = 44
  static let durations = [0.5, 1, 1.5, 2, 3, 4]
  package static let count = pitches * durations.count

  package static func number(of tone: Tone) -> Int {
    (tone.pitch - lowest) * durations.count + durations.firstIndex(of: tone.duration)!
  }
  package static func tone(_ number: Int) -> Tone {
    Tone(
      pitch: lowest + number / durations.count, duration: durations[number % durations.count])
  }
}
