import Unroll

/// A forecast that feeds on itself: each answer of the model goes into its window for the next.
/// `window` holds the last true values, `[width]`.
package func recursiveForecast(
  _ model: some UnaryLayer, from window: [Double], steps: Int
) -> [Double] {
  var window = window
  return (0..<steps).map { _ in
    let next = noGrad { model(Tensor(NDArray(window, shape: [1, window.count, 1]))).item }
    window = window.dropFirst() + [next]
    return next
  }
}
