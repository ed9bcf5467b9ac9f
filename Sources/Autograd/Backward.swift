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
    var pending = TensorStack()
    pending.push(.passUnretained(self))
    while let tensor = pending.pop() {
      tensor._withUnsafeGuaranteedRef { tensor in
        if case .consumed = tensor.history {
          wrongUse(
            "backward: the history of '\(tensor.operation)' was let go by an earlier backward(); "
              + "compute the result again, or call the first backward with retainGraph: true")
        }
        tensor.history.forEachInput { input in
          input._withUnsafeGuaranteedRef {
            if $0.history.isNone { return }
            if $0.awaited == 0 { pending.push(input) }
            $0.awaited &+= 1
          }
        }
      }
    }
  }

  /// Second pass: each tensor is taken once, when all its gradients have arrived.
  private func walk(retainGraph: Bool) {
    var ready = TensorStack()
    ready.push(.passRetained(self))
    while let tensor = ready.pop() {
      tensor._withUnsafeGuaranteedRef { $0.passOn(&ready, retainGraph: retainGraph) }
      Tensor.recycle(tensor)
    }
  }

  /// Sends what has arrived on to the inputs; those that wait for nothing more are ready.
  @inline(never)
  private func passOn(_ ready: inout TensorStack, retainGraph: Bool) {
    let dy = grad.take()
    var taken = History.consumed
    if retainGraph { taken = history.retained() } else { swap(&taken, &history) }
    switch consume taken {
    case .none, .consumed: break
    case .one(let a, let first):
      if let dy { a.add(first(dy)) }
      a.arrived(&ready)
    case .two(let a, let first, let b, let second):
      if let dy {
        a.add(first(dy))
        b.add(second(dy))
      }
      a.arrived(&ready)
      b.arrived(&ready)
    case .many(let inputs, let all):
      let gradients = dy.map(all)
      for (place, input) in inputs.enumerated() where input.requiresGrad {
        if let gradient = gradients?[place] { input.add(gradient) }
        Unmanaged.passRetained(input).arrived(&ready)
      }
    }
    dy?.recycle()
  }

  /// Gradients add up: at a leaf until `zeroGrad()`, elsewhere until the walk takes them. What
  /// broadcasting repeated is summed.
  @inline(never)
  fileprivate func add(_ gradient: consuming NDArray) {
    gradient.sum(to: value)
    if grad == nil {
      grad = consume gradient
    } else {
      grad! += gradient
      gradient.recycle()
    }
  }

  /// One gradient fewer to wait for. Whether that was the last.
  @inline(never)
  fileprivate func countDown() -> Bool {
    if awaited == 0 { return false }
    awaited &-= 1
    return awaited == 0
  }
}

extension Unmanaged<Tensor> {
  @inline(__always)
  fileprivate func add(_ gradient: NDArray) {
    _withUnsafeGuaranteedRef { $0.add(gradient) }
  }

  /// The reference goes on to the stack if nothing more will arrive, else it is released.
  @inline(__always)
  fileprivate func arrived(_ ready: inout TensorStack) {
    if _withUnsafeGuaranteedRef({ $0.countDown() }) { ready.push(self) } else { release() }
  }
}
