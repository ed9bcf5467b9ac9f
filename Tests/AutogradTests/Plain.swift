import Autograd

/// Numbers in a grid, and what is computed of them by a loop over plain `Double`s: what operations are
/// compared with, as nothing of it is theirs.
struct Plain {
  let shape: [Int]
  /// Row-major.
  let numbers: [Double]

  init(_ array: NDArray) { (shape, numbers) = (array.shape, array.doubles) }

  /// A number for each place.
  init(_ shape: [Int], _ number: (_ place: [Int]) -> Double) {
    self.shape = shape
    numbers = Plain.places(shape).map(number)
  }

  /// Every place of a shape, the last axis fastest.
  static func places(_ shape: [Int]) -> [[Int]] {
    shape.reduce([[]]) { places, size in places.flatMap { place in (0..<size).map { place + [$0] } }
    }
  }

  subscript(place: [Int]) -> Double {
    numbers[zip(place, shape).reduce(0) { $0 * $1.1 + $1.0 }]
  }
  subscript(place: Int...) -> Double { self[place] }

  func map(_ function: (Double) -> Double) -> Plain { Plain(shape) { function(self[$0]) } }

  /// Number by number with another, both stretched to one shape.
  func with(_ other: Plain, _ function: (Double, Double) -> Double) -> Plain {
    let rank = max(shape.count, other.shape.count)
    func padded(_ shape: [Int]) -> [Int] { Array(repeating: 1, count: rank - shape.count) + shape }
    let (a, b) = (padded(shape), padded(other.shape))
    let result = zip(a, b).map { $0 == 1 ? $1 : $0 }
    return Plain(result) { place in
      func own(_ sizes: [Int], _ count: Int) -> [Int] {
        Array(zip(place, sizes).map { $1 == 1 ? 0 : $0 }.suffix(count))
      }
      return function(self[own(a, shape.count)], other[own(b, other.shape.count)])
    }
  }

  /// All numbers along some axes made one.
  func over(_ axes: [Int]?, keepDims: Bool = false, _ function: ([Double]) -> Double) -> Plain {
    let axes = Set((axes ?? Array(shape.indices)).map { $0 < 0 ? $0 + shape.count : $0 })
    let kept = shape.enumerated().map { axes.contains($0) ? 1 : $1 }
    let result = Plain(kept) { place in
      let ranges = shape.indices.map { axes.contains($0) ? Array(0..<shape[$0]) : [place[$0]] }
      let lines = ranges.reduce([[]]) { lines, range in
        lines.flatMap { line in range.map { line + [$0] } }
      }
      return function(lines.map { self[$0] })
    }
    if keepDims { return result }
    return result.reshaped(shape.indices.filter { !axes.contains($0) }.map { shape[$0] })
  }

  /// Each number from all along its line.
  func along(_ axis: Int, _ function: (_ number: Double, _ line: [Double]) -> Double) -> Plain {
    let axis = axis < 0 ? axis + shape.count : axis
    return Plain(shape) { place in
      let line = (0..<shape[axis]).map { step in
        var other = place
        other[axis] = step
        return self[other]
      }
      return function(self[place], line)
    }
  }

  func reshaped(_ shape: [Int]) -> Plain {
    var next = numbers.makeIterator()
    return Plain(shape) { _ in next.next()! }
  }

  /// Matrices by their rows and columns.
  func product(_ other: Plain) -> Plain {
    Plain([shape[0], other.shape[1]]) { place in
      (0..<shape[1]).reduce(0) { $0 + self[place[0], $1] * other[$1, place[1]] }
    }
  }
}
