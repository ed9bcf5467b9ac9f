import NN
import Testing

private final class Tied: Module {
  let embedding = Embedding(4, 3)
  let output = Linear(3, 4)
  let shared: [Parameter]
  override init() {
    shared = [embedding.weight]
    super.init()
  }
}

@Suite struct StateDictTests {
  private func check(
    _ error: StateError, _ words: String, _ change: (inout StateDict) -> Void
  ) {
    let model = Sequential(Linear(2, 3), LayerNorm(3))
    let before = model.stateDict()
    var state = before.mapValues { $0 + 1.0 }
    change(&state)
    #expect(throws: error) { try model.loadStateDict(state) }
    #expect(model.stateDict() == before)
    #expect("\(error)" == words)
  }

  @Test func whatDoesNotFitIsNamedAndChangesNothing() {
    check(.missing(["0.bias"]), "missing: 0.bias") { $0["0.bias"] = nil }
    check(.missing(["0.weight", "1.bias"]), "missing: 0.weight, 1.bias") {
      $0["0.weight"] = nil
      $0["1.bias"] = nil
    }
    check(.unexpected(["2.weight"]), "unexpected: 2.weight") { $0["2.weight"] = .zeros([1]) }
    check(
      .shape(name: "0.weight", found: [2, 3], expected: [3, 2]),
      "0.weight is [2, 3], expected [3, 2]"
    ) { $0["0.weight"] = .zeros([2, 3]) }
  }

  @Test func whatFitsIsTakenOverInTheModelsOwnType() throws {
    let model = Linear(2, 2)
    let weight = NDArray([[1.5, 2], [3, 4]], dtype: .float64)
    try model.loadStateDict(["weight": weight, "bias": NDArray([5, 6])])
    #expect(model.weight.value == weight.asType(.float32))
    #expect(model.bias!.value == NDArray([5, 6]))
  }

  @Test func aStateIsACopy() throws {
    let model = Linear(1, 1)
    let state = model.stateDict(), before = state["weight"]!.item
    Init.constant(model.weight, before + 1)
    #expect(state["weight"]!.item == before)
    try model.loadStateDict(state)
    #expect(model.weight.item == before)
  }

  @Test func ofATiedParameterOneNameIsEnough() throws {
    let model = Tied(), twin = Tied()
    var state = model.stateDict()
    #expect(
      state.keys.sorted() == ["embedding.weight", "output.bias", "output.weight", "shared.0"])
    try twin.loadStateDict(state)
    #expect(twin.stateDict() == state)
    state["embedding.weight"] = nil
    try Tied().loadStateDict(state)
    state["embedding.weight"] = .zeros([4, 3])
    #expect(throws: StateError.tied("embedding.weight", "shared.0")) {
      try Tied().loadStateDict(state)
    }
    state["embedding.weight"] = nil
    state["shared.0"] = nil
    #expect(throws: StateError.missing(["embedding.weight", "shared.0"])) {
      try Tied().loadStateDict(state)
    }
  }
}
