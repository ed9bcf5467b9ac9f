import Extensions
import Foundation
import UnrollNN

/// Loads a model's weights and answers: `Server weights.safetensors 1 2 3`.
@main struct Server {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    guard let file = arguments.first else {
      print("usage: Server <weights.safetensors> <number> ...")
      exit(64)
    }
    let model = Model()
    try model.load(from: URL(fileURLWithPath: file))
    let numbers = arguments.dropFirst().compactMap(Double.init)
    print(model.inEvaluation { model(Tensor(NDArray(numbers, shape: [numbers.count, 1]))).item })
  }
}

/// The next number after some.
final class Model: Module {
  let layer = MinimalGated(inputSize: 1, hiddenSize: 4)
  let output = Linear(4, 1)

  func callAsFunction(_ x: Tensor) -> Tensor { output(layer(x).h_n) }
}
