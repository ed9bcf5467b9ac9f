import Autograd
import Foundation
import Testing

/// Parts of a tensor, taken one after the other in a loop: what each sends back, and what it costs.
@Suite(.serialized) struct PartTests {
  /// Ways to go through a tensor `[time, 3, 2]` part by part.
  static let ways: [(name: String, parts: @Sendable (Tensor) -> [Tensor])] = [
    ("x[t]", { x in (0..<x.shape[0]).map { x[$0] } }),
    ("x[t, 1]", { x in (0..<x.shape[0]).map { x[$0, 1] } }),
    ("select, last axis", { x in (0..<x.shape[0]).map { x.select(axis: 0, index: $0)[0..., 1] } }),
    (
      "batch first",
      { x in
        let y = x.transposed(0, 1)
        return (0..<x.shape[0]).map { y.select(axis: 1, index: $0) }
      }
    ),
    (
      "windows",
      { x in (0..<x.shape[0] - 2).map { x.narrow(axis: 0, start: $0, length: 3) } }
    ),
    ("every other", { x in (0..<x.shape[0] - 1).map { x[$0...($0 + 1)].slice(axis: 0, step: 2) } }),
    (
      "the rest",
      { x in
        var (rest, heads) = (x, [Tensor]())
        while rest.shape[0] > 0 {
          heads.append(rest[0])
          rest = rest[1...]
        }
        return heads
      }
    ),
    (
      "the rest, turned",
      { x in
        var (rest, heads) = (x.transposed(0, 2), [Tensor]())
        while rest.shape[2] > 0 {
          heads.append(rest[0..., 0..., 0])
          rest = rest.narrow(axis: 2, start: 1, length: rest.shape[2] - 1)
        }
        return heads
      }
    ),
    ("split", { x in x.split(size: 1) }),
    ("chunk", { x in x.chunk(x.shape[0]) }),
    ("columns", { x in x.chunk(2, axis: -1).reversed() }),
    ("columns with a gap", { x in [x[0..., 0, 0..<1], x[0..., 2, 0..<1], x[0..., 1, 0..<1]] }),
    (
      "columns of a matrix",
      { x in
        x.reshaped([x.shape[0], 6]).split([1, 3, 2], axis: 1).map { $0.sum(axes: [1]) }
      }
    ),
    ("take", { x in (0..<x.shape[0]).map { x.take([$0]) } }),
    (
      "of what was computed",
      { x in
        let y = x * 2
        return (0..<x.shape[0]).map { y[$0] }
      }
    ),
  ]

  /// Σ of the parts' squares, each with a weight of its own, joined or one after the other.
  private func weighted(_ parts: [Tensor], joined: Bool) -> Tensor {
    if joined { return (Tensor.stack(parts).pow(2)).sum(axes: [0]) }
    var sum = parts[0].pow(2)
    for (k, part) in parts.enumerated().dropFirst() { sum = sum + part.pow(2) * Double(k) }
    return sum
  }

  @Test(arguments: ways.indices, [false, true]) func gradients(way: Int, joined: Bool) {
    check([7, 3, 2]) { weighted(Self.ways[way].parts($0[0]), joined: joined) }
  }

  @Test func aPartAndTheWhole() {
    let x = Tensor([[1, 2], [3, 4]], requiresGrad: true)
    let y = (x * x).sum() + (x[1] * 5).sum() + x[1, 0] * 7 + x[0..., 1].sum()
    y.backward(retainGraph: true)
    #expect(x.grad == NDArray([[2, 5], [18, 14]]))
    y.backward()
    #expect(x.grad == NDArray([[4, 10], [36, 28]]))
    x.grad! += NDArray([[1, 1], [1, 1]])
    x[0].sum().backward()
    #expect(x.grad == NDArray([[6, 12], [37, 29]]))
    x.zeroGrad()
    #expect(x.grad == nil)
    x[0].sum().backward()
    #expect(x.grad == NDArray([[1, 1], [0, 0]]))
    x.grad = NDArray([[1, 2], [3, 4]])
    #expect(x.grad == NDArray([[1, 2], [3, 4]]))
    (x[1] * 0).expanded(to: [3, 2]).sum().backward()
    #expect(x.grad == NDArray([[1, 2], [3, 4]]))
    #expect(!noGrad { x[0] }.requiresGrad && !x.detach()[0].requiresGrad)
  }

  /// One place that is read ten thousand times keeps its digits.
  @Test(arguments: [1, 2, 17, 10_000]) func onePlaceManyTimes(count: Int) {
    let x = Tensor(.ones([50, 3]), requiresGrad: true)
    let table = Tensor(.ones([2000, 3]), requiresGrad: true)
    for leaf in [x, table] {
      Tensor.stack((0..<count).map { leaf[$0 % 2] * 0.1 }).sum().backward()
      Tensor.stack((0..<count).map { leaf.take([$0 % 2]) * 0.1 }).sum().backward()
      let sums = leaf.grad!.doubles, exact = Double((count + 1) / 2) * 2 * Double(Float(0.1))
      #expect(abs(sums[0] / exact - 1) < 1e-6)
      #expect(sums[6...].allSatisfy { $0 == 0 })
    }
  }

  /// Seconds of this thread, the least of three.
  private func seconds(_ body: () -> Void) -> Double {
    func now() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }
    return (0..<3).map { _ in
      let begin = now()
      body()
      return now() - begin
    }.min()!
  }

  /// Four times as many steps take some four times as long; were an array as large as x filled at each,
  /// it would be sixteen times.
  @Test(arguments: ways.indices) func costGrowsAsTheStepsDo(way: Int) {
    let times = [2000, 8000].map { steps in
      seconds {
        let x = Tensor(.ones([steps, 3, 2]), requiresGrad: true)
        let parts = Self.ways[way].parts(x)
        var sum = parts[0].sum()
        for part in parts.dropFirst() { sum = sum + part.sum() }
        sum.backward()
        #expect(x.grad != nil)
      }
    }
    #expect(times[1] / times[0] < 9, "\(Self.ways[way].name): \(times)")
  }

  @Test func joiningManyGrowsAsTheyDo() {
    let times = [2000, 8000].map { steps in
      seconds {
        let x = Tensor(.ones([4, 3]), requiresGrad: true)
        let parts = (0..<steps).map { x * Double($0) }
        (Tensor.concatenate(parts, axis: 1).sum() + Tensor.stack(parts, axis: 1).sum()).backward()
      }
    }
    #expect(times[1] / times[0] < 9, "\(times)")
  }
}
