import Applications
import Foundation
import Testing
import Unroll

/// Chapter 6's first part: the models, the data, and what it says to data that are none.
@Suite struct DigitsTests {
  private let images = NDArray.uniform([3, 28, 28], generator: Generator(seed: 1))

  @Test func `scores for ten digits, by the last row`() {
    let whole = WholeImageReader(), rows = RowReader(dropout: 0.2)
    rows.eval()
    #expect(whole(Tensor(images)).shape == [3, 10])
    let last = noGrad { rows(Tensor(images)) }
    let each = noGrad { rows.afterEachRow(Tensor(images)) }
    #expect(each.shape == [3, 28, 10])
    #expect((each.value[0..<3, 27, 0..<10] - last.value).abs().max().item < 1e-6)
  }

  @Test func `the published model has no use for its recurrent weights`() {
    let model = WholeImageReader()
    let before = noGrad { model(Tensor(images)).value }
    for (name, parameter) in model.namedParameters() where name.contains("weight_hh") {
      parameter.value = .normal(parameter.value.shape)
    }
    #expect(noGrad { model(Tensor(images)).value } == before)
  }

  @Test func `shuffled pixels are another numbering of its inputs`() throws {
    let model = WholeImageReader(), order = Generator(seed: 2).permutation(784)
    let before = noGrad { model(Tensor(images)).value }
    let shuffled = images.reshaped([3, 784]).take(Indices(order), axis: 1).reshaped([3, 28, 28])
    let first = try #require(
      model.namedParameters().first { $0.name.hasSuffix("weight_ih_l0") }?.parameter)
    first.value = first.value.take(Indices(order), axis: 1)
    let after = noGrad { model(Tensor(shuffled)).value }
    #expect((after - before).abs().max().item < 1e-5)
  }

  @Test func `drawn digits are new in the test`() throws {
    let data = try DigitData(data: nil, quick: true)
    #expect(data.training.inputs.shape == [1_000, 28, 28])
    #expect(data.test.inputs.shape == [500, 28, 28])
    #expect(Set(data.training.targets.values) == Set(0..<10))
    #expect(data.training.inputs[0..<500] != data.test.inputs)
  }

  /// One image of 2 × 2 pixels that shows a 7, as MNIST's files have it.
  @Test func `images of another size are refused in one line`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("unroll-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = folder.appendingPathComponent("mnist")
    try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
    for part in ["train", "t10k"] {
      for (name, packed) in [
        ("images-idx3", "H4sIAAAAAAACA2Ng4GBmYGBgBGImEGZkYmYBALfoxlUUAAAA"),
        ("labels-idx1", "H4sIAAAAAAACA2Ng4GBkYGBgZAcAji3FmQkAAAA="),
      ] {
        try #require(Data(base64Encoded: packed)).write(
          to: files.appendingPathComponent("\(part)-\(name)-ubyte.gz"))
      }
    }
    let out = folder.appendingPathComponent("out")
    let outcome = try run(
      "applications", ["--part", "digits", "--data", folder.path, "--output", out.path])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("2 × 2 pixels; 28 × 28 are needed"))
    #expect(outcome.errors.count { $0 == "\n" } == 1)
  }
}
