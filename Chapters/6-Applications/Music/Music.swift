import ChapterTools
import Foundation
import Unroll

extension Applications {
  /// One to many: a melody goes on as it began.
  func music(_ page: Page) throws {
    page.prose(
      #"""
      ## Music

      Two bars of a melody are given; the network writes six more, and they are to be in the same key
      and in time. It takes about a quarter of a minute.

      A small grammar makes the melodies: one of twelve major keys, eight bars of four quarters, a
      chord a bar, chord tones on strong beats, mostly steps of the scale between. Black keys are
      written as flats, also where a musician would write a sharp. The network sees tone after tone,
      pitch and length as one symbol of 264. Nobody tells it the key (it has to hear it), nor where
      a bar begins (it has to count).
      """#)
    page.show("Melody", in: "Melody.swift")
    let example = Melody(key: 2, generator: Generator(seed: page.seed))
    page.print(
      "one in D:", example.tones.prefix(example.count(bars: 2)).map(\.told).joined(separator: " "),
      "…")

    page.prose(
      #"""
      ### The network and the rival

      The rival is the bigram: which tone followed which, counted in 3,000 melodies. Beside it, the
      same after three tones. Both draw the next tone by its probability, as the network does; the
      network meets more melodies, 32 new ones at every step of its training.
      """#)
    page.show("MelodyModel", in: "MelodyModel.swift")
    page.show("MelodyScore", in: "MelodyModel.swift")
    let quick = page.quick
    let models = try keptOverSeeds(
      page, "music", title: "melodies", { MelodyModel() },
      train: { train($0, steps: quick ? 60 : 1_200, each: $1) })
    let maker = Generator(seed: page.seed &+ 500)
    var bigram = NGramCounts(order: 2, classes: ToneCode.count)
    var longer = NGramCounts(order: 4, classes: ToneCode.count)
    for _ in 0..<3_000 {
      let numbers = Melody(generator: maker).tones.map(ToneCode.number)
      bigram.add(numbers)
      longer.add(numbers)
    }
    let tests = (0..<(quick ? 20 : 100)).map { _ in Melody(generator: maker) }

    /// Shares over all test melodies, each continued once.
    func score(_ reader: () -> ([Int]) -> [Double]) -> MelodyScore {
      let generator = Generator(seed: page.seed &+ 900)
      var score = MelodyScore()
      for test in tests {
        let given = test.count(bars: 2)
        let tones = continued(
          Array(test.tones.prefix(given)), generator: generator, next: reader())
        score.add(tones, after: given, key: test.key)
      }
      return score
    }
    let networks = models.map { score($0.reader) }
    let pairs = score { { bigram.probabilities(after: $0) } }
    let fours = score { { longer.probabilities(after: $0) } }
    let evenly = [Double](repeating: 1 / Double(ToneCode.count), count: ToneCode.count)
    let even = score { { _ in evenly } }
    let percent = { (share: Double) in String(format: "%.1f %%", 100 * share) }
    let inKey = networks.map(\.keyShare), inRhythm = networks.map(\.rhythmShare)
    page.table(
      ["\(tests.count) melodies continued by", "tones in key", "tones within their bar"],
      [
        ["any tone", percent(even.keyShare), percent(even.rhythmShare)],
        ["bigram", percent(pairs.keyShare), percent(pairs.rhythmShare)],
        ["counting after three tones", percent(fours.keyShare), percent(fours.rhythmShare)],
        [
          "LSTM, mean of \(networks.count) seeds", percent(inKey.mean),
          percent(inRhythm.mean),
        ],
        ["the grammar", percent(1), percent(1)],
      ], alignments: [.left, .right, .right])
    page.result("music.in_key", over: inKey)
    page.result("music.in_rhythm", over: inRhythm)
    page.result("music.bigram.in_key", pairs.keyShare)
    page.result("music.bigram.in_rhythm", pairs.rhythmShare)
    page.result("music.counting.in_key", fours.keyShare)
    page.result("music.counting.in_rhythm", fours.rhythmShare)
    if inKey.mean > pairs.keyShare, inRhythm.mean > pairs.rhythmShare {
      page.print(
        "A pair of tones belongs to several keys, and says nothing of where in the bar it stands: "
          + "the bigram wanders off. What the network keeps in its state, it can hold on to.")
    } else {
      page.print("The network is not ahead of the bigram in both.")
    }

    page.prose(
      #"""
      ### To listen to

      One melody, continued by the network and by the bigram: `music.mid` for any sequencer and
      `music.wav` for any player have the network's, `music-bigram.wav` the rival's. `--key Eb` chooses
      another key.
      """#)
    let key = chosenKey ?? 7
    let melody = Melody(key: key, generator: Generator(seed: page.seed &+ 4_000))
    let given = melody.count(bars: 2)
    let start = Array(melody.tones.prefix(given))
    func tell(_ next: @escaping ([Int]) -> [Double]) -> [Tone] {
      continued(start, generator: Generator(seed: page.seed &+ 4_001), next: next)
    }
    let played = tell(models[0].reader())
    let rival = tell { bigram.probabilities(after: $0) }
    try midi(of: played).write(to: page.folder.appendingPathComponent("music.mid"))
    try sound(of: played).write(to: page.folder.appendingPathComponent("music.wav"))
    try sound(of: rival).write(to: page.folder.appendingPathComponent("music-bigram.wav"))
    page.print("in \(Melody.keyNames[key]):", start.map(\.told).joined(separator: " "))
    page.print("the network:", played.dropFirst(given).map(\.told).joined(separator: " "))
    page.print("the bigram:", rival.dropFirst(given).map(\.told).joined(separator: " "))
    try page.figure(
      Figure.grid(
        "Two bars given in \(Melody.keyNames[key]), six written", columns: 1,
        [
          roll("LSTM", played, given: given, key: key),
          roll("bigram", rival, given: given, key: key),
        ], sharesX: true))
    page.prose(
      #"""
      To try: give only one tone instead of two bars (`count(bars: 0)` of the melody): in which key
      does the network go on? Put a minor scale into `Melody.scale`.
      """#)
  }

  /// Tones over time, those outside the key in another color.
  private func roll(_ title: String, _ tones: [Tone], given: Int, key: Int) -> Figure {
    let low = (tones.map(\.pitch).min() ?? 60) - 2, high = (tones.map(\.pitch).max() ?? 72) + 2
    var figure = Figure(
      title, x: Axis("time (quarters)", min: 0, max: 36, ticks: .every(4)),
      y: Axis("pitch (MIDI)", min: Double(low), max: Double(high)))
    func bars(_ label: String, _ color: Color, _ isShown: (Int, Tone) -> Bool) {
      var x: [Double] = [], y: [Double] = [], beat = 0.0
      for (place, tone) in tones.enumerated() {
        if isShown(place, tone) {
          x += [beat + 0.08, beat + tone.duration - 0.08, beat + tone.duration]
          y += [Double(tone.pitch), Double(tone.pitch), .nan]
        }
        beat += tone.duration
      }
      if !x.isEmpty { figure.line(x: x, y: y, label: label, color: color, width: 9) }
    }
    bars("given", .gray) { place, _ in place < given }
    bars("in key", .blue) { $0 >= given && Melody.isInKey($1.pitch, key) }
    bars("outside the key", .vermilion) { $0 >= given && !Melody.isInKey($1.pitch, key) }
    return figure
  }
}

extension Tone {
  /// `D4` and its length: `D4·½`.
  var told: String {
    let name = Melody.keyNames[pitch % 12] + "\(pitch / 12 - 1)"
    let lengths = [0.5: "½", 1: "1", 1.5: "1½", 2: "2", 3: "3", 4: "4"]
    return "\(name)·\(lengths[duration] ?? "?")"
  }
}
