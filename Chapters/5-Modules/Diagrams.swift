import Unroll

/// A stack of recurrent layers, unrolled in time.
func deepNetwork(layers: Int, steps: Int) -> Diagram {
  var diagram = Diagram("A deep recurrent network, unrolled")
  let colors: [Color] = [.blue, .green, .purple, .orange]
  var below = (0..<steps).map {
    diagram.circle("x\(subscripted($0 + 1))", x: 2.2 * Double($0), y: 0)
  }
  for layer in 0..<layers {
    let y = 1.5 * Double(layer + 1)
    diagram.text("layer \(layer + 1)", x: -1.9, y: y)
    let row = (0..<steps).map {
      diagram.box(
        "h⁽\(superscripted(layer + 1))⁾\(subscripted($0 + 1))", x: 2.2 * Double($0), y: y,
        color: colors[layer % 4])
    }
    for (time, node) in row.enumerated() {
      diagram.arrow(from: below[time], to: node)
      if time > 0 { diagram.arrow(from: row[time - 1], to: node) }
    }
    below = row
  }
  for (time, node) in below.enumerated() {
    let output = diagram.circle(
      "y\(subscripted(time + 1))", x: node.x, y: 1.5 * Double(layers + 1), color: .vermilion)
    diagram.arrow(from: node, to: output)
  }
  return diagram
}

/// One layer from each end over the same input, their outputs joined.
func bidirectionalNetwork(steps: Int) -> Diagram {
  var diagram = Diagram("A bidirectional layer, unrolled")
  let inputs = (0..<steps).map {
    diagram.circle("x\(subscripted($0 + 1))", x: 2.8 * Double($0), y: 0)
  }
  let forward = (0..<steps).map {
    diagram.box("→ h\(subscripted($0 + 1))", x: 2.8 * Double($0) - 0.6, y: 1.6, width: 1.1)
  }
  let backward = (0..<steps).map {
    diagram.box(
      "← h\(subscripted($0 + 1))", x: 2.8 * Double($0) + 0.6, y: 3, width: 1.1, color: .orange)
  }
  for time in 0..<steps {
    let output = diagram.circle(
      "y\(subscripted(time + 1))", x: 2.8 * Double(time), y: 4.5, color: .vermilion)
    diagram.arrow(from: inputs[time], to: forward[time], color: .blue)
    diagram.arrow(from: inputs[time], to: backward[time], color: .orange)
    diagram.arrow(from: forward[time], to: output, color: .blue)
    diagram.arrow(from: backward[time], to: output, color: .orange)
    if time > 0 {
      diagram.arrow(from: forward[time - 1], to: forward[time], color: .blue)
      diagram.arrow(from: backward[time], to: backward[time - 1], color: .orange)
    }
  }
  return diagram
}

/// A number in small figures above the line.
private func superscripted(_ number: Int) -> String {
  let figures = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
  return String(String(number).map { figures[$0.wholeNumberValue!] })
}

/// A number in small figures below the line.
func subscripted(_ number: Int) -> String {
  String(String(number).map { Character(UnicodeScalar(0x2080 + $0.wholeNumberValue!)!) })
}
