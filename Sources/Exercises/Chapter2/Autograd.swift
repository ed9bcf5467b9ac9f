import Workbook

// The engine of every network library, in ten lines. A computation is a list of nodes, each made
// from nodes before it. Every node has a value; the last one is the loss. Return ∂loss/∂node for
// every node of the list.
//
// The chain rule, backward from the end: the loss's own gradient is 1, and each node sends its
// gradient on to what it was made from, times the local slope:
//
//     add  a b:  y = a + b     both get dy
//     mul  a b:  y = a · b     a gets dy · b,   b gets dy · a
//     tanh a:    y = tanh a    a gets dy · (1 − y²)
//
// A node that was used twice gets two shares, and its gradient is their sum. (The recurrent weight
// of an RNN is such a node, used at every time step.)

struct Node: Codable {
  /// "leaf", "add", "mul" or "tanh".
  var operation: String
  /// The indices, smaller than the node's own, of what it was made from.
  var inputs: [Int]
  var value: Double
}

func autograd(nodes: [Node]) -> [Double] {
  var gradients = Array(repeating: 0.0, count: nodes.count)
  gradients[nodes.count - 1] = 1
  for index in nodes.indices.reversed() {
    let (node, dy) = (nodes[index], gradients[index])
    switch node.operation {
    case "add":
      gradients[node.inputs[0]] += dy
      gradients[node.inputs[1]] += dy
    case "mul":
      gradients[node.inputs[0]] += dy * nodes[node.inputs[1]].value
      gradients[node.inputs[1]] += dy * nodes[node.inputs[0]].value
    case "tanh": gradients[node.inputs[0]] += dy * (1 - node.value * node.value)
    default: break
    }
  }
  return gradients
}

// MARK: - Checks

/// The same walk with a fault: what goes to the inputs of a node with gradient dy, and how it is kept.
private func walk(
  _ nodes: [Node], forward: Bool = false, keep: (inout Double, Double) -> Void = { $0 += $1 },
  start: Double = 1, shares: (Node, [Double], Double) -> [Double] = shares
) -> [Double] {
  var gradients = Array(repeating: 0.0, count: nodes.count)
  gradients[nodes.count - 1] = start
  let order = Array(nodes.indices)
  for index in forward ? order : order.reversed() {
    let node = nodes[index], values = node.inputs.map { nodes[$0].value }
    for (input, share) in zip(node.inputs, shares(node, values, gradients[index])) {
      keep(&gradients[input], share)
    }
  }
  return gradients
}

private func shares(_ node: Node, _ x: [Double], _ dy: Double) -> [Double] {
  switch node.operation {
  case "add": [dy, dy]
  case "mul": [dy * x[1], dy * x[0]]
  case "tanh": [dy * (1 - node.value * node.value)]
  default: []
  }
}

/// A random graph in which some node is used twice; the last node depends on all.
private func graph(_ trial: Trial) -> [Node] {
  var nodes = trial.numbers(trial.size(3...4)).map {
    Node(operation: "leaf", inputs: [], value: $0)
  }
  func add(_ operation: String, _ inputs: Int...) {
    let x = inputs.map { nodes[$0].value }
    let value = operation == "add" ? x[0] + x[1] : operation == "mul" ? x[0] * x[1] : tanh(x[0])
    nodes.append(Node(operation: operation, inputs: inputs, value: value))
  }
  add("mul", 0, 1)
  add("add", nodes.count - 1, 2)
  add("tanh", nodes.count - 1)
  add("mul", 0, nodes.count - 1)  // 0 again
  add("mul", nodes.count - 1, nodes.count - 1)  // twice in one node
  for _ in 0..<trial.size(0...2) { add("mul", nodes.count - 1, trial.size(0...2)) }
  add("add", nodes.count - 1, 1)
  add("tanh", nodes.count - 1)
  return nodes
}

let autogradExercise = Exercise(
  "autograd", chapter: 2, "The chain rule on a graph: autograd in ten lines", minutes: 45,
  hints: [
    "Walk the list from its end: when a node's turn comes, all that used it has had its turn.",
    "Begin with gradients of 0, the last one 1, and `+=` every share.",
    "case \"mul\": gradients[a] += dy * nodes[b].value;  gradients[b] += dy * nodes[a].value",
  ],
  solution: autograd
) { trial in
  func ask(_ nodes: [Node], is golden: [Double]? = nil) throws {
    /// What goes on to the inputs of nodes of one operation is changed.
    func changed(
      _ operation: String?, _ change: (Node, [Double], Double) -> [Double]
    ) -> [Double] {
      walk(
        nodes,
        shares: { node, x, dy in
          operation == nil || node.operation == operation
            ? change(node, x, dy) : shares(node, x, dy)
        })
    }
    let swapped = changed("mul") { _, x, dy in [dy * x[0], dy * x[1]] }
    let wrongSlope = changed("tanh") { _, x, dy in [dy * (1 - x[0] * x[0])] }
    let noSlope = changed("tanh") { _, _, dy in [dy] }
    let unchained = changed(nil) { node, x, _ in shares(node, x, 1) }
    let firstOnly = changed(nil) { node, x, dy in Array(shares(node, x, dy).prefix(1)) }
    let leaves = zip(nodes, walk(nodes)).map { $0.operation == "leaf" ? $1 : 0 }
    try trial.expect(
      "∂loss/∂node", of: nodes, equals: golden ?? walk(nodes), tolerance: 1e-8,
      mistakes: [
        "A node that was used twice keeps only one of its shares: add them up (+=), don't overwrite.":
          walk(nodes, keep: { $0 = $1 }),
        "The list is walked forward, so a node sends its gradient on before it has it: begin at the "
          + "end.": walk(nodes, forward: true),
        "The factors of a product get each other's part: a gets dy · b, and b gets dy · a.":
          swapped,
        "The slope of tanh is taken at the wrong number: 1 − y², with the node's own value y.":
          wrongSlope,
        "tanh passes its gradient on unchanged: times 1 − y².": noSlope,
        "The local slopes are passed on without the node's own gradient: the chain rule multiplies.":
          unchained,
        "The walk begins with 0 at the loss, whose own gradient is 1.": walk(nodes, start: 0),
        "Only the first input of a sum or a product gets a share.": firstOnly,
        "Only the leaves have gradients; give those of all nodes, the loss's 1 included.": leaves,
      ])
  }
  let golden = trial.golden, x = golden.numbers("x"), values = golden.numbers("values")
  // x₀ · tanh(x₀ · x₁ + x₂), squared: what the generator computed.
  let operations: [(String, [Int])] = [
    ("mul", [0, 1]), ("add", [3, 2]), ("tanh", [4]), ("mul", [0, 5]), ("mul", [6, 6]),
  ]
  try ask(
    x.map { Node(operation: "leaf", inputs: [], value: $0) }
      + zip(operations, values).map { Node(operation: $0.0, inputs: $0.1, value: $1) },
    is: golden.numbers("gradients"))
  for _ in 0..<3 { try ask(graph(trial)) }
}
