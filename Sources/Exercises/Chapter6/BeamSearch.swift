import Workbook

// A translator says its sentence word by word. Taking the likeliest word each time ("greedy") may end
// in a sentence that is not the likeliest. Beam search keeps the `width` best beginnings instead.
//
// The model is as small as can be: logs[a, b] is the logarithm of the probability that word b follows
// word a. Word 0 begins every sentence, word 1 ends it. A beginning's score is the sum of the logs of
// its words.
//
//     1. Begin with the empty sentence, score 0; what stands before its first word is word 0.
//     2. Go on with every beginning that has not ended by every word b = 0, 1, 2, …; those that have
//        ended stay as they are. Of all these keep the `width` with the highest scores.
//     3. Stop when all that are kept have ended, or after `most` words. The best one is the answer.
//
// Return its words, the ending 1 included and the beginning 0 not, and its score.

struct Sentence: Codable, Hashable {
  var words: [Int]
  var score: Double
}

func beamSearch(logs: Matrix, width: Int, most: Int) -> Sentence {
  var kept = [Sentence(words: [], score: 0)]
  for _ in 0..<most where !kept.allSatisfy({ $0.words.last == 1 }) {
    var all: [Sentence] = []
    for sentence in kept {
      if sentence.words.last == 1 {
        all.append(sentence)
        continue
      }
      for word in 0..<logs.columns {
        let score = sentence.score + logs[sentence.words.last ?? 0, word]
        all.append(Sentence(words: sentence.words + [word], score: score))
      }
    }
    kept = Array(all.sorted { $0.score > $1.score }.prefix(width))
  }
  return kept[0]
}

// MARK: - Checks

/// The search with a fault.
private func search(
  _ logs: Matrix, _ width: Int, _ most: Int, goesOn: Bool = false, drops: Bool = false,
  adds: Bool = true, perParent: Bool = false,
  order: (Sentence) -> Double = { $0.score }
) -> Sentence {
  var kept = [Sentence(words: [], score: 0)]
  func ended(_ sentence: Sentence) -> Bool { sentence.words.last == 1 && !goesOn }
  for _ in 0..<most where !kept.allSatisfy(ended) {
    var all: [Sentence] = []
    for sentence in kept {
      if ended(sentence) {
        if !drops { all.append(sentence) }
        continue
      }
      var next = (0..<logs.columns).map { word in
        Sentence(
          words: sentence.words + [word],
          score: (adds ? sentence.score : 0) + logs[sentence.words.last ?? 0, word])
      }
      if perParent { next = Array(next.sorted { order($0) > order($1) }.prefix(width)) }
      all += next
    }
    if all.isEmpty { break }
    kept = perParent ? all : Array(all.sorted { order($0) > order($1) }.prefix(width))
  }
  return kept.max { order($0) < order($1) } ?? kept[0]
}

let beamSearchExercise = Exercise(
  "beam-search", chapter: 6, "Beam search", minutes: 60,
  hints: [
    "Keep a list of (words, score); every round makes a longer list of it, sorts it and cuts it off.",
    "A sentence that has ended is one candidate among the others: it is neither extended nor "
      + "dropped.",
    "What a word follows: `sentence.words.last ?? 0`.",
  ],
  solution: beamSearch
) { trial in
  typealias Fault = (sentence: String, run: (Matrix, Int, Int) -> Sentence)
  let faults: [Fault] = [
    (
      "That is the greedy sentence, the likeliest word each time: keep `width` beginnings.",
      { logs, _, most in search(logs, 1, most) }
    ),
    (
      "Sentences that have ended are dropped; they stay, and longer ones have to beat them.",
      { search($0, $1, $2, drops: true) }
    ),
    (
      "Sentences that have ended go on growing: word 1 is the end.",
      { search($0, $1, $2, goesOn: true) }
    ),
    (
      "A beginning is judged by its last word alone: add the logs up.",
      { search($0, $1, $2, adds: false) }
    ),
    (
      "The score is divided by the length; here the sum itself decides.",
      { search($0, $1, $2, order: { $0.score / Double(max(1, $0.words.count)) }) }
    ),
    (
      "Each beginning keeps its own `width` best, so that nothing is ever cut off: `width` of all.",
      { search($0, $1, min($2, 5), perParent: true) }
    ),
    (
      "The ending is not among the words: return the 1 as well.",
      { logs, width, most in
        var found = search(logs, width, most)
        found.words.removeAll { $0 == 1 }
        return found
      }
    ),
    (
      "The beginning's word 0 is among the words: return what follows it.",
      { logs, width, most in
        var found = search(logs, width, most)
        found.words.insert(0, at: 0)
        return found
      }
    ),
    (
      "The score is a probability; the sum of the logarithms is asked.",
      { logs, width, most in
        var found = search(logs, width, most)
        found.score = exp(found.score)
        return found
      }
    ),
  ]
  // A model for each fault, in which it shows, and no two that show give the same.
  for index in faults.indices {
    var (logs, width, most) = (Matrix.zeros(1, 1), 2, 5)
    for _ in 0..<5000 {
      let words = trial.size(4...5)
      logs = Matrix(
        (0..<words).map { _ in
          let powers = trial.numbers(words, scale: 1.2).map { exp($0) }
          return powers.map { log($0 / powers.reduce(0, +)) }
        })
      (width, most) = (trial.size(2...3), trial.size(4...5))
      let right = search(logs, width, most), wrong = faults.map { $0.run(logs, width, most) }
      let shown = wrong.filter { $0 != right }
      if wrong[index] != right, Set(shown).count == shown.count { break }
    }
    try trial.expect(
      "", of: logs, width, most, equals: beamSearch(logs: logs, width: width, most: most),
      mistakes: Mistakes(faults.map { ($0.sentence, $0.run(logs, width, most)) }))
  }
}
