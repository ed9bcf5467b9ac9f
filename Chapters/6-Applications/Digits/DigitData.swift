import Foundation
import Unroll

/// Images `[count, 28, 28]` to learn from and to be judged by.
package struct DigitData: Sendable {
  package let name: String
  package let training, test: LabeledImages

  /// The first 8,000 training images of MNIST and all test images where a data folder has them; else
  /// as many drawn ones.
  package init(data: URL?, quick: Bool) throws {
    let count = quick ? 1_000 : 8_000
    if let folder = DataFolder(data), folder.has(.mnist) {
      name = "MNIST"
      let parts = try [true, false].map { train in
        let part = try folder.mnist(train: train)
        try Self.check(part, folder.url.appendingPathComponent("mnist"), train ? "train" : "t10k")
        return part
      }
      training = parts[0].first(count)
      test = quick ? parts[1].first(count) : parts[1]
    } else {
      name = "digits drawn for this project"
      training = Self.drawn(count, Generator(seed: 1))
      test = Self.drawn(quick ? 500 : 2_000, Generator(seed: 2))
    }
  }

  /// Drawn digits that do not stand as straight and as much in the middle as they were drawn: as they
  /// are, a weight for each pixel is enough to tell them apart.
  private static func drawn(_ count: Int, _ generator: Generator) -> LabeledImages {
    let digits = Generated.digits(count: count, generator: generator)
    let unsteady = RandomAffine(degrees: 15, scale: 0.75...1.1, shear: 0.2, translate: 0.07)
    return LabeledImages(unsteady(digits.inputs, generator: generator), digits.targets)
  }

  private static func check(_ images: LabeledImages, _ folder: URL, _ part: String) throws {
    let shape = images.inputs.shape
    var problem: String?
    if shape[0] < 100 { problem = "\(shape[0]) images; 100 are needed" }
    if shape.count != 3 || shape[1...] != [28, 28] {
      let size = shape.dropFirst().map(String.init).joined(separator: " × ")
      problem = "images of \(size) pixels; 28 × 28 are needed"
    }
    if let wrong = images.targets.values.first(where: { $0 > 9 }) {
      problem = "the label \(wrong) is no digit"
    }
    if let problem { throw DatasetError(file: folder.path, problem: "\(part): \(problem)") }
  }
}

extension LabeledImages {
  func first(_ count: Int) -> LabeledImages { picked(Array(0..<Swift.min(count, self.count))) }

  func picked(_ places: [Int]) -> LabeledImages {
    LabeledImages(inputs.examples(places), targets.examples(places))
  }

  /// Every image with its 784 pixels in another order, the same for all.
  func shuffled(_ order: [Int]) -> LabeledImages {
    let rows = inputs.reshaped([count, 784]).take(Indices(order), axis: 1)
    return LabeledImages(rows.reshaped([count, 28, 28]), targets)
  }
}
