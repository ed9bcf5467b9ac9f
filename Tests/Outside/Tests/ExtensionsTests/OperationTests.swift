import Extensions
import Foundation
import Testing
import UnrollNN

/// Operations of another package: values beside numbers from NumPy, gradients beside differences.
struct OperationTests {
  @Test func mish() throws {
    let x = NDArray([-2, -0.5, 0, 0.7, 3], dtype: .float64)
    let expected = [
      -0.2525014826957089, -0.22074377465173, 0, 0.5611483776438518, 2.986535004967957,
    ]
    for (got, wanted) in zip(Tensor(x).mish().value.doubles, expected) {
      #expect(abs(got - wanted) < 1e-15)
    }
    try gradientCheck({ $0[0].mish() }, inputs: [x])
  }

  @Test func cosine() throws {
    let a = NDArray([1, 2, 3], dtype: .float64), b = NDArray([[4, -5, 6]], dtype: .float64)
    #expect(abs(Tensor(a).cosine(Tensor(b)).item - 0.3654869423239036) < 1e-15)
    try gradientCheck({ $0[0].cosine($0[1]) }, inputs: [a, b])
  }

  @Test func sumsOfGroups() throws {
    let x = NDArray([[1, 2], [3, 4], [5, 6]], dtype: .float64)
    let groups = Indices([2, 0, 2])
    let sums = Tensor(x).sums(ofGroups: groups, count: 3).value
    #expect(sums == NDArray([[3, 4], [0, 0], [6, 8]], dtype: .float64))
    try gradientCheck({ $0[0].sums(ofGroups: groups, count: 3) }, inputs: [x])
  }

  @Test func sortedRows() throws {
    let x = NDArray([[1, 7, 3], [9, 4, 5]], dtype: .float64)
    let (values, places) = Tensor(x).sortedRows()
    #expect(values.value == NDArray([[7, 3, 1], [9, 5, 4]], dtype: .float64))
    #expect(places == Indices([1, 2, 0, 0, 2, 1], shape: [2, 3]))
    try gradientCheck({ $0[0].sortedRows().values }, inputs: [x])
  }

  @Test func nothingIsRecordedInside() {
    #expect(isGradEnabled)
    let x = Tensor([1, 2], requiresGrad: true)
    noGrad {
      #expect(!isGradEnabled)
      #expect(!x.mish().requiresGrad)
    }
    #expect(x.mish().operation == "mish")
  }

  @Test func aLayerTellsItselfToONNX() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).onnx")
    defer { try? FileManager.default.removeItem(at: file) }
    let model = Sequential(Linear(3, 4), Mish(), Branches(Linear(4, 2), Linear(4, 2)))
    try model.exportONNX(to: file, input: ["batch", 3])
    let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    for operation in ["MatMul", "Softplus", "Tanh", "Mul", "Add"] {
      #expect(text.contains(operation))
    }
    #expect(throws: (any Error).self) {
      try Branches(Mish(), Mish()).exportONNX(to: file, input: [])
    }
  }
}
