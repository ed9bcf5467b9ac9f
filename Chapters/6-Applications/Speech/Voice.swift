import Foundation
import Unroll

/// A speaker: what two throats differ in.
package struct Voice: Equatable, Sendable {
  /// Resonances by those of the textbook's man: the shorter the vocal tract, the higher.
  package var tract: Double
  /// Hz.
  package var pitch: Double
  /// Speed, 1 as in the table of sounds.
  package var speed: Double
  /// Breath in the voice, from 0.
  package var breath: Double

  package init(tract: Double, pitch: Double, speed: Double, breath: Double = 0.02) {
    (self.tract, self.pitch, self.speed, self.breath) = (tract, pitch, speed, breath)
  }

  /// A grown-up, from long tracts with low voices to short ones with high voices.
  package static func adult(_ generator: Generator) -> Voice {
    let size = generator.uniform()
    return Voice(
      tract: 0.95 + 0.25 * size + 0.02 * generator.normal(),
      pitch: 95 + 115 * size + 12 * generator.normal(), speed: 0.8 + 0.5 * generator.uniform(),
      breath: 0.05 * generator.uniform())
  }

  /// A child: a shorter tract and a higher voice than any grown-up's.
  package static func child(_ generator: Generator) -> Voice {
    Voice(
      tract: 1.32 + 0.08 * generator.uniform(), pitch: 255 + 50 * generator.uniform(),
      speed: 0.8 + 0.3 * generator.uniform(), breath: 0.05 * generator.uniform())
  }
}

/// What mouth and throat do in one sound, or at one end of it.
package struct Articulation: Sendable {
  /// Resonances in Hz (Peterson & Barney 1952 for the vowels of men).
  var formants: [Double]
  /// How loud the voice is, and how loud the hiss and where it lies.
  var voicing: Double
  var hiss = 0.0, hissAt = 2500.0

  func mixed(with other: Articulation, _ share: Double) -> Articulation {
    func mix(_ a: Double, _ b: Double) -> Double { a + (b - a) * share }
    return Articulation(
      formants: zip(formants, other.formants).map { mix($0, $1) },
      voicing: mix(voicing, other.voicing), hiss: mix(hiss, other.hiss),
      hissAt: mix(hissAt, other.hissAt))
  }
}

/// A sound of speech: how it begins and ends, and how long it takes in milliseconds.
package struct Phone: Sendable {
  var start, end: Articulation
  var duration: Double

  static func vowel(_ formants: [Double], to end: [Double]? = nil, _ duration: Double) -> Phone {
    Phone(
      start: Articulation(formants: formants, voicing: 1),
      end: Articulation(formants: end ?? formants, voicing: 1), duration: duration)
  }

  /// A nasal or a liquid: voiced, and softer than a vowel.
  static func soft(_ formants: [Double], _ duration: Double, _ loudness: Double = 0.5) -> Phone {
    let one = Articulation(formants: formants, voicing: loudness)
    return Phone(start: one, end: one, duration: duration)
  }

  static func hiss(
    _ loudness: Double, at frequency: Double, _ duration: Double, voicing: Double = 0
  ) -> Phone {
    let one = Articulation(
      formants: [350, 1500, 2500], voicing: voicing, hiss: loudness, hissAt: frequency)
    return Phone(start: one, end: one, duration: duration)
  }

  static func silence(_ duration: Double) -> Phone {
    let one = Articulation(formants: [350, 1500, 2500], voicing: 0)
    return Phone(start: one, end: one, duration: duration)
  }
}

/// The sounds of the ten English digits.
package let digitSounds: [[Phone]] = {
  let ih = [390.0, 1990, 2550], ow = [570.0, 840, 2410], uw = [300.0, 870, 2240]
  let iy = [270.0, 2290, 3010], ao = [570.0, 840, 2410], ah = [640.0, 1190, 2390]
  let aa = [730.0, 1090, 2440], eh = [530.0, 1840, 2480], r = [420.0, 1250, 1650]
  let n = [280.0, 1500, 2500], w = [300.0, 650, 2200]
  let s = Phone.hiss(0.5, at: 3500, 95), f = Phone.hiss(0.16, at: 1800, 85)
  let v = Phone.hiss(0.08, at: 1800, 55, voicing: 0.35)
  let t = [Phone.silence(40), .hiss(0.45, at: 3000, 25)]
  let k = [Phone.silence(45), .hiss(0.45, at: 1700, 25)]
  return [
    [
      .hiss(0.3, at: 3400, 75, voicing: 0.3), .vowel(ih, 70), .soft(r, 60, 0.8),
      .vowel(ow, to: [400, 750, 2300], 150),
    ],
    [.soft(w, 60, 0.7), .vowel(ah, 120), .soft(n, 90)],
    t + [.vowel([320, 1200, 2300], to: uw, 190)],
    [.hiss(0.1, at: 2600, 80), .soft(r, 60, 0.8), .vowel(iy, 170)],
    [f, .vowel(ao, 140), .soft(r, 90, 0.8)],
    [f, .vowel(aa, to: [350, 2100, 2700], 210), v],
    [s, .vowel(ih, 90)] + k + [s],
    [s, .vowel(eh, 85), v, .vowel(ah, 60), .soft(n, 85)],
    [.vowel([480, 1900, 2600], to: [300, 2250, 2900], 170)] + t,
    [.soft(n, 70), .vowel(aa, to: [350, 2100, 2700], 200), .soft(n, 85)],
  ]
}()
