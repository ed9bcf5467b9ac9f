/// The point where a function of a few numbers is least, sought without derivatives by a simplex that
/// reflects, stretches and shrinks (Nelder & Mead 1965).
///
/// - Parameters:
///   - start: where the search begins.
///   - step: how far the simplex reaches at first, along each axis.
///   - limit: how often the function may be asked.
func nelderMead(
  from start: [Double], step: [Double], limit: Int, tolerance: Double = 1e-8,
  _ function: ([Double]) -> Double
) -> (point: [Double], value: Double) {
  let size = start.count
  func ask(_ point: [Double]) -> Double {
    let value = function(point)
    return value.isNaN ? .infinity : value
  }
  guard size > 0 else { return (start, ask(start)) }
  var simplex = [(point: start, value: ask(start))]
  for axis in 0..<size {
    var point = start
    point[axis] += step[axis]
    simplex.append((point, ask(point)))
  }
  var asked = size + 1
  while asked < limit {
    simplex.sort { $0.value < $1.value }
    let best = simplex[0], worst = simplex[size]
    if worst.value - best.value <= tolerance * (abs(best.value) + tolerance) { break }
    let center = (0..<size).map { axis in
      simplex[..<size].reduce(0) { $0 + $1.point[axis] } / Double(size)
    }
    func along(_ factor: Double) -> (point: [Double], value: Double) {
      let point = (0..<size).map { center[$0] + factor * (worst.point[$0] - center[$0]) }
      asked += 1
      return (point, ask(point))
    }
    let reflected = along(-1)
    if reflected.value < best.value {
      let stretched = along(-2)
      simplex[size] = stretched.value < reflected.value ? stretched : reflected
    } else if reflected.value < simplex[size - 1].value {
      simplex[size] = reflected
    } else {
      let drawn = along(reflected.value < worst.value ? -0.5 : 0.5)
      if drawn.value < min(reflected.value, worst.value) {
        simplex[size] = drawn
      } else {
        for corner in 1...size {
          let point = (0..<size).map { (simplex[corner].point[$0] + best.point[$0]) / 2 }
          simplex[corner] = (point, ask(point))
          asked += 1
        }
      }
    }
  }
  return simplex.min { $0.value < $1.value }!
}
