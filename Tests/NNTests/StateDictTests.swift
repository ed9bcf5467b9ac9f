import Foundation
import NN
import TestSupport
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

  @Test func whatIsNotThereAndWhatIsLeftOverIsTold() throws {
    let model = Sequential(Linear(2, 3), LayerNorm(3))
    let before = model.stateDict()
    let bias = NDArray([1, 2, 3])
    let result = try model.loadStateDict(
      ["0.bias": bias, "head.weight": .zeros([1])], strict: false)
    #expect(result.missing == ["0.weight", "1.weight", "1.bias"])
    #expect(result.unexpected == ["head.weight"])
    #expect("\(result)" == "missing: 0.weight, 1.weight, 1.bias; left over: head.weight")
    #expect(model.stateDict()["0.bias"] == bias)
    #expect(model.stateDict()["0.weight"] == before["0.weight"])
    // A wrong shape is an error all the same, and changes nothing.
    #expect(throws: StateError.shape(name: "0.bias", found: [2], expected: [3])) {
      try model.loadStateDict(["0.bias": NDArray([1, 2]), "1.bias": bias], strict: false)
    }
    #expect(model.stateDict()["1.bias"] == before["1.bias"])
  }

  /// What PyTorch's DataParallel writes, and a part of a larger model.
  @Test func namesMayStandBehindAPrefix() throws {
    let model = Linear(2, 1)
    let (weight, bias) = (NDArray([[5, 6]]), NDArray([7]))
    try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("model")
      try Safetensors([
        "encoder.weight": weight, "encoder.bias": bias, "decoder.weight": .zeros([1]),
      ]).write(to: file)
      let result = try model.load(from: file, prefix: "encoder.")
      #expect(result == LoadResult(missing: [], unexpected: ["decoder.weight"]))
      #expect(model.weight.value == weight && model.bias!.value == bias)
      let error = #expect(throws: SafetensorsError.self) {
        try model.load(from: file, prefix: "module.")
      }
      #expect(error?.problem == "missing: module.weight, module.bias")
      let none = try model.load(from: file, strict: false, prefix: "module.")
      #expect(none.missing == ["module.weight", "module.bias"] && none.unexpected.count == 3)
    }
    #expect(throws: StateError.unexpected(["m.other"])) {
      try model.loadStateDict(["m.weight": weight, "m.bias": bias, "m.other": bias], prefix: "m.")
    }
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
