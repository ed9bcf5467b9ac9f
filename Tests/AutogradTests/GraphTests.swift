import Autograd
import Testing

/// Histories of all shapes: how they are walked, and that nothing is left of them.
@Suite(.serialized) struct GraphTests {
  static let long = 1_000_000
  /// What may be left; a million small arrays are 64 MB.
  static let slack = 1_000_000

  @Test func aMillionOperations() {
    let leaf = Tensor([1, 2], requiresGrad: true)
    let before = arrayBytesInUseHere
    do {
      var x = leaf
      for _ in 0..<Self.long { x = x + 1e-6 }
      x.sum().backward()
    }
    #expect(leaf.grad == NDArray([1, 1]))
    #expect(arrayBytesInUseHere < before + Self.slack)
  }

  @Test func aMillionOperationsFreedUnwalked() {
    let leaf = Tensor([1, 2], requiresGrad: true)
    let before = arrayBytesInUseHere
    do {
      var x = leaf
      for _ in 0..<Self.long { x = x * leaf }
    }
    #expect(arrayBytesInUseHere < before + Self.slack)
  }

  @Test func manyInputsOfOne() {
    let leaf = Tensor([1, 2], requiresGrad: true)
    let parts = (0..<100_000).map { _ in leaf * 2 }
    Tensor.stack(parts).sum().backward()
    #expect(leaf.grad == NDArray([200_000, 200_000]))
  }

  @Test func diamonds() {
    // Each step uses the one before twice: 2ⁿ paths, each tensor walked once.
    let leaf = Tensor(1, dtype: .float64, requiresGrad: true)
    var x = leaf
    for _ in 0..<50 { x = x + x }
    x.backward()
    #expect(leaf.grad!.item == 0x1p50)
    leaf.zeroGrad()
    let y = leaf * 3
    (y * y + y.exp() * y).backward()
    let e3 = 20.085536923187668
    #expect(abs(leaf.grad!.item - (18 + 3 * e3 + 9 * e3)) < 1e-12)
  }

  @Test func sharedTailsOutliveTheWalk() {
    let leaf = Tensor(2, requiresGrad: true)
    let shared = leaf * 3
    let first = shared * shared, second = shared + 1
    first.backward(retainGraph: true)
    #expect(leaf.grad!.item == 36)
    second.backward()
    #expect(leaf.grad!.item == 39 && shared.item == 6 && first.item == 36)
  }

  @Test func severalOutputsOfOne() {
    let leaf = Tensor([1, 2, 3], requiresGrad: true)
    let parts = leaf.split([1, 2])
    (parts[1] * 2).sum().backward()
    #expect(leaf.grad == NDArray([0, 2, 2]), "an unused part sends nothing")
  }

  @Test func gradientsAddUp() {
    let leaf = Tensor([1, 2], requiresGrad: true)
    for _ in 0..<3 { (leaf * 2).sum().backward() }
    #expect(leaf.grad == NDArray([6, 6]))
    leaf.zeroGrad()
    #expect(leaf.grad == nil)
    (leaf * 2).backward(NDArray([1, 10]))
    #expect(leaf.grad == NDArray([2, 20]))
  }

  @Test func gradientsAreNoOneElses() {
    let a = Tensor([1, 2], requiresGrad: true), b = Tensor([3, 4], requiresGrad: true)
    let seed = NDArray([1, 1])
    (a + b).backward(seed)
    (a * 5).backward(seed)
    #expect(a.grad == NDArray([6, 6]) && b.grad == NDArray([1, 1]) && seed == NDArray([1, 1]))
  }

  @Test func onlyWhereWanted() {
    let x = Tensor([1, 2]), w = Tensor([3, 4], requiresGrad: true)
    (x * w).sum().backward()
    #expect(x.grad == nil && w.grad == NDArray([1, 2]))
    #expect(!(x * 2).requiresGrad && (x * w).requiresGrad && !w.detach().requiresGrad)
    (w.detach() * w).sum().backward()
    #expect(w.grad == NDArray([4, 6]))
    noGrad {
      #expect(!(w * 2).requiresGrad)
      noGrad {}
      #expect(!(w * 2).requiresGrad)
    }
    #expect((w * 2).requiresGrad)
    struct Stop: Error {}
    #expect(throws: Stop.self) { try noGrad { throw Stop() } }
    #expect((w * 2).requiresGrad, "recording goes on after an error")
  }

  @Test func operationsAreNamed() {
    let w = Tensor([3, 4], requiresGrad: true)
    #expect(w.operation == "leaf" && (w * w).operation == "mul")
    #expect("\(w.tanh())".hasSuffix("← tanh"))
  }

  @Test func everyThreadForItself() async {
    await withTaskGroup(of: Double.self) { group in
      for seed in 0..<8 {
        group.addTask {
          let w = Tensor([Double(seed), 1], requiresGrad: true)
          for _ in 0..<200 { ((w * 2).tanh() + w).sum().backward() }
          return w.grad!.doubles[1]
        }
      }
      let all = await group.reduce(into: Set<Double>()) { $0.insert($1) }
      #expect(all.count == 1)
    }
  }
}
