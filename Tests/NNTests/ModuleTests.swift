import NN
import Testing

private final class Encoder: Module {
  let rnn = LSTM(inputSize: 3, hiddenSize: 4)
  let heads = [Linear(4, 2), Linear(4, 1, bias: false)]
}

private final class Model: Module {
  let encoder = Encoder()
  let byName = ["b": Linear(1, 1), "a": Linear(1, 2)]
  var extra: Linear? = nil
  let scale = Parameter(.ones([2]))
  let mask = Tensor(.ones([7]))
  let table = [Double](repeating: 0, count: 100_000)
}

private class Base: Module {
  let first = Linear(1, 1, bias: false)
}
private final class Derived: Base {
  let second = Linear(1, 1, bias: false)
  lazy var third = Linear(1, 1, bias: false)
}

private final class Tied: Module {
  let embedding = Embedding(5, 3)
  let output: Linear
  let shared: Parameter
  override init() {
    output = Linear(3, 5)
    shared = embedding.weight
    super.init()
  }
}

@Suite struct ModuleTests {
  @Test func pathsArePyTorchs() {
    let model = Model()
    #expect(
      model.namedParameters().map(\.name) == [
        "encoder.rnn.weight_ih_l0", "encoder.rnn.weight_hh_l0", "encoder.rnn.bias_ih_l0",
        "encoder.rnn.bias_hh_l0", "encoder.heads.0.weight", "encoder.heads.0.bias",
        "encoder.heads.1.weight", "byName.a.weight", "byName.a.bias", "byName.b.weight",
        "byName.b.bias", "scale",
      ])
    model.extra = Linear(2, 2, bias: false)
    #expect(model.namedParameters().map(\.name).contains("extra.weight"))
    #expect(
      model.namedModules().map(\.name) == [
        "", "encoder", "encoder.rnn", "encoder.heads.0", "encoder.heads.1", "byName.a", "byName.b",
        "extra",
      ])
  }

  @Test func propertiesOfSuperclassesComeFirstAndLazyOnesWhenTheyAreThere() {
    let model = Derived()
    #expect(model.namedParameters().map(\.name) == ["first.weight", "second.weight"])
    _ = model.third
    #expect(
      model.namedParameters().map(\.name) == ["first.weight", "second.weight", "third.weight"])
  }

  @Test func layersOfBothDirectionsAreNamedAsInPyTorch() {
    let gru = GRU(inputSize: 2, hiddenSize: 1, numLayers: 2, bias: false, bidirectional: true)
    #expect(
      gru.namedParameters().map(\.name) == [
        "weight_ih_l0", "weight_hh_l0", "weight_ih_l0_reverse", "weight_hh_l0_reverse",
        "weight_ih_l1", "weight_hh_l1", "weight_ih_l1_reverse", "weight_hh_l1_reverse",
      ])
    #expect(
      Sequential(Linear(1, 1), Tanh(), Linear(1, 1)).namedParameters().map(\.name) == [
        "0.weight", "0.bias", "2.weight", "2.bias",
      ])
  }

  @Test func tiedWeightsCountOnce() {
    let model = Tied()
    #expect(
      model.namedParameters().map(\.name) == ["embedding.weight", "output.weight", "output.bias"])
    #expect(model.parameterCount == 15 + 15 + 5)
    #expect(
      model.stateDict().keys.sorted() == [
        "embedding.weight", "output.bias", "output.weight", "shared",
      ])
  }

  @Test func anLSTMHasFourTimesTheParametersOfAnRNNAndAGRUThreeTimes() {
    let rnn = RNN(inputSize: 20, hiddenSize: 50, numLayers: 2).parameterCount
    #expect(rnn == 50 * (20 + 50 + 2) + 50 * (50 + 50 + 2))
    #expect(LSTM(inputSize: 20, hiddenSize: 50, numLayers: 2).parameterCount == 4 * rnn)
    #expect(GRU(inputSize: 20, hiddenSize: 50, numLayers: 2).parameterCount == 3 * rnn)
  }

  @Test func modesReachEveryModule() {
    let model = Model()
    #expect(model.namedModules().allSatisfy { $0.module.isTraining })
    model.eval()
    #expect(model.namedModules().allSatisfy { !$0.module.isTraining })
    #expect(!model.encoder.rnn.cells[0][0].isTraining)
    model.encoder.train()
    #expect(model.encoder.heads[0].isTraining)
    #expect(!model.byName["a"]!.isTraining)
  }

  @Test func frozenParametersGetNoGradient() {
    let model = Sequential(Linear(2, 3), Tanh(), Linear(3, 1))
    let input = Tensor(.ones([4, 2]))
    model(input).sum().backward()
    model[0].freeze()
    #expect(model[0].parameters().allSatisfy { $0.grad == nil })
    model.zeroGrad()
    model(input).sum().backward()
    #expect(model[0].parameters().allSatisfy { $0.grad == nil })
    #expect(model[2].parameters().allSatisfy { $0.grad != nil })
    model.unfreeze()
    model(input).sum().backward()
    #expect(model.parameters().allSatisfy { $0.grad != nil })
  }

  @Test func hiddenParametersAreAnErrorThatNamesTheProperty() async {
    let tuple = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      final class Pair: Module {
        let both = (Linear(1, 1), 3)
      }
      _ = Pair().parameters()
    }
    expectWords("Pair: 'both'", tuple)
    expectWords("hides a Linear", tuple)

    let nested = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      struct Box {
        let weights = ["w": Parameter(.ones([1]))]
      }
      final class Inner: Module {
        let boxes = [Box()]
      }
      final class Outer: Module {
        let inner = Inner()
      }
      _ = Outer().parameterCount
    }
    expectWords("Outer: 'inner.boxes.0' is of type Box", nested)

    let circle = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      final class Child: Module {
        weak var parent: Module?
      }
      final class Parent: Module {
        let child = Child()
      }
      let parent = Parent()
      parent.child.parent = parent
      parent.eval()
    }
    expectWords("'child.parent' leads back", circle)
  }

  @Test func summaryIsATable() {
    let model = Sequential(Linear(4, 3), Tanh(), Linear(3, 1000, bias: false))
    model[0].freeze()
    #expect(
      model.summary(Tensor(.zeros([2, 4]))) == """
        Layer       Output     Parameters
        ─────────────────────────────────
        Sequential  [2, 1000]           –
        0: Linear   [2, 3]             15
        1: Tanh     [2, 3]              –
        2: Linear   [2, 1000]       3,000
        ─────────────────────────────────
        Total                       3,015
        Trainable                   3,000
        """)
    #expect(model.isTraining)
  }

  @Test func summaryOfAModelWithItsOwnCall() {
    final class Tagger: Module {
      let embedding = Embedding(10, 4)
      let lstm = LSTM(inputSize: 4, hiddenSize: 8, batchFirst: true, bidirectional: true)
      let output = Linear(16, 3)
      let dropout = Dropout(0.5)
      func callAsFunction(_ words: Indices) -> Tensor {
        observed(output(dropout(lstm(embedding(words)).output)))
      }
    }
    let model = Tagger()
    let lines = model.summary { _ = model(Indices([[1, 2, 3], [4, 5, 6]])) }.split(separator: "\n")
    #expect(lines[2].hasPrefix("Tagger") && lines[2].contains("[2, 3, 3]"))
    #expect(lines[3].contains("[2, 3, 4]") && lines[3].hasSuffix(" 40"))
    #expect(lines[4].hasPrefix("lstm: LSTM") && lines[4].contains("[2, 3, 16]"))
    #expect(model.parameters().allSatisfy { $0.grad == nil })
    #expect(model.summary().contains("Parameters") && !model.summary().contains("Output"))
  }
}
