import ChapterTools
import Foundation
import Unroll

extension Applications {
  /// Many to many of another length, and nobody says which belongs to which.
  func speech(_ page: Page) throws {
    page.prose(
      #"""
      ## Speech

      Somebody says two to five digits in a row; which were they? The sound has dozens of steps, the
      answer a few, and nobody says when a digit begins. This part makes its speakers itself, trains
      a network by *connectionist temporal classification* (CTC; Graves et al. 2006), and has it
      listen to voices that it has never heard, also in noise. It takes less than a minute.

      ### Voices

      A formant synthesizer: a buzz (the vocal folds) and a hiss (the breath) go through resonances
      (the vocal tract). A vowel is three resonances, a diphthong their way from one place to another,
      a stop a silence and a burst. Voices differ in the length of the tract, in pitch, in speed; no
      sound is made twice in the same way, and digits follow one another with pauses of up to 70 ms,
      or none.
      """#)
    page.show("Phone", in: "Voice.swift")
    page.show("Synthesizer.speak", in: "Synthesizer.swift")
    let sentence = say.map { $0.map { $0.wholeNumberValue! } } ?? [3, 1, 4, 1, 5]
    let generator = Generator(seed: page.seed &+ 77)
    let man = Synthesizer().speak(
      sentence, Voice(tract: 1, pitch: 110, speed: 1), generator: generator)
    let woman = Synthesizer().speak(
      sentence, Voice(tract: 1.17, pitch: 205, speed: 1.1), generator: generator)
    let inNoise = noisy(woman.samples, decibels: 10, generator: generator)
    let file = page.folder.appendingPathComponent("speech.wav")
    let all = man.samples + woman.samples + inNoise
    let loudest = all.map(abs).max()!
    try WaveFile(samples: all.map { 0.9 * $0 / loudest }, sampleRate: Synthesizer.sampleRate)
      .write(to: file)
    page.print(
      "speech.wav: \(sentence.map(String.init).joined(separator: " ")), said by a low voice, by a "
        + "high one, and by that one in noise (10 dB)")
    let named = [("low voice", man.samples), ("high voice", woman.samples), ("in noise", inNoise)]
    try page.figure(spectrograms(named))

    page.prose(
      #"""
      ### The network and its loss

      The ear is a *mel spectrogram*: how loud each of 24 bands of frequencies is, narrow low ones
      and wide high ones, as we hear. It gives logarithms, of mean 0 and spread 1 over what was
      said: how loud somebody speaks tells nothing. A GRU reads it in both directions and gives for
      every 32 ms the probability of each digit and of a *blank*, which stands for "nothing new". A
      path through these, repeated classes and then blanks struck out, spells digits: `–33––1––44–`
      is `314`. CTC's loss is −log of the probability of all paths together that spell what was
      said,

      $$-\log \sum_\pi \prod_t p_t(\pi_t),$$

      with $p_t(k)$ the probability of class $k$ at step $t$ and $\pi$ such a path, so that no path
      has to be given. The sum goes step by step, forward and backward, like that of a hidden Markov
      model.
      """#)
    page.show("Recognizer", in: "Recognizer.swift")
    page.show("train", in: "Recognizer.swift")
    let quick = page.quick
    let voices = quick ? 20 : 80, epochs = quick ? 5 : 10
    let learned = SpeechSet(voices: voices, utterancesEach: quick ? 8 : 12, seed: page.seed)
    let learnedInNoise = SpeechSet(
      voices: voices, utterancesEach: quick ? 8 : 12, seed: page.seed &+ 1,
      noise: { 25 * $0.uniform() })
    let training = SpeechSet(joining: [learned, learnedInNoise])
    page.print(
      "\(training.utterances.count) utterances of \(2 * voices) voices to learn from, half of them "
        + "in noise 0 to 25 dB below the speech; \(Recognizer().parameterCount) parameters")
    let models = try keptOverSeeds(
      page, "speech", title: "digits by CTC", { Recognizer() },
      train: { train($0, on: training, epochs: epochs, each: $1) })

    page.prose(
      #"""
      ### What the sum looks like

      Above, the ear's picture of the low voice's sentence; in the middle, what the network says at
      every step: mostly the blank, and a digit that it is sure of for a step or two. Below, the
      lattice of the loss: for each symbol of the sentence with blanks around its digits, the
      probability that the path is there, given that the sentence is spelled. The dark way from
      corner to corner is the alignment that nobody gave.
      """#)
    try page.figure(lattice(of: man, by: models[0]))

    page.prose(
      #"""
      ### Never heard

      Twenty new voices. The rival is the recognizer of the seventies: recorded examples of every
      digit by several voices, compared by *dynamic time warping*, which stretches one sound to fit
      another (Sakoe & Chiba 1978). Its examples are without noise, whereas the network learned from
      noise, too. It needs to know where a digit begins: once it is told, and once it takes what is
      loud for a digit, with the pause that served best on the voices learned. The error rate is the
      *edit distance* to what was said (digits to add, drop or change) over the digits said. *Greedy*
      takes the likeliest class of every step; *beam* sums over paths and keeps the eight best
      beginnings.
      """#)
    page.show("Templates", in: "Templates.swift")
    page.show("loudPlaces", in: "Templates.swift")
    let templates = Templates(from: learned, voices: quick ? 3 : 5)
    let pauses = [2, 4, 6, 8, 10]
    let some = learned.utterances.indices.prefix(quick ? 20 : 60)
    func byEnergy(_ set: SpeechSet, _ place: Int, pause: Int) -> [Int] {
      templates.digits(
        in: set.pictures[place], at: loudPlaces(set.utterances[place].samples, pause: pause))
    }
    let errors = pauses.map { pause in
      errorRate(some.map { byEnergy(learned, $0, pause: pause) }, some.map { learned.digits[$0] })
    }
    let pause = pauses[errors.indices.min { errors[$0] < errors[$1] }!]
    page.print("a pause is \(10 * pause) ms")

    struct Heard {
      let title: String
      let greedy, beam: [Double]
      let known, energy: Double
    }
    func test(
      _ title: String, decibels: Double?, _ voice: @escaping @Sendable (Generator) -> Voice
    ) -> Heard {
      let set = SpeechSet(
        voices: 20, utterancesEach: quick ? 1 : 5, seed: page.seed &+ 1_000, voice: voice,
        noise: { _ in decibels })
      let logP = models.map { $0.heard(in: set.pictures) }
      return Heard(
        title: title,
        greedy: logP.map { errorRate($0.map(greedyDigits), set.digits) },
        beam: logP.map { errorRate($0.map(beamDigits), set.digits) },
        known: errorRate(
          set.utterances.indices.map {
            templates.digits(in: set.pictures[$0], at: set.utterances[$0].places)
          }, set.digits),
        energy: errorRate(
          set.utterances.indices.map { byEnergy(set, $0, pause: pause) }, set.digits))
    }
    let levels: [Double?] = [nil, 20, 10, 5, 0, -5]
    var tested: [Heard] = []
    for (number, level) in levels.enumerated() {
      page.progress("listening", number, of: levels.count + 1)
      let title = level.map { "\(Int($0)) dB above noise" } ?? "no noise"
      tested.append(test(title, decibels: level, Voice.adult))
    }
    let children = test("children, no noise", decibels: nil, Voice.child)
    let percent = { (share: Double) in String(format: "%.1f %%", 100 * share) }
    page.table(
      [
        "error rate", "CTC, greedy", "CTC, beam", "templates, told where",
        "templates, what is loud",
      ],
      (tested + [children]).map { one in
        [
          one.title, percent(one.greedy.mean), percent(one.beam.mean),
          percent(one.known), percent(one.energy),
        ]
      }, alignments: [.left, .right, .right, .right, .right])
    page.result("speech.error_rate", over: tested[0].greedy)
    page.result("speech.beam.error_rate", over: tested[0].beam)
    page.result("speech.templates.known.error_rate", tested[0].known)
    page.result("speech.templates.energy.error_rate", tested[0].energy)
    page.result("speech.noise.error_rate", over: tested[2].greedy)
    page.result("speech.noise.templates.known.error_rate", tested[2].known)
    page.result("speech.noise.templates.energy.error_rate", tested[2].energy)
    page.result("speech.children.error_rate", over: children.greedy)
    var figure = Figure(
      "Digits misheard", x: Axis("speech above noise (dB)"), y: Axis("error rate (%)", min: 0))
    let x = levels.compactMap { $0 }
    func line(_ label: String, _ value: (Heard) -> Double) {
      figure.line(
        x: x, y: tested.dropFirst().map { 100 * value($0) }, label: label, markers: true)
    }
    line("CTC, greedy") { $0.greedy.mean }
    line("templates, told where") { $0.known }
    line("templates, what is loud") { $0.energy }
    try page.figure(figure)

    let best = tested[0].greedy.mean, bestInNoise = tested[2].greedy.mean
    page.print(
      "Told where each digit lies, templates "
        + (tested[0].known < best ? "mishear less than" : "do no better than")
        + " the network in silence, and "
        + (tested[2].known < bestInNoise ? "less" : "no less") + " at 10 dB above noise. "
        + (tested[0].energy > tested[0].known + 0.05
          ? "But nobody tells, and loudness doesn't: digits run together."
          : "Loudness tells it well enough."))

    page.prose(
      #"""
      ### What goes wrong

      The last row of the table is speech of children: shorter tracts and higher voices than any that
      were learned from. What a network does outside of what it has seen is anybody's guess, and a
      test on new voices *of the same kind* doesn't show it.
      """#)
    var wrong: [String: Int] = [:]
    let set = SpeechSet(
      voices: 20, utterancesEach: quick ? 1 : 5, seed: page.seed &+ 1_000, noise: { _ in 0.0 })
    let answers = models[0].heard(in: set.pictures).map(greedyDigits)
    for (said, understood) in zip(set.digits, answers) where said.count == understood.count {
      for (a, b) in zip(said, understood) where a != b { wrong["\(a) as \(b)", default: 0] += 1 }
    }
    let worst = wrong.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(5)
    if !worst.isEmpty {
      page.print(
        "in noise as loud as the speech, most misheard: "
          + worst.map { "\($0.key) (\($0.value)×)" }.joined(separator: ", "))
    }
    let (logP, name) = (
      models[0].heard(in: [man, woman].map { heard($0.samples) } + [heard(inNoise)]),
      ["low voice", "high voice", "in noise"]
    )
    for (name, logP) in zip(name, logP) {
      page.print(
        "\(name), understood: \(greedyDigits(logP).map(String.init).joined(separator: " "))")
    }
    page.prose(
      #"""
      To try: `--part speech --load --say 2718` speaks and understands other digits. In `Voice.swift`
      give seven another vowel than it was trained with; in `Speech.swift` train on `learned` alone,
      without noise: what becomes of the first line of the figure?
      """#)
  }

  private func spectrograms(_ named: [(String, [Double])]) -> Figure {
    Figure.grid(
      "What the ear gets", columns: 1,
      named.map { name, samples in
        var figure = Figure(name, x: "time (steps of 16 ms)", y: "Hz (mel)")
        figure.colorBar = Axis("loudness")
        let picture = heard(samples), bands = picture.shape[1]
        let values = picture.doubles
        figure.heatmap(
          (0..<bands).reversed().map { band in
            stride(from: band, to: values.count, by: bands).map { values[$0] }
          })
        figure.y.ticks = hertzTicks
        return figure
      })
  }

  /// The ear's picture, what the network says, and where a path may be.
  private func lattice(of utterance: Utterance, by model: Recognizer) -> Figure {
    let picture = heard(utterance.samples), bands = picture.shape[1]
    let logP = model.heard(in: [picture])[0]
    let steps = logP.shape[0], classes = logP.shape[1], values = logP.doubles
    let sums = CTCLattice(utterance.digits.map { $0 + 1 }, steps: steps) { step, label in
      values[step * classes + label]
    }
    let posteriors = (0..<steps).map(sums.posterior(at:))
    let pixels = picture.doubles
    var above = Figure("the ear", x: "", y: "Hz (mel)")
    above.colorBar = Axis("loudness")
    above.heatmap(
      (0..<bands).reversed().map { band in
        (0..<steps).map { pixels[2 * $0 * bands + band] }
      })
    above.y.ticks = hertzTicks
    var middle = Figure("the network", x: "", y: "class")
    middle.colorBar = Axis("probability")
    middle.heatmap(
      (0..<classes).map { label in (0..<steps).map { exp(values[$0 * classes + label]) } },
      rows: (0..<classes).map { $0 == 0 ? "blank" : "\($0 - 1)" }, range: 0...1)
    var below = Figure("the lattice", x: "time (steps of 32 ms)", y: "symbol")
    below.colorBar = Axis("probability")
    below.heatmap(
      sums.symbols.indices.map { symbol in posteriors.map { $0[symbol] } },
      rows: sums.symbols.map { $0 == 0 ? "–" : "\($0 - 1)" }, range: 0...1)
    let title = "\(utterance.digits.map(String.init).joined(separator: " ")) aligned by CTC"
    return Figure.grid(title, columns: 1, [above, middle, below], sharesX: true)
  }
}

/// The middles of some of the ear's bands, the highest on top.
private let hertzTicks: Axis.Ticks = {
  let (low, high) = (Spectrogram.mel(100), Spectrogram.mel(4_000))
  return .at(
    [23, 17, 11, 5, 0].map { band in
      let middle = Spectrogram.hertz(low + (high - low) * Double(band + 1) / 25)
      return (Double(23 - band), "\(Int((middle / 10).rounded()) * 10)")
    })
}()
