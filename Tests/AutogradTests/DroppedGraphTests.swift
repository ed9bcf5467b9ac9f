import Autograd
import Foundation
import Testing

/// Graphs that go out of scope go without a call for each link, whatever holds the links together and
/// however small the stack.
@Suite(.serialized) struct DroppedGraphTests {
  static let steps = 30_000

  /// What one step of a chain may be made of.
  enum Link: CaseIterable {
    case one, two, concatenate, stack, outputs, closure, object, sharedArray

    func apply(_ x: Tensor, _ leaf: Tensor) -> Tensor {
      switch self {
      case .one: return x.tanh()
      case .two: return x + leaf
      case .concatenate: return Tensor.concatenate([x, leaf]).narrow(axis: 0, start: 0, length: 1)
      case .stack: return Tensor.stack([x, leaf]).select(axis: 0, index: 0)
      case .outputs: return x.concatenatedChunks()
      case .closure:
        return Tensor("keep", of: leaf, value: x.value) { dy in withExtendedLifetime(x) { dy } }
      case .object:
        let box = Box(x)
        return Tensor("keep", of: leaf, value: x.value) { dy in withExtendedLifetime(box) { dy } }
      case .sharedArray:
        let inputs = [x, leaf, x]
        return Tensor("array", of: inputs, value: x.value) { dy in
          withExtendedLifetime(inputs) { [dy, nil, nil] }
        }
      }
    }

    final class Box {
      let tensor: Tensor
      init(_ tensor: Tensor) { self.tensor = tensor }
    }
  }

  enum End: CaseIterable { case dropped, thrown, walked, walkedTwice }

  @Test(arguments: Link.allCases, End.allCases)
  func chain(link: Link, end: End) {
    onSmallStack {
      let leaf = Tensor([0.5], requiresGrad: true)
      let before = arrayBytesInUseHere
      struct Stop: Error {}
      func build() throws {
        var x = leaf
        for _ in 0..<Self.steps { x = link.apply(x, leaf) }
        switch end {
        case .dropped: break
        case .thrown: throw Stop()
        case .walked: x.sum().backward()
        case .walkedTwice:
          let loss = x.sum()
          loss.backward(retainGraph: true)
          loss.backward(retainGraph: true)
        }
      }
      do { try build() } catch { #expect(end == .thrown && error is Stop) }
      #expect(arrayBytesInUseHere <= before + 1024)
    }
  }

  @Test func wideAndDeep() {
    onSmallStack {
      let leaf = Tensor([0.5], requiresGrad: true)
      let before = arrayBytesInUseHere
      do {
        var parts = (0..<100).map { _ in leaf * 2 }
        for _ in 0..<300 {
          let all = Tensor.concatenate(parts)
          parts = all.split(size: 1)
        }
        #expect(parts.count == 100)
      }
      #expect(arrayBytesInUseHere <= before + 1024)
    }
  }

  @Test func onManyThreadsAtOnce() {
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      let leaf = Tensor([0.5], requiresGrad: true)
      let before = arrayBytesInUseHere
      do {
        var x = leaf
        for _ in 0..<10_000 { x = Link.concatenate.apply(x, leaf) }
      }
      #expect(arrayBytesInUseHere <= before + 1024)
    }
  }
}

/// References of all kinds to a tensor that `backward()` is done with.
@Suite struct ReferenceTests {
  private let leaf = Tensor([1, 2], requiresGrad: true)

  /// Operations whose results come and go.
  private func others() {
    for _ in 0..<100 { (leaf * 3 + 1).sum().backward() }
  }

  @Test func aWeakReferenceEndsWithItsTensor() {
    weak var seen: Tensor?
    do {
      let y = leaf * 2
      seen = y
      y.sum().backward()
    }
    #expect(seen == nil)
    let results = (0..<100).map { _ in leaf * 5 }
    #expect(seen == nil, "nor does it show another operation's numbers")
    withExtendedLifetime(results) { others() }
    #expect(seen == nil)
  }

  @Test func aWeakReferenceToAPartOfAGraph() {
    weak var inner: Tensor?
    let loss: Tensor
    do {
      let y = leaf * 2
      inner = y
      loss = (y * y).sum()
    }
    #expect(inner?.value == NDArray([2, 4]))
    loss.backward()
    others()
    #expect(inner == nil && loss.item == 20)
  }

  @Test func whatIsKeptKeepsItsNumbers() {
    let y = leaf * 2
    weak var seen: Tensor? = y
    let value = y.value
    y.sum().backward()
    others()
    #expect(seen === y && y.value == NDArray([2, 4]) && value == NDArray([2, 4]))
  }
}

extension Tensor {
  /// An operation with two outputs, put together again: as many numbers as before.
  fileprivate func concatenatedChunks() -> Tensor {
    let both = Tensor.concatenate([self, self]).chunk(2)
    return both[0] + both[1] * 0
  }
}

/// Runs `body` on a thread with 512 KB of stack, which is what threads have on some systems.
private func onSmallStack(_ body: @escaping @Sendable () -> Void) {
  let done = DispatchSemaphore(value: 0)
  let thread = Thread {
    body()
    done.signal()
  }
  thread.stackSize = 512 << 10
  thread.start()
  done.wait()
}
