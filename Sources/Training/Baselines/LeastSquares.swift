/// The constant, then the weight of each input, with which a weighted sum is nearest to the targets: least
/// squares. Weights that the examples leave open are 0.
///
/// - Parameter examples: at least one, each with as many inputs.
package func leastSquares(_ examples: [(inputs: [Double], target: Double)]) -> [Double] {
  // The normal equations XᵀX w = Xᵀy, with a column of ones in X.
  let size = (examples.first?.inputs.count ?? 0) + 1
  var table = [[Double]](repeating: [Double](repeating: 0, count: size + 1), count: size)
  for (inputs, target) in examples {
    let row = [1] + inputs + [target]
    for i in 0..<size {
      for j in 0...size { table[i][j] += row[i] * row[j] }
    }
  }
  // Gauss and Jordan's elimination, with the largest pivot; what has none is left open.
  let smallest = 1e-13 * (0..<size).map { table[$0][$0] }.max()!
  var weights = [Double](repeating: 0, count: size)
  var row = 0, columns: [Int] = []
  for column in 0..<size {
    let pivot = (row..<size).max { abs(table[$0][column]) < abs(table[$1][column]) }!
    guard abs(table[pivot][column]) > smallest else { continue }
    table.swapAt(row, pivot)
    for i in 0..<size where i != row {
      let factor = table[i][column] / table[row][column]
      for j in column...size { table[i][j] -= factor * table[row][j] }
    }
    columns.append(column)
    row += 1
    if row == size { break }
  }
  for (row, column) in columns.enumerated() {
    weights[column] = table[row][size] / table[row][column]
  }
  return weights
}
