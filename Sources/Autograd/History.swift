/// Where a tensor came from: the inputs that want a gradient, each with how the gradient reaches it.
package enum History {
  case none
  case one(Tensor, Gradient)
  case two(Tensor, Gradient, Tensor, Gradient)
  case many([Tensor], (NDArray) -> [NDArray?])
  /// Walked by `backward()` and let go.
  case consumed

  var isNone: Bool {
    if case .none = self { true } else { false }
  }

  /// Lets the inputs go one after the other: as long as this is the last reference to an input, its
  /// own inputs are taken over before it is freed.
  mutating func dismantle() {
    switch self {
    case .none, .consumed: return
    default: break
    }
    var orphans: [Tensor] = []
    release(into: &orphans)
    while var tensor = orphans.popLast() {
      if isKnownUniquelyReferenced(&tensor) { tensor.history.release(into: &orphans) }
    }
  }

  /// Forgets the inputs; those with a history of their own are kept for the loop above.
  private mutating func release(into orphans: inout [Tensor]) {
    func keep(_ tensor: Tensor) {
      if !tensor.history.isNone { orphans.append(tensor) }
    }
    switch self {
    case .none, .consumed: return
    case .one(let a, _): keep(a)
    case .two(let a, _, let b, _):
      keep(a)
      keep(b)
    case .many(let inputs, _): inputs.forEach(keep)
    }
    self = .consumed
  }
}
