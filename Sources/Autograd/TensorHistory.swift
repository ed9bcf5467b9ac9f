/// Where a tensor came from: the inputs that want a gradient, each with how the gradient reaches it.
///
/// It cannot be copied by accident: to read it counts no references, and `backward()` moves it out
/// whole, so that what a step has computed goes while its gradients are computed.
enum TensorHistory: ~Copyable {
  case none
  case one(Tensor, Gradient)
  case two(Tensor, Gradient, Tensor, Gradient)
  case many([Tensor], (NDArray) -> [NDArray?])
  /// The input's numbers at some places: the gradient is added up there.
  case part(Tensor, Window)
  /// Some rows of the input.
  case rows(Tensor, TakenRows)
  /// Walked by `backward()` and let go.
  case consumed

  var isNone: Bool {
    switch self {
    case .none: true
    default: false
    }
  }

  var isConsumed: Bool {
    switch self {
    case .consumed: true
    default: false
    }
  }

  var hasInputs: Bool { !isNone && !isConsumed }

  /// What this is a part of, and where it lies there; nil if it is none.
  var whole: (Tensor, Window)? {
    switch self {
    case .part(let whole, let window): (whole, window)
    default: nil
    }
  }

  /// Takes the history away; that there was one is remembered.
  mutating func take() -> TensorHistory {
    var taken = TensorHistory.consumed
    swap(&taken, &self)
    return taken
  }

  /// The same once more, for a graph that is to be walked again.
  @inline(never)
  func copy() -> TensorHistory {
    switch self {
    case .none: .none
    case .one(let a, let first): .one(a, first)
    case .two(let a, let first, let b, let second): .two(a, first, b, second)
    case .many(let inputs, let all): .many(inputs, all)
    case .part(let a, let window): .part(a, window)
    case .rows(let a, let taken): .rows(a, taken)
    case .consumed: .consumed
    }
  }

  /// Calls `body` with each input.
  @inline(__always)
  func forEachInput(_ body: (Tensor) -> Void) {
    switch self {
    case .none: break
    case .consumed: break
    case .one(let a, _): body(a)
    case .two(let a, _, let b, _):
      body(a)
      body(b)
    case .many(let inputs, _): for input in inputs { body(input) }
    case .part(let a, _): body(a)
    case .rows(let a, _): body(a)
    }
  }

  /// Sends the gradient that arrived at the output on to the inputs.
  @inline(__always)
  func send(_ dy: NDArray) {
    switch self {
    case .none: break
    case .consumed: break
    case .one(let a, let first): a.add(first(dy))
    case .two(let a, let first, let b, let second):
      a.add(first(dy))
      b.add(second(dy))
    case .many(let inputs, let all):
      let gradients = all(dy)
      guard gradients.count == inputs.count else {
        wrongUse(
          "backward: \(gradients.count) gradients from an operation on \(inputs.count) tensors")
      }
      for (place, input) in inputs.enumerated() where input.requiresGrad {
        if let gradient = gradients[place] { input.add(gradient) }
      }
    case .part(let a, let window): a.add(dy, at: window)
    case .rows(let a, let taken): a.add(dy, taken)
    }
  }

  /// Tells each input that one gradient fewer is to come. Those that wait for no more are ready.
  @inline(__always)
  consuming func arrive(_ ready: inout [Tensor]) {
    switch consume self {
    case .none: break
    case .consumed: break
    case .one(let a, _): Tensor.arrived(a, &ready)
    case .two(let a, _, let b, _):
      Tensor.arrived(a, &ready)
      Tensor.arrived(b, &ready)
    case .many(let inputs, _): for input in inputs { Tensor.arrived(input, &ready) }
    case .part(let a, _): Tensor.arrived(a, &ready)
    case .rows(let a, _): Tensor.arrived(a, &ready)
    }
  }
}

/// A history on its way out. It may hold the last references to its inputs, and their histories to
/// those of theirs, by whatever way: as inputs, in an array, in what a gradient remembers. So it goes
/// when its turn comes.
final class Remains {
  private let history: TensorHistory
  init(_ history: consuming TensorHistory) { self.history = history }
}
