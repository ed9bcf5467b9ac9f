/// A run of numbers along the last axis of up to three arrays: where it starts in each and the step
/// from one number to the next, both counted in numbers.
package struct Row {
  package var count = 1
  package var first = 0, second = 0, third = 0
  package var firstStep = 0, secondStep = 0, thirdStep = 0
}

/// Calls `body` with every row of a shape, in row-major order, as arrays with the given strides see
/// it. Neighboring axes that all arrays step through evenly are taken as one, so that rows are as
/// long as can be: an array of shape `[100, 2, 1]` beside one of the same layout is one row of 200.
package func forEachRow(
  _ shape: [Int], _ a: [Int], _ b: [Int]? = nil, _ c: [Int]? = nil, _ body: (Row) -> Void
) {
  guard shape.product > 0 else { return }
  // Axes from the last to the first, merged; the innermost is the row.
  var sizes: [Int] = [], steps: [(Int, Int, Int)] = []
  for axis in shape.indices.reversed() where shape[axis] != 1 {
    let step = (a[axis], b?[axis] ?? 0, c?[axis] ?? 0)
    if let size = sizes.last, let inner = steps.last,
      step == (inner.0 * size, inner.1 * size, inner.2 * size)
    {
      sizes[sizes.count - 1] = size * shape[axis]
    } else {
      sizes.append(shape[axis])
      steps.append(step)
    }
  }
  var row = Row()
  if let size = sizes.first {
    row.count = size
    (row.firstStep, row.secondStep, row.thirdStep) = steps[0]
  }
  var place = [Int](repeating: 0, count: sizes.count)
  while true {
    body(row)
    var axis = 1
    while axis < sizes.count {
      place[axis] += 1
      row.first += steps[axis].0
      row.second += steps[axis].1
      row.third += steps[axis].2
      if place[axis] < sizes[axis] { break }
      row.first -= steps[axis].0 * sizes[axis]
      row.second -= steps[axis].1 * sizes[axis]
      row.third -= steps[axis].2 * sizes[axis]
      place[axis] = 0
      axis += 1
    }
    if axis >= sizes.count { return }
  }
}
