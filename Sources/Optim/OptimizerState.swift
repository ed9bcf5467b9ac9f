extension Optimizer: Stateful {
  /// The learning rate, and for each parameter that has taken a step, by its number, how many and
  /// its slots (`0.step`, `0.exp_avg`, …).
  public final func stateDict() -> StateDict {
    var state: StateDict = ["learning_rate": NDArray(learningRate, dtype: .float64)]
    for (place, memory) in memories.enumerated() where memory.steps > 0 {
      state["\(place).step"] = NDArray(Double(memory.steps), dtype: .float64)
      for (name, slot) in zip(slotNames, memory.slots) { state["\(place).\(name)"] = slot }
    }
    return state
  }

  /// Takes over what `stateDict` of an optimiser of the same kind, with the same parameters, gave.
  ///
  /// - Throws: `StateError`; the optimiser is then as it was.
  public final func loadStateDict(_ state: StateDict) throws {
    var left = state
    func take(_ name: String, _ shape: [Int]) throws -> NDArray {
      guard let value = left.removeValue(forKey: name) else { throw StateError.missing([name]) }
      guard value.shape == shape else {
        throw StateError.shape(name: name, found: value.shape, expected: shape)
      }
      return value
    }
    let rate = try take("learning_rate", []).item
    let loaded = try parameters.enumerated().map { place, parameter in
      guard left["\(place).step"] != nil else { return (steps: 0, slots: [NDArray]()) }
      let steps = Int(try take("\(place).step", []).item)
      let slots = try slotNames.map {
        try take("\(place).\($0)", parameter.shape).asType(parameter.dtype)
      }
      return (steps, slots)
    }
    if !left.isEmpty { throw StateError.unexpected(left.keys.sorted()) }
    learningRate = rate
    memories = loaded
  }
}
