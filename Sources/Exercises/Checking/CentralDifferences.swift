import Workbook

/// ∂f/∂x at every index, measured:  (f(x + ε) − f(x − ε)) / 2ε.  Right to about 1e-9 where f is smooth.
func centralDifferences(_ x: Matrix, _ function: (Matrix) -> Double) -> Matrix {
  let epsilon = 1e-5
  return Matrix(
    x.rows, x.columns,
    x.numbers.indices.map { place in
      func moved(_ step: Double) -> Double {
        var moved = x
        moved.numbers[place] += step
        return function(moved)
      }
      return (moved(epsilon) - moved(-epsilon)) / (2 * epsilon)
    })
}
