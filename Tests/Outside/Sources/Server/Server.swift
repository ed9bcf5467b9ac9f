import Extensions
import Foundation
import UnrollNN

/// Loads a model's weights and answers: `Server weights.safetensors 1 2 3`.
@main struct Server {
  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    let model = NextNumber()
    do { try model.load(from: URL(fileURLWithPath: arguments.first ?? "")) } catch {
      print(error)
      exit(1)
    }
    print(model(arguments.dropFirst().compactMap(Double.init)))
  }
}
