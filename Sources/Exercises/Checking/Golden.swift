import Foundation
import Workbook

/// Arguments and results of one exercise, as PyTorch has them (`Tests/Golden/generate_workbook.py`).
struct Golden {
  private let arrays: [String: Array]

  private struct Array: Decodable, Sendable {
    let shape: [Int]
    let data: [Double]
  }

  private static let all: [String: [String: Array]] = {
    do {
      return try JSONDecoder().decode(
        [String: [String: Array]].self, from: Data(PackageResources.golden_json))
    } catch { fatalError("golden.json: \(error)") }
  }()

  static func of(_ exercise: String) -> Golden {
    guard let arrays = all[exercise] else { fatalError("golden.json has no '\(exercise)'") }
    return Golden(arrays: arrays)
  }

  private func array(_ name: String) -> Array {
    guard let array = arrays[name] else { fatalError("golden.json has no '\(name)' here") }
    return array
  }

  func number(_ name: String) -> Double { array(name).data[0] }
  func numbers(_ name: String) -> [Double] { array(name).data }
  func integers(_ name: String) -> [Int] { array(name).data.map { Int($0) } }

  /// A vector as one row.
  func matrix(_ name: String) -> Matrix {
    let array = array(name)
    return Matrix(array.shape.count == 2 ? array.shape[0] : 1, array.shape.last ?? 1, array.data)
  }

  /// A sequence, one matrix for each index of the first axis.
  func sequence(_ name: String) -> [Matrix] {
    let array = array(name), size = array.shape[1] * array.shape[2]
    return (0..<array.shape[0]).map {
      Matrix(array.shape[1], array.shape[2], .init(array.data[$0 * size..<($0 + 1) * size]))
    }
  }
}
