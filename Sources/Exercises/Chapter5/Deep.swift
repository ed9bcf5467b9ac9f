import Workbook

// Layers on top of one another: the first reads the input, each other one the states of the layer
// below, at the same step. Every layer has weights and a first state of its own.
//
//     s⁰ = x        sˡ[t] = tanh(sˡ⁻¹[t] W_ihˡᵀ + sˡ[t − 1] W_hhˡᵀ + bˡ)        sˡ[−1] = h0[l]
//
// Return the states of the topmost layer, and every layer's last state (PyTorch's h_n).

struct Layer: Codable {
  var W_ih: Matrix
  var W_hh: Matrix
  var b: Matrix
}

struct DeepResult: Codable {
  var output: [Matrix]
  var last: [Matrix]
}

func deep(x: [Matrix], h0: [Matrix], layers: [Layer]) -> DeepResult {
  var sequence = x, last: [Matrix] = []
  for (layer, start) in zip(layers, h0) {
    var h = start
    sequence = sequence.map { below in
      h = (below.matmul(layer.W_ih.transposed) + h.matmul(layer.W_hh.transposed) + layer.b).tanh()
      return h
    }
    last.append(h)
  }
  return DeepResult(output: sequence, last: last)
}

// MARK: - Checks

let deepExercise = Exercise(
  "deep", chapter: 5, "Layers on layers", minutes: 20,
  hints: [
    "The outer loop goes over the layers, the inner one over time; what a layer gives is the next "
      + "one's input.",
    "A layer's last state is h after its inner loop.",
  ],
  solution: deep
) { trial in
  func ask(
    _ x: [Matrix], _ h0: [Matrix], _ layers: [Layer], is golden: DeepResult? = nil
  ) throws {
    let right = golden ?? deep(x: x, h0: h0, layers: layers)
    func state(_ x: Matrix, _ h: Matrix, _ layer: Layer) -> Matrix {
      rnnSequence(x: [x], h0: h, W_ih: layer.W_ih, W_hh: layer.W_hh, b: layer.b)[0]
    }
    func changed(_ change: (inout DeepResult) -> Void) -> DeepResult {
      var result = right
      change(&result)
      return result
    }
    let first = deep(x: x, h0: [h0[0]], layers: [layers[0]])
    // The state runs on from layer to layer.
    var h = h0[0]
    let chained = x.map { x in
      var below = x
      for layer in layers {
        h = state(below, h, layer)
        below = h
      }
      return h
    }
    var handed = DeepResult(output: x, last: [])
    for layer in layers {
      let start = handed.last.last ?? h0[0]
      let run = deep(x: handed.output, h0: [start], layers: [layer])
      handed = DeepResult(output: run.output, last: handed.last + run.last)
    }
    let same = Array(repeating: layers[1], count: layers.count - 1)
    try trial.expect(
      "", of: x, h0, layers, equals: right, axes: ["t"],
      mistakes: [
        "Every layer begins from the first layer's h0; each has its own.":
          deep(x: x, h0: h0.map { _ in h0[0] }, layers: layers),
        "Every layer begins from 0; each has its h0.":
          deep(x: x, h0: h0.map { .zeros($0.rows, $0.columns) }, layers: layers),
        "A layer begins with the state that the layer below ended with; each has its h0.": handed,
        "One state is handed from layer to layer within a step; each layer carries its own over time.":
          DeepResult(output: chained, last: right.last),
        "That is the first layer's output; the second one reads it.":
          changed { $0.output = first.output },
        "`last` holds the topmost layer alone: every layer has a last state.":
          changed { $0.last = [$0.last[$0.last.count - 1]] },
        "The last states are in the order top to bottom: the first layer comes first.":
          changed { $0.last.reverse() },
        "Every layer above the first has the second one's weights; each has its own.":
          deep(x: x, h0: h0, layers: [layers[0]] + same),
        "`output` holds the last step alone: return the topmost layer's states at all steps.":
          changed { $0.output = [$0.output[$0.output.count - 1]] },
      ])
  }
  let g = trial.golden
  try ask(
    g.sequence("x"), g.sequence("h0"),
    (0..<3).map {
      Layer(
        W_ih: g.matrix("weight_ih_l\($0)"), W_hh: g.matrix("weight_hh_l\($0)"),
        b: g.matrix("b_l\($0)"))
    },
    is: DeepResult(output: g.sequence("output"), last: g.sequence("h_n")))
  for _ in 0..<2 {
    let (steps, batch, input) = (trial.size(3...4), 2, trial.size(2...3)),
      hidden = trial.size(2...3)
    let layers = (0..<3).map { index in
      Layer(
        W_ih: trial.matrix(hidden, index == 0 ? input : hidden), W_hh: trial.matrix(hidden, hidden),
        b: trial.matrix(1, hidden))
    }
    try ask(trial.sequence(steps, batch, input), trial.sequence(3, batch, hidden), layers)
  }
}
