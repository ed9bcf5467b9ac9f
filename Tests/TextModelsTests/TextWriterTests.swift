import Arrays
import Foundation
import NN
import Sequences
import TestSupport
import Testing
import TextModels
import Training

/// A small network, so that a step takes a moment.
private func small(dropout: Double = 0.2, passes: Int = 1_000) -> WriterRecipe {
  var recipe = WriterRecipe(hiddenSize: 16, dropout: dropout, mostPasses: passes)
  (recipe.embeddingSize, recipe.batchSize, recipe.stretch, recipe.round) = (8, 8, 20, 10)
  return recipe
}

private func story() throws -> CharacterText { try CharacterText(Generated.story) }

private func trainer(_ length: WriterLength = .steps(33), seed: UInt64 = 1) -> WriterTrainer {
  WriterTrainer(length, recipe: small(), seed: seed)
}

/// The file that a writer makes: all of it is in there.
private func file(_ writer: TextWriter) throws -> Data {
  try withTemporaryFolder { folder in
    let file = folder.appendingPathComponent("writer")
    try writer.write(to: file)
    return try Data(contentsOf: file)
  }
}

@Suite struct TextWriterTests {
  @Test func aTextThatCanBeForeseenCostsHardlyABit() throws {
    let text = try CharacterText(String(repeating: "the cat sat. ", count: 300))
    let writer = try WriterTrainer(.steps(300), recipe: small(dropout: 0)).fitted(to: text)
    #expect(writer.scores.network < 0.2 && writer.scores.bitsPerCharacter < 0.2)
    #expect(writer.scores.steps <= 300 && writer.curve.map(\.step).first == 10)
    #expect(
      writer.write(prompt: "the", length: 23, .greedy) == "the cat sat. the cat sat. ")
  }

  @Test func whatIsWrittenIsAsAsked() throws {
    let text = try story()
    let writer = try trainer().fitted(to: text)
    #expect(writer.scores.steps == 33 && writer.curve.map(\.step) == [10, 20, 30, 33])
    let greedy = writer.write(prompt: "The ", length: 50, .greedy, seed: 1)
    #expect(greedy.hasPrefix("The ") && greedy.count == 54)
    #expect(greedy == writer.write(prompt: "The ", length: 50, Sampler(topK: 1), seed: 2))
    let drawn = writer.write(length: 300, Sampler(temperature: 3), seed: 1)
    #expect(drawn == writer.write(length: 300, Sampler(temperature: 3), seed: 1))
    #expect(drawn != writer.write(length: 300, Sampler(temperature: 3), seed: 2))
    #expect(drawn.count == 300 && !drawn.contains("<unk>"))
    #expect(writer.unknown(in: "The ß水") == ["ß", "水"])
    #expect(writer.write(prompt: "水", length: 3).hasPrefix("水"))
  }

  /// What stands in the scores, by a way of its own.
  @Test func scoresAreThoseOfNetworkAndCounts() throws {
    let text = try story()
    let writer = try trainer().fitted(to: text)
    let scores = writer.scores
    let counts = NGramCounts(
      text.learned, order: scores.countingOrder, classes: text.vocabulary.count)
    let counted = Array(counts.probabilities(of: text.heldOut).dropFirst())
    #expect(abs(scores.counting - meanBits(counted)) < 1e-12)
    // Read in one row, not in several.
    let network = try writer.network().probabilities(of: text.heldOut)
    #expect(network.count == text.heldOut.count - 1)
    #expect(abs(scores.network - meanBits(network)) < 0.01)
    let share = scores.countingShare
    #expect(share > 0.5, "so short a run is worth less than counting")
    let both = zip(network, counted).map { (1 - share) * $0 + share * $1 }
    #expect(abs(scores.bitsPerCharacter - meanBits(both)) < 0.01)
    #expect(scores.bitsPerCharacter < scores.network)
  }

  /// Counts that have all the share are all that writes.
  @Test func countsWriteToo() throws {
    let text = try story()
    let counts = NGramCounts(text.learned, order: 4, classes: text.vocabulary.count)
    let network = NextCharacterNetwork(
      kinds: text.vocabulary.count, embeddingSize: 4, hiddenSize: 8, dropout: 0)
    network.eval()
    var composer = Composer(
      network, text.vocabulary, counting: Counting(counts, share: 1), .greedy, seed: 1)
    composer.write("The fer")
    let next = counts.probabilities(after: text.ids(of: "The fer"))
    let likeliest = next.indices.max { next[$0] < next[$1] }!
    #expect(composer.draw().map(String.init) == text.vocabulary.tokens[likeliest])
    // What is refused is not written.
    #expect(composer.draw { $0 == "y" } == "y" && composer.draw { _ in false } == nil)
    #expect(composer.written.hasSuffix("y"))
  }

  // MARK: Length

  /// However short the time: some steps are taken, and no more than are good for the text.
  @Test func minutes() throws {
    let text = try story()
    let short = try trainer(.minutes(1e-6)).fitted(to: text)
    #expect(short.scores.steps >= 6)
    var recipe = small(passes: 1)
    recipe.batchSize = 40
    let most = text.learned.count / (40 * 20)
    let capped = try WriterTrainer(.minutes(1_000), recipe: recipe).fitted(to: text)
    #expect(capped.scores.steps == most)
  }

  @Test func longTextsGetLargerNetworksAndLessDropout() {
    let recipes = [2_000, 100_000, 800_000].map { WriterRecipe(characters: $0) }
    let sizes = recipes.map(\.hiddenSize), dropouts = recipes.map(\.dropout)
    #expect(sizes == sizes.sorted() && sizes[0] < sizes[2])
    #expect(dropouts == dropouts.sorted(by: >) && dropouts[0] > dropouts[2])
  }

  // MARK: Interruptions

  /// Ctrl-C in the first round, at a round's end, in the last one: the run goes on to the same bits.
  /// In a process of its own, because a signal is for all.
  @Test(arguments: [3, 10, 25, 33]) func interruptedRunsGoOnToTheSameBits(step: Int) async {
    await #expect(processExitsWith: .success) { [step = step as Int] in
      let text = try story(), whole = try file(trainer().fitted(to: text))
      let scratch = Scratch(), checkpoint = scratch["run"]
      let stopping = CountedControlC(at: step)
      do {
        _ = try trainer().fitted(to: text, checkpoint: checkpoint) { work, _ in
          if work == "learning" { stopping.step() }
        }
        exit(1)
      } catch let stop as TrainingInterrupted where stop.signal == SIGINT {}
      guard scratch.names == ["run"] else { exit(2) }
      let resumed = try trainer().fitted(to: text, checkpoint: checkpoint)
      guard try file(resumed) == whole, scratch.names.isEmpty else { exit(3) }
      exit(0)
    }
  }

  /// A run of so many minutes that is interrupted before it knows how long a step takes is planned then,
  /// and every run that goes on from there ends alike.
  @Test func thePlanIsKept() async {
    await #expect(processExitsWith: .success) {
      let text = try story()
      let scratch = Scratch(), checkpoint = scratch["run"], copy = scratch["copy"]
      let stopping = CountedControlC(at: 2)
      do {
        _ = try trainer(.minutes(0.002)).fitted(to: text, checkpoint: checkpoint) { _, _ in
          stopping.step()
        }
        exit(1)
      } catch is TrainingInterrupted {}
      try FileManager.default.copyItem(at: checkpoint, to: copy)
      let one = try trainer(.minutes(0.002)).fitted(to: text, checkpoint: checkpoint)
      let other = try trainer(.minutes(0.002)).fitted(to: text, checkpoint: copy)
      guard try file(one) == file(other) else { exit(2) }
      exit(0)
    }
  }

  /// A checkpoint of another text, seed or length, and one that is none, is refused and left alone.
  @Test func checkpointsOfOtherRunsAreRefused() async {
    await #expect(processExitsWith: .success) {
      let text = try story()
      let scratch = Scratch(), checkpoint = scratch["run"]
      let stopping = CountedControlC(at: 12)
      do {
        _ = try trainer().fitted(to: text, checkpoint: checkpoint) { _, _ in stopping.step() }
        exit(1)
      } catch is TrainingInterrupted {}
      let kept = try Data(contentsOf: checkpoint)
      let other = try CharacterText(String(Generated.story.dropLast(1)))
      for (trainer, text) in [
        (trainer(seed: 2), text), (trainer(.steps(34)), text), (trainer(), other),
      ] {
        do {
          _ = try trainer.fitted(to: text, checkpoint: checkpoint)
          exit(2)
        } catch is TrainingError {}
        guard try Data(contentsOf: checkpoint) == kept else { exit(3) }
      }
      for damaged in [Data(), kept.prefix(100), kept.prefix(kept.count - 5)] {
        try damaged.write(to: checkpoint)
        do {
          _ = try trainer().fitted(to: text, checkpoint: checkpoint)
          exit(4)
        } catch is SafetensorsError {}
      }
      exit(0)
    }
  }

  @Test func marksTellRunsApart() throws {
    let text = try story()
    let other = try CharacterText(String(Generated.story.dropLast(1)))
    let marks = [
      trainer().mark(of: text), trainer(seed: 2).mark(of: text), trainer().mark(of: other),
      trainer(.steps(34)).mark(of: text), trainer(.minutes(1)).mark(of: text),
      WriterTrainer(.steps(33)).mark(of: text),
    ]
    #expect(Set(marks).count == marks.count && marks.allSatisfy { $0.count == 16 })
    #expect(trainer().mark(of: text) == marks[0])
  }

  // MARK: Files

  @Test func whatIsSavedWritesTheSame() throws {
    let writer = try trainer().fitted(to: story())
    let scratch = Scratch(), file = scratch["writer"]
    try writer.write(to: file)
    let again = try TextWriter(contentsOf: file)
    #expect(again.scores == writer.scores && again.curve == writer.curve)
    #expect(again.recipe == writer.recipe && again.vocabulary == writer.vocabulary)
    #expect(again.write(prompt: "A", length: 80) == writer.write(prompt: "A", length: 80))
  }

  @Test func damagedFilesAreRefused() throws {
    let scratch = Scratch(), url = scratch["writer"]
    let whole = try file(trainer().fitted(to: story()))
    for length in stride(from: 0, to: whole.count, by: max(1, whole.count / 40)) {
      try whole.prefix(length).write(to: url)
      #expect(throws: (any Error).self) { try TextWriter(contentsOf: url) }
    }
    try whole.write(to: url)
    let saved = try Safetensors(contentsOf: url)
    /// The message of a file whose JSON has another text in one place.
    func refusal(_ old: String, _ new: String) throws -> String {
      var changed = saved
      let model = saved.metadata["model"]!
      #expect(model.firstMatch(of: try Regex(old)) != nil, "\(old)")
      changed.metadata["model"] = model.replacing(try Regex(old), with: new, maxReplacements: 1)
      try changed.write(to: url)
      do {
        _ = try TextWriter(contentsOf: url)
        return "accepted"
      } catch { return "\(error)" }
    }
    for (old, new) in [
      (#""hiddenSize":16"#, #""hiddenSize":1000000000"#),
      (#""hiddenSize":16"#, #""hiddenSize":17"#),
      (#""hiddenSize":16"#, #""hiddenSize":-1"#),
      (#""embeddingSize":8"#, #""embeddingSize":9"#), (#""dropout":[0-9.]+"#, #""dropout":2"#),
      (#""countingOrder":\d+"#, #""countingOrder":0"#),
      (#""countingShare":[0-9.]+"#, #""countingShare":7"#),
      (#""countingShare":[0-9.]+"#, #""countingShare":0"#),
      (#""<unk>""#, #""<xyz>""#), (#""e""#, #""eee""#), (#""e","#, ""),
      (#""name":"output.bias""#, #""name":"output.b""#), (#""curve":\[.*?\]"#, #""curve":[]"#),
    ] {
      let message = try refusal(old, new)
      #expect(message.hasPrefix("writer: is damaged"), "\(old) → \(new): \(message)")
    }
    // Tensors of other sizes, and numbers that are none.
    for (name, change) in [
      ("counted", { $0.map { _ in 1e9 } }), ("counted", { $0.map { _ in 0.5 } }),
      ("output.bias", { $0 + [0] }), ("output.bias", { $0.map { _ in .nan } }),
    ] as [(String, ([Double]) -> [Double])] {
      var changed = saved
      let key = saved.arrays.keys.first { $0.hasSuffix("." + name) }!
      changed.arrays[key] = NDArray(change(saved.arrays[key]!.doubles))
      try changed.write(to: url)
      #expect(throws: SavedModelError.self, "\(name)") { try TextWriter(contentsOf: url) }
    }
    let metadata = ["kind": "unroll.forecast", "version": "1", "model": ""]
    try Safetensors(saved.arrays, metadata: NameTable(metadata)).write(to: url)
    let problem = "holds a unroll.forecast, not a unroll.writer"
    #expect(throws: SavedModelError(file: "writer", problem: problem)) {
      try TextWriter(contentsOf: url)
    }
  }
}

/// Presses Ctrl-C at a certain step, in this thread, where threads of a pool block it.
private final class CountedControlC {
  private var left: Int
  init(at step: Int) { left = step }

  func step() {
    left -= 1
    guard left == 0 else { return }
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    raise(SIGINT)
  }
}
