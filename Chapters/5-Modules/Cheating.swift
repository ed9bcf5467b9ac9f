import Foundation
import Unroll

extension Modules {
  /// The network that looks ahead.
  func bidirectional(_ page: Page, _ text: CharacterText, _ runs: [LearnedText]) throws {
    page.prose(
      #"""
      ## The one that cheats

      A bidirectional network reads the text from both ends. Asked at step $t$ for character $t+1$,
      its backward half has just read that very character. So it is asked twice: as it was trained,
      and with nothing to read but what came before, 35 characters from every twentieth place of the
      held-out text on, where its answer for the one character that follows is judged. Beside it, at the
      same places, stands what counting single characters gives.
      """#)
    let cheat: CharacterModel, learned: Double
    if let run = runs.first(where: { $0.model.network == .bidirectionalLSTM }) {
      (cheat, learned) = (run.model, run.perplexity)
    } else {
      cheat = CharacterModel(.bidirectionalLSTM, classes: text.classes, hiddenSize: 64)
      let epochs = page.quick ? 4 : 80
      let run = train(cheat, on: text.ids, epochs: epochs) { epoch, _ in
        page.progress("both directions", epoch, of: epochs)
      }
      learned = run.best.perplexity
    }
    page.show("CharacterModel.perplexityOutOfView", in: "Cheating.swift")
    let looking = cheat.perplexity(text.heldOut, steps: 35)
    let honest = cheat.perplexityOutOfView(text.heldOut, steps: 35, every: 20)
    // Of the characters from the second on: at 34 stands the one after 35.
    let counted = countingProbabilities(
      order: 1, text.ids, on: text.heldOut, classes: text.classes)
    let places = Array(stride(from: 34, to: counted.count, by: 20))
    let counting = meanPerplexity(of: places.map { counted[$0] })
    page.table(
      ["both directions", "perplexity"],
      [
        ["on the learned text", learned],
        ["on held-out text, the next character in view", looking],
        ["on held-out text, the next character not in view", honest],
        ["counting characters, at the same places", counting],
      ])
    page.result("charlm.cheat.in_view_perplexity", looking)
    page.result("charlm.cheat.not_in_view_perplexity", honest)
    page.claim(
      String(
        format: "On text that it has never seen its perplexity is %.2f, and means nothing: with "
          + "the next character out of view it is %.1f, no better than counting single characters, "
          + "%.1f at the same %ld places.", looking, honest, counting, places.count),
      holds: looking < counting / 2 && honest >= counting,
      otherwise: String(
        format: "On text that it has never seen its perplexity is %.2f with the next character in "
          + "view and %.1f with it out of view; counting single characters gives %.1f at the same "
          + "%ld places.", looking, honest, counting, places.count), in: .fullRuns)
    page.print(text.told(cheat))

    page.prose(
      #"""
      ## Exercises

      1. `--part sine`: replace the LSTMs of `SineModel` by GRUs. How many epochs until the same
         validation loss, and how do the 100 steps on its own fare?
      2. `--part packing`: put a mask into `MeanReader`'s task instead of packing: take the state at
         each sequence's own last step out of the padded output. Is there a difference left?
      3. `--part words`: give the n-gram model one word of context (`context: 1`, and one word in
         each row of `contexts`). What becomes of its accuracy, and why does the poem no longer come
         out right?
      4. `--part characters --data …`: raise the dropout in the braked GRU to 0.7, and lower it to
         0.2. Which perplexity moves, the learned one or the held-out one?
      5. `--full`: which of the five networks is the best on held-out text, and does its place in
         the table of learned perplexities tell?
      6. `--part characters`: take `randomOffset: false` out of `train`. Where does each perplexity
         end now, and does the held-out one mind?
      """#)
  }
}

extension CharacterModel {
  /// e to the mean cross-entropy of one character after each stretch of `steps`, nothing of which
  /// the network has in view: what it is worth as a forecaster.
  package func perplexityOutOfView(_ ids: [Int], steps: Int, every stride: Int) -> Double {
    let starts = Array(Swift.stride(from: 0, to: ids.count - steps, by: stride))
    // All stretches at once: [time, batch].
    let input = Indices(
      (0..<steps).flatMap { time in starts.map { ids[$0 + time] } }, shape: [steps, starts.count])
    let next = Indices(starts.map { ids[$0 + steps] })
    return inEvaluation {
      let last = self(input).0.narrow(
        axis: 0, start: (steps - 1) * starts.count, length: starts.count)
      return exp(crossEntropy(last, next).item)
    }
  }
}
