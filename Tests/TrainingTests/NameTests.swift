import Foundation
import TestSupport
import Testing
import Training

/// A figure that is whatever a test wants.
private struct Figure: Metric {
  var name: String
  var value: Double
  var direction: Direction { .down }
  var sums: [Double] = []
  func update(_ predictions: NDArray, _ targets: Targets) {}
}

/// Names and numbers that come from callers become parts of formats and of files' names.
@Suite struct NameTests {
  private func save(_ template: String, _ value: Double, in scratch: Scratch) throws {
    let model = Linear(1, 1, generator: Generator(seed: 1))
    let trainer = Trainer<NDArray, NDArray>(
      model, optimizer: SGD(model.parameters(), learningRate: 0.1),
      loss: MSELoss(), metrics: [Figure(name: "x", value: value)])
    try trainer.fit(
      .ones([2, 1]), .ones([2, 1]), epochs: 1,
      callbacks: [ModelCheckpoint(scratch[template], saveWeightsOnly: true)])
  }

  @Test(arguments: [
    ("{x:d}", .nan, "nan"), ("{x:d}", -.infinity, "-inf"), ("{x:d}", 1e20, "100000000000000000000"),
    ("{x:d}", -3.7, "-3"), ("{x:04d}", 7, "0007"), ("{x:5.1f}", .nan, "  nan"),
    ("{x:.2f}", 0.125, "0.12"), ("{x:+d}", 3, "+3"), ("{epoch:02d}-{x:g}", 0.5, "01-0.5"),
  ])
  func figuresInAFilesName(template: String, value: Double, name: String) throws {
    let scratch = Scratch()
    try save(template, value, in: scratch)
    #expect(scratch.names == [name])
  }

  @Test(arguments: ["%sf", "sd", "*f", ".*f", ".999f", "s", "ld", "n%d", "1$d"])
  func formatsThatAskForMore(format: String) throws {
    let scratch = Scratch()
    let error = #expect(throws: TrainingError.self) { try save("{x:\(format)}", 1, in: scratch) }
    #expect(error?.description.contains("the format :\(format) is none of d, f, e, g") == true)
    #expect(scratch.names == [])
  }

  @Test func aFiguresNameIsNoFormat() {
    var text = ""
    var line = EpochProgress(total: 1, isShown: true, now: { 0 }) { text += $0 }
    line.show(0.5, epoch: 0) { ["loss": 1, "100%s %n %@": 0.25] }
    #expect(text.contains("100%s %n %@ 0.25"))
  }
}
