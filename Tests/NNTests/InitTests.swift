import Foundation
import NN
import Testing

@Suite struct InitTests {
  private func spread(_ parameter: Parameter) -> (mean: Double, deviation: Double, largest: Double)
  {
    let numbers = parameter.value.doubles
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count)
    return (mean, variance.squareRoot(), numbers.map(abs).max()!)
  }

  @Test func spreadsAreThoseOfThePapers() {
    let g = Generator(seed: 11)
    let p = Parameter(.zeros([200, 300]))
    func expect(_ deviation: Double, bound: Double? = nil, _ line: Int = #line) {
      let found = spread(p)
      #expect(abs(found.mean) < 0.02 * deviation, "line \(line)")
      #expect(abs(found.deviation / deviation - 1) < 0.02, "line \(line)")
      if let bound { #expect(found.largest <= bound && found.largest > 0.99 * bound) }
    }
    Init.uniform(p, in: -2...2, generator: g)
    expect(2 / 3.0.squareRoot(), bound: 2)
    Init.normal(p, standardDeviation: 3, generator: g)
    expect(3)
    Init.xavierUniform(p, gain: 2, generator: g)
    expect(2 * (2.0 / 500).squareRoot(), bound: 2 * (6.0 / 500).squareRoot())
    Init.xavierNormal(p, generator: g)
    expect((2.0 / 500).squareRoot())
    Init.kaimingUniform(p, generator: g)
    expect((2.0 / 300).squareRoot(), bound: (6.0 / 300).squareRoot())
    Init.kaimingNormal(p, gain: 1, mode: .fanOut, generator: g)
    expect((1.0 / 200).squareRoot())
    Init.ones(p)
    #expect(p.value == .ones([200, 300]))
    Init.zeros(p)
    #expect(p.value == .zeros([200, 300]))
    Init.constant(p, 0.5)
    #expect(p.value == .full([200, 300], 0.5))
  }

  @Test(arguments: [[5, 5], [3, 7], [7, 3], [4, 2, 3]])
  func orthogonalVectorsAreOrthonormal(shape: [Int]) {
    let p = Parameter(.zeros(shape, dtype: .float64))
    Init.orthogonal(p, gain: 2, generator: Generator(seed: 2))
    let matrix = p.value.reshaped([shape[0], -1])
    let small = matrix.shape[0] <= matrix.shape[1] ? matrix : matrix.transposed
    let product = small.matmul(small.transposed)
    let expected = NDArray.eye(small.shape[0], dtype: .float64) * 4.0
    #expect(product.largestDifference(from: expected) < 1e-12)
  }

  @Test func theForgetGatesBiasIsSetAndNoOther() {
    let lstm = LSTM(inputSize: 2, hiddenSize: 3, numLayers: 2, bidirectional: true)
    let before = lstm.stateDict()
    Init.forgetGateBias(lstm, 1)
    for (name, value) in lstm.stateDict() {
      let old = before[name]!.doubles, new = value.doubles
      for place in new.indices {
        let isForget = name.hasPrefix("bias") && (3..<6).contains(place)
        #expect(new[place] == (isForget ? (name.hasPrefix("bias_ih") ? 1 : 0) : old[place]))
      }
    }
    let coupled = CoupledLSTMCell(inputSize: 1, hiddenSize: 2)
    Init.forgetGateBias(coupled, 3)
    #expect(coupled.bias_ih!.value[0..<2] == NDArray([3, 3]))
    Init.forgetGateBias(LSTM(inputSize: 1, hiddenSize: 1, bias: false))
  }

  @Test func defaultsArePyTorchs() {
    let g = Generator(seed: 4)
    let linear = Linear(25, 4000, generator: g)
    #expect(spread(linear.weight).largest <= 0.2 && spread(linear.weight).largest > 0.199)
    #expect(spread(linear.bias!).largest <= 0.2 && spread(linear.bias!).largest > 0.19)
    let lstm = LSTM(inputSize: 50, hiddenSize: 16, generator: g)
    for parameter in lstm.parameters() {
      #expect(spread(parameter).largest <= 0.25 && spread(parameter).largest > 0.23)
    }
    let embedding = Embedding(2000, 10, generator: g)
    #expect(abs(spread(embedding.weight).deviation - 1) < 0.02)
  }

  @Test func theSameSeedGivesTheSameWeights() {
    func weights(_ seed: UInt64) -> StateDict {
      GRU(inputSize: 3, hiddenSize: 4, generator: Generator(seed: seed)).stateDict()
    }
    #expect(weights(1) == weights(1))
    #expect(weights(1) != weights(2))
  }
}
