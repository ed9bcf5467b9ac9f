import ChapterTools
import Foundation
import Modules
import Testing
import Unroll

// Chapter 5's smaller tools, and its program as a whole.

/// 2 cos(0.1) · last − the one before: a sine goes on exactly so.
private final class Recurrence: Module, UnaryLayer {
  func forward(_ x: Tensor) -> Tensor {
    let last = x.select(axis: 1, index: -1), before = x.select(axis: 1, index: -2)
    return last * (2 * cos(0.1)) - before
  }
}

@Suite struct ModulesTests {
  @Test func recursiveForecastFeedsOnItself() {
    let wave = (0..<40).map { sin(0.1 * Double($0)) }
    let told = recursiveForecast(Recurrence(), from: Array(wave[..<10]), steps: 30)
    #expect(told.count == 30)
    #expect(zip(told, wave[10...]).allSatisfy { abs($0 - $1) < 1e-3 })
    // The network's own way: the first forecast is of the true window, the second of one with it.
    let model = SineModel(), window = Array(wave[5..<15])
    func once(_ window: [Double]) -> Double {
      noGrad { model(Tensor(NDArray(window, shape: [1, 10, 1]))).item }
    }
    let first = once(window)
    #expect(
      recursiveForecast(model, from: window, steps: 2) == [first, once(window[1...] + [first])])
  }

  @Test func parametersByFormula() {
    for layers in 1...3 {
      for both in [false, true] {
        for bias in [false, true] {
          func formula(_ gates: Int) -> Int {
            parameters(
              gates: gates, input: 3, hidden: 5, layers: layers, directions: both ? 2 : 1,
              bias: bias)
          }
          func options<Layer>(_ make: (Int, Bool, Bool) -> Layer) -> Layer {
            make(layers, bias, both)
          }
          let rnn = options {
            RNN(inputSize: 3, hiddenSize: 5, numLayers: $0, bias: $1, bidirectional: $2)
          }
          let gru = options {
            GRU(inputSize: 3, hiddenSize: 5, numLayers: $0, bias: $1, bidirectional: $2)
          }
          let lstm = options {
            LSTM(inputSize: 3, hiddenSize: 5, numLayers: $0, bias: $1, bidirectional: $2)
          }
          #expect(rnn.parameterCount == formula(1))
          #expect(gru.parameterCount == formula(3))
          #expect(lstm.parameterCount == formula(4))
        }
      }
    }
    #expect(parameters(gates: 1, input: 3, hidden: 5) == 15 + 25 + 10)
  }

  @Test func cosines() {
    let a = NDArray([3.0, 4]), b = NDArray([-8.0, 6])
    #expect(abs(cosineSimilarity(a, a * 2) - 1) < 1e-6)
    #expect(abs(cosineSimilarity(a, b)) < 1e-6)
    #expect(abs(cosineSimilarity(a, a * -1) + 1) < 1e-6)
    #expect(abs(cosineSimilarity(a, NDArray([1.0, 0])) - 0.6) < 1e-6)
  }

  /// Points on a plane in three dimensions, wide along one direction and narrow along another: their
  /// distances from the middle along these come back.
  @Test func principalComponentsOfAPlane() {
    let long = [2.0, 1, 2].map { $0 / 3 }, short = [-2.0, 2, 1].map { $0 / 3 }
    let coordinates = [(5.0, 1.0), (-5, 1), (5, -1), (-5, -1), (3, 0), (-3, 0)]
    let rows = coordinates.map { a, b in (0..<3).map { 7 + a * long[$0] + b * short[$0] } }
    let (x, y) = principalComponents(NDArray(rows.flatMap { $0 }, shape: [6, 3]))
    for (k, (a, b)) in coordinates.enumerated() {
      #expect(abs(abs(x[k]) - abs(a)) < 1e-4 && abs(abs(y[k]) - abs(b)) < 1e-4)
      #expect((x[k] * x[0]) * (a * coordinates[0].0) >= 0)
    }
  }

  /// Packed, a batch gives what each sequence gives by itself; padded, only the longest does.
  @Test func meanReaderAndPadding() {
    Generator.withDefault(seed: 3) {
      let (x, lengths, y) = MeanReader.batch(8)
      #expect(x.shape == [lengths.max()!, 8, 1] && y.shape == [8, 1])
      #expect(lengths.allSatisfy { (2...20).contains($0) })
      for isPacked in [true, false] {
        let model = MeanReader(isPacked: isPacked)
        let together = model(x, lengths).value.doubles
        for (k, length) in lengths.enumerated() {
          let own = x.narrow(axis: 1, start: k, length: 1).narrow(axis: 0, start: 0, length: length)
          #expect(abs(own.value.sum().item / Double(length) - y.value[k].item) < 1e-5)
          let difference = abs(model(own, [length]).item - together[k])
          #expect(isPacked || length == x.shape[0] ? difference < 1e-5 : difference > 1e-5)
        }
      }
    }
  }

  @Test func forecasters() {
    for kind in LayerKind.allCases {
      let model = Forecaster(kind, hiddenSize: 4)
      #expect(model(.zeros([9, 1, 1])).shape == [9])
      let states = model.layer.namedParameters().filter { $0.0.hasPrefix("weight_hh") }
      #expect(states.count == 2)
      let products = states.map { $0.1.value.matmul($0.1.value.transposed) }
      let areOrthogonal = products.map { $0.isClose(to: .eye(4), relative: 0, absolute: 1e-5) }
      #expect(areOrthogonal == [Bool](repeating: kind == .rnn, count: 2))
    }
    let dense = fullyConnectedForecaster()
    #expect(dense(.zeros([7, 3])).shape == [7, 1])
    #expect(dense.parameterCount == 3 * 20 + 20 + 20 * 10 + 10 + 10 * 5 + 5 + 5 + 1)
  }

  @Test func nGramModel() {
    let model = NGramModel(words: 9, context: 2)
    #expect(model(Indices([[0, 1], [8, 8], [3, 0]])).shape == [3, 9])
    #expect(model.parameterCount == 9 * 10 + 20 * 128 + 128 + 128 * 9 + 9)
  }
}
