/// Parameters of a recurrent layer by formula: `gates` blocks of a matrix for the input, one for
/// the state, and two biases, for each layer and direction. Layers above the first take the outputs
/// of all directions below.
package func parameters(
  gates: Int, input: Int, hidden: Int, layers: Int = 1, directions: Int = 1, bias: Bool = true
) -> Int {
  var count = 0
  for layer in 0..<layers {
    let width = layer == 0 ? input : directions * hidden
    count += directions * gates * (width * hidden + hidden * hidden + (bias ? 2 * hidden : 0))
  }
  return count
}
