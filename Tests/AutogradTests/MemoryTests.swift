import Autograd
import Foundation
import Testing

@Suite(.serialized) struct MemoryTests {
  /// Bytes of memory this process has in use now.
  func residentBytes() throws -> Int {
    let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(
      separator: " ")
    return Int(fields[1])! * 4096
  }

  /// A small network's training, the same on every call.
  func train(steps: Int) -> [Double] {
    let generator = Generator(seed: 5)
    func leaf(_ shape: [Int]) -> Tensor {
      Tensor(.normal(shape, standardDeviation: 0.1, generator: generator), requiresGrad: true)
    }
    let parameters = [leaf([64, 20]), leaf([64]), leaf([10, 64]), leaf([10])]
    let x = Tensor(.normal([32, 20], generator: generator))
    let classes = Indices((0..<32).map { $0 % 10 })
    for _ in 0..<steps {
      let hidden = x.linear(parameters[0], parameters[1]).tanh().dropout(0.1, generator: generator)
      crossEntropy(hidden.linear(parameters[2], parameters[3]), classes).backward()
      for parameter in parameters {
        parameter.value.add(parameter.grad!, scale: -0.1)
        parameter.zeroGrad()
      }
    }
    return parameters.flatMap(\.value.doubles)
  }

  @Test func comesBackAfterAThousandSteps() throws {
    _ = train(steps: 20)
    let bytes = arrayBytesInUseHere, resident = try residentBytes()
    _ = train(steps: 1000)
    #expect(arrayBytesInUseHere < bytes + 1_000_000)
    // Other tests of this process may run beside this one.
    #expect(try residentBytes() < resident + 256_000_000)
  }

  /// A weight of an unrolled network is used at every step; its gradient keeps its digits, over one
  /// way back or many.
  @Test(arguments: [1, 2, 16, 17, 33, 100_000], [false, true])
  func aGradientOfManyShares(count: Int, apart: Bool) {
    let weight = Tensor([1], requiresGrad: true)
    if apart {
      for _ in 0..<count { (weight * 0.1).sum().backward() }
    } else {
      // Through a tensor that is not a leaf as well.
      let inner = weight * 1.0
      Tensor.stack((0..<count).map { ($0 % 2 == 0 ? weight : inner) * 0.1 }).sum().backward()
    }
    let exact = Double(count) * Double(Float(0.1))
    #expect(abs(weight.grad!.item / exact - 1) < 1e-6)
    weight.grad! += NDArray([1])
    (weight * 0.1).sum().backward()
    #expect(abs(weight.grad!.item / (exact + 1.1) - 1) < 1e-6)
    weight.zeroGrad()
    (weight * 0.1).sum().backward()
    #expect(weight.grad! == NDArray([0.1]))
  }

  @Test func sameSeedSameBits() {
    let first = train(steps: 30)
    #expect(first == train(steps: 30) && first.allSatisfy(\.isFinite))
  }
}
