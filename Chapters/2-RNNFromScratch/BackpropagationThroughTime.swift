import Unroll

/// The gradients of L = Σₜ Σ hₜ ⊙ gₜ for one recurrent layer, derived by hand: no history, only
/// `NDArray`.
///
/// - Parameters:
///   - x: inputs `[time, batch, input]`.
///   - h: states, h[0] the start and h[t + 1] the state after input t, each `[batch, hidden]`.
///   - g: ∂L/∂hₜ as it comes from above, `[time, batch, hidden]`.
package func backpropagateThroughTime(
  x: NDArray, h: [NDArray], g: NDArray, weight_ih: NDArray, weight_hh: NDArray
) -> [String: NDArray] {
  var dW_ih = NDArray.zeros(weight_ih.shape, dtype: x.dtype)
  var dW_hh = NDArray.zeros(weight_hh.shape, dtype: x.dtype)
  var db = NDArray.zeros([weight_hh.shape[0]], dtype: x.dtype)
  var fromLater = NDArray.zeros(h[0].shape, dtype: x.dtype)
  for t in (0..<x.shape[0]).reversed() {
    let dh = g[t] + fromLater  // from above and from the future
    let da = dh * (1 - h[t + 1] * h[t + 1])  // through tanh
    dW_ih += da.transposed.matmul(x[t])  // the weights are shared: their shares add up
    dW_hh += da.transposed.matmul(h[t])
    db += da.sum(axis: 0)
    fromLater = da.matmul(weight_hh)  // one step back in time
  }
  return ["weight_ih": dW_ih, "weight_hh": dW_hh, "bias_ih": db, "bias_hh": db]
}
