import Workbook

// Speech: 400 frames, 20 letters, and nobody says which frame belongs to which letter. CTC (Graves and
// others, 2006) counts all ways. At every frame the network says a letter or the blank, 0; a path is
// read by first merging what repeats and then dropping blanks, so 0 3 3 0 3 5 reads 3 3 5. The
// probability of a text is the sum over all paths that read so.
//
// Put blanks around the letters: with the target 3 5, l = 0 3 0 5 0, S = 2 · letters + 1 places. α[s]
// is the probability of all paths so far that are at place s:
//
//     t = 0:     α[0] = p[0, l₀]      α[1] = p[0, l₁]      all others 0
//     t > 0:     α′[s] = (α[s] + α[s − 1] + α[s − 2]) · p[t, l_s]
//                where α[s − 2] counts only if l_s is no blank and l_s ≠ l_{s − 2}
//     at the end: probability = α[S − 1] + α[S − 2]
//
// Given are the logarithms logs[t, letter]. Return −log of the probability, for 400 frames too: work
// with log α throughout. log(eᵃ + eᵇ) is `logSum([a, b])`, which also does for −∞ (= log 0).

func logSum(_ values: [Double]) -> Double {
  let largest = values.max() ?? -.infinity
  if largest == -.infinity { return largest }
  return largest + log(values.map { exp($0 - largest) }.reduce(0, +))
}

func ctc(logs: Matrix, target: [Int]) -> Double {
  let l = [0] + target.flatMap { [$0, 0] }
  var alpha = l.indices.map { $0 < 2 ? logs[0, l[$0]] : -.infinity }
  for t in 1..<logs.rows {
    alpha = l.indices.map { s in
      var ways = [alpha[s]]
      if s >= 1 { ways.append(alpha[s - 1]) }
      if s >= 2, l[s] != 0, l[s] != l[s - 2] { ways.append(alpha[s - 2]) }
      return logSum(ways) + logs[t, l[s]]
    }
  }
  return -logSum(Array(alpha.suffix(2)))
}

// MARK: - Checks

/// The same with a fault.
private func walk(
  _ logs: Matrix, _ target: [Int], blanks: Bool = true, skips: Bool = true,
  equal: Bool = false, starts: Int = 2, ends: Int = 2, sum: ([Double]) -> Double = logSum,
  stays: Bool = true, blankSkips: Bool = false
) -> Double {
  let l = blanks ? [0] + target.flatMap { [$0, 0] } : target
  var alpha = l.indices.map { $0 < (blanks ? starts : 1) ? logs[0, l[$0]] : -.infinity }
  for t in 1..<logs.rows {
    alpha = l.indices.map { s in
      var ways = stays ? [alpha[s]] : []
      if s >= 1 { ways.append(alpha[s - 1]) }
      if s >= 2, blanks, skips, blankSkips || l[s] != 0, equal || blankSkips || l[s] != l[s - 2] {
        ways.append(alpha[s - 2])
      }
      return sum(ways) + logs[t, l[s]]
    }
  }
  return -sum(Array(alpha.suffix(blanks ? ends : 1)))
}

/// By trying all paths.
private func counted(_ logs: Matrix, _ target: [Int]) -> Double {
  var total = 0.0
  var path = Array(repeating: 0, count: logs.rows)
  while true {
    let merged = path.enumerated().filter { $0 == 0 || path[$0 - 1] != $1 }.map(\.element)
    if merged.filter({ $0 != 0 }) == target {
      total += exp(path.enumerated().map { logs[$0, $1] }.reduce(0, +))
    }
    guard let place = path.lastIndex(where: { $0 < logs.columns - 1 }) else { return -log(total) }
    path[place] += 1
    for later in (place + 1)..<path.count { path[later] = 0 }
  }
}

let ctcExercise = Exercise(
  "ctc", chapter: 6, "CTC's forward pass", minutes: 60,
  hints: [
    "`[0] + target.flatMap { [$0, 0] }` puts the blanks around the letters.",
    "Multiplying probabilities is adding logarithms; adding them is logSum. 0 is −∞.",
    "Collect the ways to place s in a list: α[s], α[s − 1] if s ≥ 1, and α[s − 2] if it counts.",
  ],
  solution: ctc
) { trial in
  func ask(_ logs: Matrix, _ target: [Int], is expected: Double) throws {
    func plain(_ values: [Double]) -> Double { log(values.map { exp($0) }.reduce(0, +)) }
    try trial.expect(
      "−log p", of: logs, target, equals: expected, tolerance: 1e-8,
      mistakes: [
        "α[s − 2] counts where both letters are equal: without a blank between them they would merge.":
          walk(logs, target, equal: true),
        "α[s − 2] is never used: between different letters the blank may be left out.":
          walk(logs, target, skips: false),
        "α[s − 2] counts for blanks as well: from one blank to the next a letter would be left out.":
          walk(logs, target, blankSkips: true),
        "A path may begin with the first letter, not only with a blank.":
          walk(logs, target, starts: 1),
        "A path may end in the last letter, not only in the blank after it.":
          walk(logs, target, ends: 1),
        "There are no blanks around the letters.": walk(logs, target, blanks: false),
        "That is the likeliest path alone; all of them count: logSum, not the largest.":
          walk(logs, target, sum: { $0.max() ?? -.infinity }),
        "The sign: −log of a probability is positive.": -expected,
        "It is divided by the number of letters, as a mean would be.":
          expected / Double(target.count),
        "The probabilities of 400 frames are too small for a Double, and their logarithm is −∞: use "
          + "logSum on the logarithms.": walk(logs, target, sum: plain),
        "A path never stays where it is: α[s] itself is one of the ways to α′[s].":
          walk(logs, target, stays: false),
      ])
  }
  func logs(_ frames: Int, _ letters: Int) -> Matrix {
    let powers = trial.matrix(frames, letters).exp()
    return (powers / powers.sum(axis: 1)).log()
  }
  let g = trial.golden
  try ask(g.matrix("logs"), g.integers("target"), is: g.number("loss"))
  for _ in 0..<2 {
    // Equal letters beside one another, and different ones.
    let a = trial.size(1...2), target = [a, a, 3 - a], small = logs(trial.size(5...6), 3)
    try ask(small, target, is: counted(small, target))
  }
  let long = logs(400, 20), target = (0..<20).map { _ in trial.size(1...19) }
  try ask(long, target, is: ctc(logs: long, target: target))
}
