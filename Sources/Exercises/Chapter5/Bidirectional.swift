import Workbook

// Where the whole sequence is there, a second layer may read it from its end. Both states of a step
// stand beside one another, so that each knows what came before and what comes after:
//
//     f = the layer over x[0], x[1], …        b = the layer over x[T − 1], x[T − 2], …
//     output[t] = [ f's state at x[t],  b's state at x[t] ]                [batch, 2 · hidden]
//
// Both begin from 0. Given are a layer's weights and `states`, which runs it over a sequence. Also
// return both last states, those that have seen everything: the forward one, then the backward one.

struct Weights: Codable {
  var W_ih: Matrix
  var W_hh: Matrix
  var b: Matrix

  /// The states at every step of a sequence, from 0.
  func states(_ x: [Matrix]) -> [Matrix] {
    var h = Matrix.zeros(x[0].rows, W_hh.rows)
    return x.map { x in
      h = (x.matmul(W_ih.transposed) + h.matmul(W_hh.transposed) + b).tanh()
      return h
    }
  }
}

struct BothWays: Codable {
  var output: [Matrix]
  var last: [Matrix]
}

func bidirectional(x: [Matrix], forward: Weights, backward: Weights) -> BothWays {
  let f = forward.states(x)
  let b = Array(backward.states(x.reversed()).reversed())
  return BothWays(
    output: zip(f, b).map { Matrix.joined(columns: [$0, $1]) }, last: [f[f.count - 1], b[0]])
}

// MARK: - Checks

let bidirectionalExercise = Exercise(
  "bidirectional", chapter: 5, "Both directions", minutes: 20,
  hints: [
    "Reverse the sequence, run the layer, and reverse its states: then both run along x.",
    "The backward layer has seen everything when it has come to x[0].",
  ],
  solution: bidirectional
) { trial in
  func ask(
    _ x: [Matrix], _ forward: Weights, _ backward: Weights, is golden: BothWays? = nil
  ) throws {
    let f = forward.states(x), turned = backward.states(x.reversed())
    let b = Array(turned.reversed()), end = x.count - 1
    func result(
      _ f: [Matrix], _ b: [Matrix], last: [Matrix]? = nil
    ) -> BothWays {
      BothWays(
        output: zip(f, b).map { .joined(columns: [$0, $1]) }, last: last ?? [f[end], b[0]])
    }
    try trial.expect(
      "", of: x, forward, backward, equals: golden ?? result(f, b), axes: ["t"],
      mistakes: [
        "The backward states are not turned back: at t they belong to x[T − 1 − t].":
          result(f, turned, last: [f[end], b[0]]),
        "The backward states are not turned back, neither in the output nor for the last one.":
          result(f, turned),
        "The backward layer reads forward, too: give it the sequence from its end.":
          result(f, backward.states(x), last: [f[end], backward.states(x)[end]]),
        "The backward layer's last state is taken at x[T − 1], where it has seen one step: it ends at "
          + "x[0].": result(f, b, last: [f[end], b[end]]),
        "Both directions have the forward layer's weights.":
          result(f, forward.states(x.reversed()).reversed()),
        "The backward part stands first: forward, then backward.":
          BothWays(output: result(b, f, last: [f[end], b[0]]).output, last: [f[end], b[0]]),
        "Both states are added up; they stand beside one another, [batch, 2 · hidden].":
          BothWays(output: zip(f, b).map { $0 + $1 }, last: [f[end], b[0]]),
      ])
  }
  let g = trial.golden
  func weights(_ suffix: String) -> Weights {
    Weights(
      W_ih: g.matrix("weight_ih\(suffix)"), W_hh: g.matrix("weight_hh\(suffix)"),
      b: g.matrix("b\(suffix)"))
  }
  try ask(
    g.sequence("x"), weights("_f"), weights("_b"),
    is: BothWays(output: g.sequence("output"), last: g.sequence("h_n")))
  for _ in 0..<2 {
    let (steps, batch, input) = (trial.size(3...5), trial.size(2...3), trial.size(2...3))
    let hidden = trial.size(2...3)
    func draw() -> Weights {
      Weights(
        W_ih: trial.matrix(hidden, input), W_hh: trial.matrix(hidden, hidden),
        b: trial.matrix(1, hidden))
    }
    try ask(trial.sequence(steps, batch, input), draw(), draw())
  }
}
