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

  @Test func sameSeedSameBits() {
    let first = train(steps: 30)
    #expect(first == train(steps: 30) && first.allSatisfy(\.isFinite))
  }
}
