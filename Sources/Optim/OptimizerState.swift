extension Optimizer: Stateful {
  /// The learning rate of each group, and for each parameter that has taken a step, by its number, how many and
  /// its slots (`0.step`, `0.exp_avg`, …).
  public final func stateDict() -> StateDict {
    var state: StateDict = [:]
    for (name, group) in zip(rateNames, groups) {
      state[name] = NDArray(group.learningRate, dtype: .float64)
    }
    for (place, memory) in memories.enumerated() where memory.steps > 0 {
      state["\(place).step"] = NDArray(Double(memory.steps), dtype: .float64)
      for (name, slot) in zip(slotNames, memory.slots) { state["\(place).\(name)"] = slot }
    }
    return state
  }

  /// Takes over what `stateDict` of an optimizer of the same kind, with the same parameters, gave.
  ///
  /// - Throws: `StateError`; the optimizer is then as it was.
  public final func loadStateDict(_ state: StateDict) throws {
    let (rates, memories) = try checked(state)
    for (group, rate) in zip(groups, rates) { group.learningRate = rate }
    self.memories = memories
  }

  /// `learning_rate` of the first group, `learning_rate.1` of the next.
  private final var rateNames: [String] {
    groups.indices.map { $0 == 0 ? "learning_rate" : "learning_rate.\($0)" }
  }

  /// What a state says, if it is one that this optimizer can go on from.
  package final func checked(
    _ state: StateDict
  ) throws -> (rates: [Double], memories: [(steps: Int, slots: [NDArray])]) {
    var left = state
    func take(_ name: String, _ shape: [Int]) throws -> NDArray {
      guard let value = left.removeValue(forKey: name) else { throw StateError.missing([name]) }
      guard value.shape == shape else {
        throw StateError.shape(name: name, found: value.shape, expected: shape)
      }
      return value
    }
    let rates = try rateNames.map { try rateNumber(take($0, []).item, $0) }
    let loaded = try parameters.enumerated().map { place, parameter in
      guard left["\(place).step"] != nil else { return (steps: 0, slots: [NDArray]()) }
      let steps = try wholeNumber(take("\(place).step", []).item, "\(place).step", from: 1)
      let slots = try slotNames.map { slot in
        let name = "\(place).\(slot)"
        let value = try take(name, parameter.shape).asType(parameter.dtype)
        // The next step would be refused, or take the root of a negative number.
        let lowest = slot.hasSuffix("_sq") || slot == "square_avg" ? 0 : -Double.infinity
        if let wrong = value.doubles.first(where: { !($0 >= lowest) }) {
          throw StateError.value(
            name: name, found: wrong, expected: lowest == 0 ? "numbers from 0" : "numbers")
        }
        return value
      }
      return (steps, slots)
    }
    if !left.isEmpty { throw StateError.unexpected(left.keys.exactlySorted()) }
    return (rates, loaded)
  }
}
