import Testing
import Training

/// A loss as an object trains as the closure does that calls its function.
@Suite struct TrainerLossTests {
  private func losses<Target: BatchArray>(
    _ target: Target, outputs: Int, _ make: (Sequential) -> Trainer<NDArray, Target>
  ) throws -> [Double] {
    let generator = Generator(seed: 3)
    let trainer = make(Sequential(Linear(2, outputs, generator: generator)))
    let x = NDArray.normal([20, 2], generator: generator)
    trainer.showsProgress = false
    return try trainer.fit(x, target, batchSize: 20, epochs: 3, shuffle: false)["loss"]!
  }

  @Test func numbers() throws {
    let y = NDArray.normal([20, 1], generator: Generator(seed: 4))
    func optimizer(_ model: Sequential) -> Optimizer { SGD(model.parameters(), learningRate: 0.1) }
    let closure = try losses(y, outputs: 1) {
      Trainer($0, optimizer: optimizer($0), loss: { mseLoss($0, Tensor($1)) })
    }
    #expect(
      try losses(y, outputs: 1) { Trainer($0, optimizer: optimizer($0), loss: MSELoss()) }
        == closure)
    #expect(
      try losses(y, outputs: 1) { model in
        Trainer(model, optimizer: optimizer(model), loss: MSELoss()) { model(Tensor($0)) }
      } == closure)
    let huber = try losses(y, outputs: 1) {
      Trainer($0, optimizer: optimizer($0), loss: SmoothL1Loss(beta: 0.5))
    }
    #expect(huber != closure)
  }

  @Test func classes() throws {
    let y = Indices((0..<20).map { $0 % 3 })
    func optimizer(_ model: Sequential) -> Optimizer { SGD(model.parameters(), learningRate: 0.1) }
    let closure = try losses(y, outputs: 3) {
      Trainer($0, optimizer: optimizer($0), loss: { crossEntropy($0, $1) })
    }
    let object = try losses(y, outputs: 3) {
      Trainer($0, optimizer: optimizer($0), loss: CrossEntropyLoss())
    }
    #expect(object == closure)
  }
}
