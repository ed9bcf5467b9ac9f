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
      wrongUse(
        "backward: nothing here requires a gradient: a tensor of shape \(shape) without a history")
    }
    countUsers()
    add(gradient ?? .ones(shape, dtype: dtype))
    if !history.isNone { walk(retainGraph: retainGraph) }
  }

  /// First pass: how many gradients will arrive at each tensor that has a history.
  private func countUsers() {
    var pending = [self]
    while let tensor = pending.popLast() {
      if tensor.history.isConsumed {
        wrongUse(
          "backward: the history of '\(tensor.operation)' was let go by an earlier backward(); "
            + "compute the result again, or call the first backward with retainGraph: true")
      }
      tensor.history.forEachInput { input in
        if input.history.isNone { return }
        if input.awaited == 0 { pending.append(input) }
        input.awaited &+= 1
      }
    }
  }

  /// Second pass: each tensor is taken once, when all its gradients have arrived. It sends what has
  /// arrived on to its inputs; those that wait for nothing more are next.
  private func walk(retainGraph: Bool) {
    var ready = [self]
    while let tensor = ready.popLast() {
      let history = retainGraph ? tensor.history.copy() : tensor.history.take()
      tensor.settle()
      if let dy = tensor.gradient.take() {
        history.send(dy)
        dy.recycle()
      }
      history.arrive(&ready)
    }
  }

  /// Gradients add up: at a leaf until `zeroGrad()`, elsewhere until the walk takes them. What
  /// broadcasting repeated is summed.
  @inline(never)
  func add(_ share: consuming NDArray) {
    let own = numbers.take()!
    share.sum(to: own)
    numbers = consume own
    if var sum = gradient.take() {
      if addedShares == Shares.atOnce {
        putBy(consume sum)
        gradient = consume share
        return
      }
      sum += share
      gradient = consume sum
      addedShares &+= 1
      share.recycle()
    } else {
      gradient = consume share
      addedShares = 0
    }
  }

  /// The same for the gradient of a part (see `Shares`).
  @inline(never)
  func add(_ share: NDArray, at window: Window) {
    if earlier == nil { earlier = Shares() }
    earlier!.add(share, at: window, of: shape)
  }

  @inline(never)
  private func putBy(_ sum: consuming NDArray) {
    if earlier == nil { earlier = Shares() }
    earlier!.add(sum)
    addedShares = 0
  }

  /// Makes the gradient the sum of all its shares.
  @inline(__always)
  func settle() {
    if let shares = earlier.take() { gradient = shares.total(gradient.take(), of: shape, dtype) }
  }

  /// One gradient fewer to wait for. If that was the last, the tensor is ready.
  static func arrived(_ tensor: consuming Tensor, _ ready: inout [Tensor]) {
    if tensor.awaited == 0 { return }
    tensor.awaited &-= 1
    if tensor.awaited == 0 { ready.append(tensor) }
  }
}
