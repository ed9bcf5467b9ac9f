/// Where a tensor came from: the inputs that want a gradient, each with how the gradient reaches it.
///
/// The inputs are kept alive by hand: what `one` and `two` name has been retained when the history was
/// made and is released by `dismantle`, or handed on by `backward()`. A graph is walked and freed
/// many thousand times a second, and counting references was most of that time.
package enum History {
  case none
  case one(Unmanaged<Tensor>, Gradient)
  case two(Unmanaged<Tensor>, Gradient, Unmanaged<Tensor>, Gradient)
  case many([Tensor], (NDArray) -> [NDArray?])
  /// Walked by `backward()` and let go.
  case consumed

  var isNone: Bool {
    if case .none = self { true } else { false }
  }

  var hasInputs: Bool {
    switch self {
    case .none, .consumed: false
    default: true
    }
  }

  /// Calls `body` with each input.
  @inline(__always)
  func forEachInput(_ body: (Unmanaged<Tensor>) -> Void) {
    switch self {
    case .none, .consumed: break
    case .one(let a, _): body(a)
    case .two(let a, _, let b, _):
      body(a)
      body(b)
    case .many(let inputs, _): for input in inputs { body(.passUnretained(input)) }
    }
  }

  /// The inputs kept alive once more.
  func retained() -> History {
    switch self {
    case .one(let a, _): _ = a.retain()
    case .two(let a, _, let b, _):
      _ = a.retain()
      _ = b.retain()
    case .none, .many, .consumed: break
    }
    return self
  }

  /// Lets the inputs go one after the other: as long as this is the last reference to an input, its
  /// own inputs are taken over before it is freed. A chain of a million operations, freed link by
  /// link, would otherwise call a million nested `deinit`s.
  mutating func dismantle() {
    var orphans = TensorStack()
    release(into: &orphans)
    while let tensor = orphans.pop() {
      tensor._withUnsafeGuaranteedRef { $0.history.release(into: &orphans) }
      tensor.release()
    }
  }

  /// Forgets the inputs; those that no one else refers to go on the stack, still alive.
  private mutating func release(into orphans: inout TensorStack) {
    switch self {
    case .none, .consumed: return
    case .one(let a, _): orphans.pushIfLast(a)
    case .two(let a, _, let b, _):
      orphans.pushIfLast(a)
      orphans.pushIfLast(b)
    case .many(let inputs, _): for input in inputs { orphans.pushIfLast(.passRetained(input)) }
    }
    self = .consumed
  }
}

/// Tensors linked to one another, last in, first out; no memory of its own. It neither retains nor
/// releases.
struct TensorStack: ~Copyable {
  private var top: Unmanaged<Tensor>?

  @inline(__always)
  mutating func push(_ tensor: Unmanaged<Tensor>) {
    tensor._withUnsafeGuaranteedRef { $0.next = top }
    top = tensor
  }

  @inline(__always)
  mutating func pop() -> Unmanaged<Tensor>? {
    guard let tensor = top else { return nil }
    top = tensor._withUnsafeGuaranteedRef { $0.next }
    return tensor
  }

  /// Pushes a tensor if the reference given is the last one to it; gives up that reference otherwise.
  fileprivate mutating func pushIfLast(_ reference: Unmanaged<Tensor>) {
    var tensor = reference.takeRetainedValue()
    if isKnownUniquelyReferenced(&tensor) { push(.passRetained(tensor)) }
  }
}
