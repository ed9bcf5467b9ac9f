import Unroll

/// The matrix products of a version by themselves: as many, of the same shapes, forward and back, on
/// arrays that remember nothing. Those of version 5, which brings each matrix into order once, as if no step
/// had to wait for the one before: what the waiting costs is left to the rest.
func productsAlone(
  of version: Int, steps: Int, batch: Int, inputSize: Int, hiddenSize: Int
) -> () -> Void {
  /// y = x Wᵀ, ∂L/∂W = ∂yᵀ x, and ∂L/∂x = ∂y W where x is not the data.
  func product(_ rows: Int, _ inputs: Int, _ outputs: Int, isData: Bool = false) -> () -> Void {
    let x = NDArray.normal([rows, inputs]), w = NDArray.normal([outputs, inputs])
    let dy = NDArray.normal([rows, outputs])
    return {
      _ = x.matmul(w.transposed)
      _ = dy.transposed.matmul(x)
      if !isData { _ = dy.matmul(w) }
    }
  }
  let both = inputSize + hiddenSize, gates = 4 * hiddenSize
  let input = product(steps * batch, inputSize, gates, isData: true)
  let works: [(times: Int, work: () -> Void)]
  switch version {
  case 1:
    let one = product(batch, inputSize, hiddenSize, isData: true)
    works = [(4 * steps, one), (4 * steps, product(batch, hiddenSize, hiddenSize))]
  case 2: works = [(4 * steps, product(batch, both, hiddenSize))]
  case 3: works = [(steps, product(batch, both, gates))]
  case 4: works = [(1, input), (steps, product(batch, hiddenSize, gates))]
  default: works = [(1, input), (1, product(steps * batch, hiddenSize, gates))]
  }
  return {
    for (times, work) in works { for _ in 0..<times { work() } }
  }
}
