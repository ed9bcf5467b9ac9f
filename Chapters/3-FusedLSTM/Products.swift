import Unroll

/// The matrix products of the five versions by themselves: as many, of the same shapes, forward and
/// back, on arrays that remember nothing.
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
  default:
    // ∂L/∂W_h once, for all steps together.
    let h = NDArray.normal([batch, hiddenSize]), dy = NDArray.normal([batch, gates])
    let w = NDArray.normal([gates, hiddenSize])
    let all = NDArray.normal([steps * batch, hiddenSize])
    let dAll = NDArray.normal([steps * batch, gates])
    works = [
      (1, input), (1, { _ = dAll.transposed.matmul(all) }),
      (
        steps,
        {
          _ = h.matmul(w.transposed)
          _ = dy.matmul(w)
        }
      ),
    ]
  }
  return {
    for (times, work) in works { for _ in 0..<times { work() } }
  }
}
