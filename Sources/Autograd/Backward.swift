extension Tensor {
  /// Adds ∂(this tensor)/∂leaf to the `grad` of every leaf that this tensor was computed from.
  ///
  /// Starts from 1 for a single number; for any other shape give the gradient to start from, of that
  /// shape: then the gradients are those of Σ this · gradient.
  ///
  /// The history is let go on the way, so that a training step leaves nothing behind; a second walk
  /// is refused unless the first was told to `retainGraph`.
  public func backward(_ gradient: NDArray? = nil, retainGraph: Bool = false) {
    if let gradient {
      checkSameType("backward", value, gradient)
      guard gradient.shape == shape else {
        wrongUse("backward: a gradient of shape \(gradient.shape) for a tensor of shape \(shape)")
      }
    } else if count != 1 {
      wrongUse("backward: the tensor's shape is \(shape), not one number; pass a gradient")
    }
    guard requiresGrad else {
      wrongUse("backward: nothing here requires a gradient (operation \(operation))")
    }
    countUsers()
    arriving = gradient ?? .ones(shape, dtype: dtype)
    walk(retainGraph: retainGraph)
  }

  /// First pass: how many gradients will arrive at each tensor of the history.
  private func countUsers() {
    var pending: [Tensor] = [self]
    func count(_ input: Tensor) {
      if input.awaited == 0 { pending.append(input) }
      input.awaited &+= 1
    }
    while let tensor = pending.popLast() {
      switch tensor.history {
      case .none: break
      case .one(let a, _): count(a)
      case .two(let a, _, let b, _):
        count(a)
        count(b)
      case .many(let inputs, _):
        for input in inputs where input.requiresGrad { count(input) }
      case .consumed:
        wrongUse(
          "backward: the history of '\(tensor.operation)' was let go by an earlier backward(); "
            + "compute the result again, or call the first backward with retainGraph: true")
      }
    }
  }

  /// Second pass: each tensor is taken once, when all its gradients have arrived.
  private func walk(retainGraph: Bool) {
    var ready: [Tensor] = [self]
    func send(_ gradient: NDArray?, to input: Tensor) {
      if let gradient {
        let share = gradient.summed(to: input.shape)
        if input.arriving == nil { input.arriving = share } else { input.arriving! += share }
      }
      input.awaited &-= 1
      if input.awaited == 0 { ready.append(input) }
    }
    while let tensor = ready.popLast() {
      let dy = tensor.arriving
      tensor.arriving = nil
      switch tensor.history {
      case .none:
        if let dy { tensor.collect(dy) }
      case .one(let a, let first):
        send(dy.map(first), to: a)
      case .two(let a, let first, let b, let second):
        send(dy.map(first), to: a)
        send(dy.map(second), to: b)
      case .many(let inputs, let all):
        let gradients = dy.map(all)
        for (place, input) in inputs.enumerated() where input.requiresGrad {
          send(gradients?[place], to: input)
        }
      case .consumed:
        break
      }
      if !retainGraph && !tensor.history.isNone { tensor.history.dismantle() }
    }
  }

  /// Gradients of a leaf add up until `zeroGrad()`.
  private func collect(_ gradient: NDArray) {
    if grad == nil { grad = gradient } else { grad! += gradient }
  }
}
