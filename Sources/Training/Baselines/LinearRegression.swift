import Arrays

/// A constant and a weighted sum of the inputs, by least squares (scikit-learn's `LinearRegression`): what
/// can be done without a network, and what one has to beat.
///
///     let line = LinearRegression(fitting: [[1, 2], [2, 0], [4, 1], [0, 3]], targets: [3, 1, 4, 2])
///     let next = line.predict([3, 3])
///
/// Where the examples leave the weights open (an input that does not change, inputs that hang together,
/// more inputs than examples), of all that fit as well those are taken whose squares add up to the least.
public struct LinearRegression: Equatable, Sendable {
  /// The constant.
  public let intercept: Double
  /// The weight of each input.
  public let coefficients: [Double]

  /// Finds the weights with which the squared errors add up to the least.
  ///
  /// - Parameters:
  ///   - inputs: at least one example, `[example][input]`, each with as many inputs.
  ///   - targets: what each example is to give.
  public init(fitting inputs: [[Double]], targets: [Double]) {
    guard let first = inputs.first, inputs.count == targets.count,
      inputs.allSatisfy({ $0.count == first.count })
    else {
      wrongUse(
        "LinearRegression: \(inputs.count) examples of \(Set(inputs.map(\.count)).sorted()) inputs and "
          + "\(targets.count) targets")
    }
    // About the means, where the constant is zero, the normal equations: XᵀX w = Xᵀy.
    let size = first.count, count = Double(inputs.count)
    let means = (0..<size).map { column in inputs.reduce(0) { $0 + $1[column] } / count }
    let middle = targets.reduce(0, +) / count
    var table = [[Double]](repeating: [Double](repeating: 0, count: size + 1), count: size)
    for (inputs, target) in zip(inputs, targets) {
      let row = zip(inputs, means).map { $0 - $1 } + [target - middle]
      for i in 0..<size { for j in 0...size { table[i][j] += row[i] * row[j] } }
    }
    let weights = smallestSolution(of: table)
    coefficients = weights
    intercept = zip(weights, means).reduce(middle) { $0 - $1.0 * $1.1 }
  }

  /// What the inputs of one example give.
  public func predict(_ inputs: [Double]) -> Double {
    guard inputs.count == coefficients.count else {
      wrongUse("LinearRegression: \(inputs.count) inputs for \(coefficients.count) weights")
    }
    return zip(coefficients, inputs).reduce(intercept) { $0 + $1.0 * $1.1 }
  }

  /// What each example gives, `[example][input]`.
  public func predict(_ inputs: [[Double]]) -> [Double] { inputs.map { predict($0) } }
}

/// The solution of equations whose matrix is symmetric and has no negative eigenvalue, their right side in
/// the last column; the smallest, where there are several; not a number, where one of theirs is none.
private func smallestSolution(of equations: [[Double]]) -> [Double] {
  let size = equations.count
  guard equations.joined().allSatisfy(\.isFinite) else {
    return [Double](repeating: .nan, count: size)
  }
  // Gauss and Jordan's elimination, with the largest pivot; a column that has none is open.
  var table = equations, row = 0, pivots: [Int] = [], open: [Int] = []
  let smallest = 1e-13 * ((0..<size).map { table[$0][$0] }.max() ?? 0)
  for column in 0..<size {
    let pivot = (row..<size).max { abs(table[$0][column]) < abs(table[$1][column]) }
    guard let pivot, abs(table[pivot][column]) > smallest else {
      open.append(column)
      continue
    }
    table.swapAt(row, pivot)
    let scale = table[row][column]
    for j in column...size { table[row][j] /= scale }
    for i in 0..<size where i != row && table[i][column] != 0 {
      let factor = table[i][column]
      for j in column...size { table[i][j] -= factor * table[row][j] }
    }
    pivots.append(column)
    row += 1
  }
  var solution = [Double](repeating: 0, count: size)
  for (row, column) in pivots.enumerated() { solution[column] = table[row][size] }
  // Each open column gives a direction in which nothing changes; what lies along them is taken away.
  var directions: [[Double]] = []
  for column in open {
    var direction = [Double](repeating: 0, count: size)
    direction[column] = 1
    for (row, pivot) in pivots.enumerated() where pivot < column {
      direction[pivot] = -table[row][column]
    }
    for other in directions { direction.remove(along: other) }
    let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
    directions.append(direction.map { $0 / length })
  }
  for direction in directions { solution.remove(along: direction) }
  return solution
}

extension [Double] {
  /// Takes away what lies along a direction of length 1.
  fileprivate mutating func remove(along direction: [Double]) {
    let share = zip(self, direction).reduce(0) { $0 + $1.0 * $1.1 }
    for i in indices { self[i] -= share * direction[i] }
  }
}
