import Arrays
import Foundation
import Sequences
import Testing

struct SignalTests {
  private let x = [0.5, -1.25, 2.0, 0.75, -0.3, 1.1, 0.0]

  /// NumPy's `rfft`, of a prime, an even and a power of two.
  @Test func `the Fourier transform of any length`() {
    func check(_ x: [Double], _ real: [Double], _ imaginary: [Double]) {
      let (a, b) = rfft(x)
      #expect(a.count == real.count)
      for (got, want) in zip(a + b, real + imaginary) { #expect(abs(got - want) < 1e-13) }
    }
    check(
      x, [2.8, -1.37461313814408, -1.734281912215676, 3.458895050359756],
      [0, -0.3557236939520399, 2.4300783120245133, 0.22232870032725938])
    check(
      Array(x[..<6]), [2.8, -1.175, 0.475, 1.6], [0, 0.0433012701892217, 4.027018127597639, 0])
    check(
      x + [-0.4], [2.4, -1.6748737341529158, -1.8, 3.2748737341529157, 2],
      [0, -1.1514718625761424, 0.5, 2.8485281374238576, 0])
    check([3], [3], [0])
  }

  /// The energy is the same in time and in frequency (Parseval), at sizes where a plain sum would
  /// take a second.
  @Test(arguments: [4096, 10_007, 30_000]) func `a long transform keeps the energy`(count: Int) {
    let generator = Generator(seed: 3)
    let x = (0..<count).map { _ in generator.normal() }
    let (real, imaginary) = FourierTransform(count: count)(x, [Double](repeating: 0, count: count))
    let energy = x.reduce(0) { $0 + $1 * $1 }
    let spectrum = zip(real, imaginary).reduce(0) { $0 + $1.0 * $1.0 + $1.1 * $1.1 }
    #expect(abs(spectrum / Double(count) / energy - 1) < 1e-12)
  }

  /// The same windows and transform by NumPy.
  @Test func `the spectrogram of two tones`() {
    let sound = (0..<40).map { step -> Double in
      let turn = 2 * Double.pi * Double(step)
      return sin(turn * 0.11) + 0.3 * cos(turn * 0.31)
    }
    let power = Spectrogram(sampleRate: 100, windowSize: 16, hop: 8).power(sound)
    #expect(power.shape == [4, 9])
    let first = [
      0.10385501392351776, 7.393496375155697, 14.83246422760423, 1.7237268908811882,
      0.34566710530235784, 1.4735631225866903, 0.31130463522765117,
    ]
    for (got, want) in zip(power[0].doubles, first) { #expect(abs(got - want) < 1e-5) }
    #expect(abs(power[3, 2].item - 14.731032815038086) < 1e-5)
    #expect(
      Spectrogram(sampleRate: 100, windowSize: 16, hop: 8).power([1, 2]).shape == [0, 9])
  }

  /// librosa's filters, `htk=True, norm=None`.
  @Test func `bands on the mel scale`() throws {
    let spectrogram = Spectrogram(sampleRate: 8000, windowSize: 64, hop: 32, melBands: 5)
    let filter = try #require(spectrogram.melFilters)[2]
    let want = [
      5: 0.008961294777691364, 6: 0.2623794376850128, 9: 0.9835212230682373,
      14: 0.0610041581094265,
    ]
    #expect(filter.count == 33)
    for (bin, weight) in filter.enumerated() where bin < 5 || bin > 14 { #expect(weight == 0) }
    for (bin, weight) in want { #expect(abs(filter[bin] - weight) < 1e-6) }
    #expect(abs(Spectrogram.hertz(Spectrogram.mel(440)) - 440) < 1e-9)
  }

  @Test func `a WAV file says what it holds`() {
    let bytes = Array(WaveFile(samples: [0, 1, -1, 0.5, 7, .nan], sampleRate: 8000).data)
    func number(_ place: Int, _ width: Int) -> Int {
      (0..<width).reversed().reduce(0) { $0 << 8 | Int(bytes[place + $1]) }
    }
    #expect(bytes.count == 44 + 12)
    #expect(bytes.starts(with: "RIFF".utf8) && bytes[8..<16].elementsEqual("WAVEfmt ".utf8))
    #expect(number(4, 4) == bytes.count - 8)
    #expect(number(20, 2) == 1 && number(22, 2) == 1)
    #expect(number(24, 4) == 8000 && number(28, 4) == 16000)
    #expect(number(34, 2) == 16 && number(40, 4) == 12)
    let samples = stride(from: 44, to: 56, by: 2).map { Int16(truncatingIfNeeded: number($0, 2)) }
    #expect(samples == [0, 32767, -32767, 16384, 32767, 0])
  }

  /// Read again event by event, as a player does.
  @Test func `a MIDI file plays its notes in time`() {
    let melody = MIDIFile(
      [
        .init(60, duration: 1), .init(nil, duration: 0.5), .init(64, duration: 1.0 / 3),
        .init(67, duration: 300),
      ], tempo: 90)
    let bytes = Array(melody.data)
    #expect(bytes.starts(with: "MThd".utf8) && bytes[14..<18].elementsEqual("MTrk".utf8))
    let length = bytes[18..<22].reduce(0) { $0 << 8 | Int($1) }
    #expect(bytes.count == 22 + length)
    var place = 22, ticks = 0
    var heard: [String] = []
    while place < bytes.count {
      var wait = 0
      repeat {
        wait = wait << 7 | Int(bytes[place] & 0x7F)
        place += 1
      } while bytes[place - 1] & 0x80 != 0
      ticks += wait
      switch bytes[place] {
      case 0xFF:
        heard.append("\(ticks) meta \(bytes[place + 1])")
        place += 3 + Int(bytes[place + 2])
      case 0xC0:
        place += 2
      case 0x90, 0x80:
        heard.append("\(ticks) \(bytes[place] == 0x90 ? "on" : "off") \(bytes[place + 1])")
        place += 3
      default:
        Issue.record("an unknown event \(bytes[place])")
        return
      }
    }
    #expect(
      heard == [
        "0 meta 81", "0 on 60", "480 off 60", "720 on 64", "880 off 64", "880 on 67",
        "144880 off 67", "144880 meta 47",
      ])
  }

  @Test func `images are moved as asked, and stay where nothing is asked`() {
    let image = NDArray.uniform([2, 9, 9], generator: Generator(seed: 1))
    #expect(RandomAffine()(image, generator: Generator(seed: 2)).isClose(to: image))
    // A dot in the middle stays there however it is turned, sized and slanted.
    var dot = NDArray.zeros([50, 9, 9])
    for place in 0..<50 { dot[place, 4, 4] = NDArray(1) }
    let turned = RandomAffine(degrees: 90, scale: 1...1, shear: 0.5)(
      dot, generator: Generator(seed: 2))
    for place in 0..<50 { #expect(abs(turned[place, 4, 4].item - 1) < 1e-5) }
    // Shifts are even to both sides, and as far as told.
    let shifted = RandomAffine(translate: 0.25)(dot, generator: Generator(seed: 2))
    var places: [Double] = []
    for place in 0..<50 {
      let columns = shifted[place].sum(axis: 0).doubles
      let moment = columns.enumerated().reduce(0.0) { $0 + Double($1.offset) * $1.element }
      places.append(moment / columns.reduce(0, +) - 4)
    }
    #expect(places.max()! > 1.5 && places.max()! <= 2.26)
    #expect(places.min()! < -1.5 && places.min()! >= -2.26)
  }
}
