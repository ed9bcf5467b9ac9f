import Arrays
import CKernels
import Foundation
import Testing

/// Numbers of a view written out in row-major order, whatever the view's order.
@Suite(.serialized) struct CopyTests {
  /// All orders of `count` axes.
  static func orders(_ count: Int) -> [[Int]] {
    if count == 0 { return [[]] }
    return orders(count - 1).flatMap { order in
      (0..<count).map { place in
        var longer = order
        longer.insert(count - 1, at: place)
        return longer
      }
    }
  }

  /// The number of each place is its own row-major place before.
  private func isRight(_ shape: [Int], _ order: [Int], _ dtype: DType) -> Bool {
    let count = shape.reduce(1, *)
    let x = NDArray((0..<count).map(Double.init), shape: shape, dtype: dtype)
    let found = x.permuted(order).contiguous
    guard found.shape == order.map({ shape[$0] }) else { return false }
    let steps = order.map { axis in shape[(axis + 1)...].reduce(1, *) }
    var place = [Int](repeating: 0, count: order.count)
    for number in found.doubles {
      guard number == zip(place, steps).reduce(0.0, { $0 + Double($1.0 * $1.1) }) else {
        return false
      }
      var axis = order.count - 1
      while axis >= 0 {
        place[axis] += 1
        if place[axis] < found.shape[axis] { break }
        place[axis] = 0
        axis -= 1
      }
    }
    return true
  }

  @Test(arguments: DType.allCases) func everyOrder(_ dtype: DType) {
    for shape in [
      [3, 5], [16, 33], [64, 130], [2, 3, 4], [35, 32, 9], [5, 1, 17], [2, 3, 4, 5],
    ] {
      for order in Self.orders(shape.count) {
        #expect(isRight(shape, order, dtype), "\(shape) \(order)")
      }
    }
    #expect(isRight([1, 1], [1, 0], dtype) && isRight([0, 3], [1, 0], dtype))
  }

  /// Large enough to be written past the caches, and by several threads; sizes of every remainder.
  @Test(arguments: DType.allCases, [1, 3]) func large(_ dtype: DType, threads: Int) {
    let before = Threads.count
    defer { Threads.count = before }
    Threads.count = threads
    for shape in [[1024, 1040], [1031, 1057], [1024, 1043]] {
      #expect(isRight(shape, [1, 0], dtype), "\(shape)")
    }
    #expect(isRight([3, 1100, 600], [2, 0, 1], dtype))
  }

  /// Of a part that is turned, too, and of every other number.
  @Test func parts() {
    let x = NDArray((0..<600).map(Double.init), shape: [20, 30])
    let turned = x.narrow(axis: 1, start: 3, length: 21).transposed.slice(axis: 1, step: 2)
    let numbers = (0..<210).map { (k: Int) -> Double in
      let (column, row) = (k / 10, 2 * (k % 10))
      return Double(30 * row + 3 + column)
    }
    #expect(turned.contiguous.doubles == numbers)
    let column = stride(from: 4.0, to: 600, by: 30).map { $0 }
    #expect(x.select(axis: 1, index: 4).contiguous.doubles == column)
    #expect(x[3].expanded(to: [2, 30]).contiguous == NDArray.stack([x[3], x[3]]))
  }

  /// A large matrix on its side takes no many times the time of the same upright. (Read number by
  /// number it took sixteen.)
  @Test func turnedTakesLittleLonger() {
    let before = Threads.count
    defer { Threads.count = before }
    Threads.count = 1
    let x = NDArray.ones([4096, 2048])
    func seconds(_ body: () -> Void) -> Double {
      func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
      }
      return (0..<7).map { _ in
        let begin = now()
        body()
        return now() - begin
      }.min()!
    }
    let upright = seconds { _ = x.copied() }, turned = seconds { _ = x.transposed.copied() }
    #expect(turned < 8 * upright, "\(turned) s, \(upright) s")
  }
}
