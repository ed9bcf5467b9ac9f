import Applications
import Foundation
import Testing
import Unroll

@Suite struct MusicTests {
  @Test func melodiesKeepKeyAndTime() {
    let generator = Generator(seed: 6)
    var keys = Set<Int>()
    for _ in 0..<300 {
      let melody = Melody(generator: generator)
      keys.insert(melody.key)
      var end = 0.0
      var bars = Set<Double>()
      for tone in melody.tones {
        #expect(Melody.isInKey(tone.pitch, melody.key))
        end += tone.duration
        bars.insert(end)
        #expect(ToneCode.tone(ToneCode.number(of: tone)) == tone)
        #expect((0..<ToneCode.count).contains(ToneCode.number(of: tone)))
      }
      #expect(end == 32 && (1...8).allSatisfy { bars.contains(Double(4 * $0)) })
      #expect((melody.tones.last!.pitch - melody.key) % 12 == 0, "the last is the tonic")
      #expect(melody.tones.prefix(melody.count(bars: 2)).reduce(0) { $0 + $1.duration } == 8)
      var score = MelodyScore()
      score.add(melody.tones, after: 3, key: melody.key)
      #expect(score.keyShare == 1 && score.rhythmShare == 1)
      #expect(score.count == melody.tones.count - 3)
    }
    #expect(keys == Set(0..<12))
  }

  @Test func scores() {
    // C major: C, C#, and a tone of three quarters that begins on the third.
    let tones = [(60, 1.0), (61, 1), (62, 3), (64, 1)].map { Tone(pitch: $0.0, duration: $0.1) }
    var score = MelodyScore()
    score.add(tones, after: 0, key: 0)
    #expect(score.keyShare == 0.75 && score.rhythmShare == 0.75)
    #expect(Melody.isInKey(66, 7) && !Melody.isInKey(65, 7) && Melody.isInKey(59, 0))
  }

  @Test func batchesPassOverWhatHasEnded() {
    let (inputs, targets) = batch([[1, 2, 3], [4, 5]])
    #expect(inputs == Indices([[1, 4], [2, 0]]) && targets == Indices([[2, 5], [3, -100]]))
    let scores = MelodyModel()(inputs).0
    #expect(scores.shape == [2, 2, ToneCode.count])
  }

  /// Reading on tone by tone says what reading all at once does.
  @Test func aReaderGoesOn() {
    let model = MelodyModel()
    let reader = model.reader()
    _ = reader([5, 9])
    let p = reader([5, 9, 33])
    let all = model(Indices([5, 9, 33]).reshaped([3, 1])).0.value[-1].softmax().doubles
    for (a, b) in zip(p, all) { #expect(abs(a - b) < 1e-6) }
    let tones = continued(
      [Tone(pitch: 60, duration: 4)], generator: Generator(seed: 1), next: model.reader())
    let length = tones.reduce(0) { $0 + $1.duration }
    #expect(length >= 32 && length < 36)
  }

  @Test func whatIsPlayed() {
    let tones = [Tone(pitch: 69, duration: 1), Tone(pitch: 57, duration: 2)]
    let wave = sound(of: tones, tempo: 120, sampleRate: 16_000)
    #expect(wave.samples.count == 8_000 + 16_000)
    #expect(wave.samples.allSatisfy { abs($0) < 1 })
    // 440 Hz crosses zero upwards 220 times in half a second, or a little more for its overtones.
    let ups = zip(wave.samples[..<8_000], wave.samples[1...]).count { $0 < 0 && $1 >= 0 }
    #expect((215...225).contains(ups), "\(ups)")
    #expect(midi(of: tones).notes.map(\.pitch) == [69, 57])
  }
}
