import Autograd
import Foundation
import Testing

@Test func quick() throws {
  let w = Tensor([1, 2, 3], requiresGrad: true)
  (w * w).sum().backward()
  #expect(w.grad == NDArray([2, 4, 6]))
  let g = Generator(seed: 3)
  func r(_ s: [Int]) -> NDArray { .normal(s, dtype: .float64, generator: g) }
  try gradientCheck({ $0[0].matmul($0[1]).tanh().sum(axis: 0) }, inputs: [r([3, 4]), r([4, 2])])
  try gradientCheck({ ($0[0] * $0[1] + $0[2]).sigmoid() }, inputs: [r([3, 4]), r([3, 1]), r([4])])
  try gradientCheck({ $0[0].layerNorm([4], weight: $0[1], bias: $0[2]) }, inputs: [r([3, 4]), r([4]), r([4])])
  try gradientCheck({ crossEntropy($0[0], [1, 0, 3]) }, inputs: [r([3, 4])])
  try gradientCheck({ let p = $0[0].split([1, 3], axis: 1); return p[0] * p[1].exp() }, inputs: [r([3, 4])])
  var x = Tensor([1, 2, 3, 4], requiresGrad: true)
  let leaf = x
  for _ in 0..<1_000_000 { x = x + 0.000001 }
  x.sum().backward()
  #expect(leaf.grad == NDArray([1, 1, 1, 1]))
  var y = leaf
  for _ in 0..<1_000_000 { y = y + 0.000001 }
  let c = ContinuousClock()
  let a = Tensor([1, 2, 3, 4], requiresGrad: true), b = Tensor([0.1, 0.2, 0.3, 0.4], requiresGrad: true)
  var times: [Duration] = []
  for _ in 0..<200 {
    times.append(c.measure {
      var z = a
      for _ in 0..<250 { z = ((z * b) + b).tanh() - a }
      z.sum().backward()
      a.zeroGrad(); b.zeroGrad()
    })
  }
  print("1000 ops", times.sorted()[100])
}
