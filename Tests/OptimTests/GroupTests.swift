import Optim
import Testing

/// Groups of parameters; PyTorch's values are in Tests/Golden (`optimizers`).
@Suite struct GroupTests {
  private let a = Parameter(.ones([2])), b = Parameter(.ones([2]))

  private func pair() -> SGD {
    let optimizer = SGD([a], learningRate: 0.1, momentum: 0.9)
    optimizer.addGroup([b], learningRate: 0.4, weightDecay: 0.5)
    return optimizer
  }

  @Test func toSetTheRateKeepsTheProportion() {
    let optimizer = pair()
    optimizer.learningRate = 0.05
    #expect(optimizer.groups.map(\.learningRate) == [0.05, 0.2])
    optimizer.groups[1].learningRate = 1
    #expect(optimizer.learningRate == 0.05)
    let plateau = PlateauLR(optimizer, factor: 0.5, patience: 0)
    for _ in 0..<2 { plateau.step(1) }
    #expect(optimizer.groups.map(\.learningRate) == [0.025, 0.5])
  }

  /// An optimizer of one's own needs to know nothing of groups.
  @Test func anOptimizerOfOnesOwnStepsWithItsGroupsRate() {
    final class Sign: Optimizer {
      override func updated(
        _ p: NDArray, gradient g: NDArray, slots: inout [NDArray], step: Int
      ) -> NDArray { p - g.sign() * learningRate }
    }
    let optimizer = Sign([a], learningRate: 0.5)
    optimizer.addGroup([b], learningRate: 0.25)
    for parameter in [a, b] { parameter.grad = .ones([2]) }
    optimizer.step()
    #expect(a.value == NDArray([0.5, 0.5]) && b.value == NDArray([0.75, 0.75]))
    #expect(optimizer.learningRate == 0.5)
  }

  @Test func theStateHasEveryGroupsRate() throws {
    let optimizer = pair()
    let schedule = SequentialLR(optimizer, milestones: [2]) {
      [LinearLR($0, startFactor: 0.5, steps: 2), ExponentialLR($0, gamma: 0.5)]
    }
    for parameter in [a, b] { parameter.grad = .ones([2]) }
    for _ in 0..<3 {
      optimizer.step()
      schedule.step()
    }
    #expect(optimizer.groups.map(\.learningRate) == [0.05, 0.2])
    let state = optimizer.stateDict(), place = schedule.stateDict()
    #expect(state["learning_rate.1"]!.item == 0.2 && state["1.step"]!.item == 3)

    let other = pair()
    let rest = SequentialLR(other, milestones: [2]) {
      [LinearLR($0, startFactor: 0.5, steps: 2), ExponentialLR($0, gamma: 0.5)]
    }
    try other.loadStateDict(state)
    try rest.loadStateDict(place)
    #expect(other.stateDict() == state && rest.stateDict() == place)
    #expect(throws: StateError.unexpected(["1.momentum_buffer", "1.step", "learning_rate.1"])) {
      try SGD([a], learningRate: 0.1, momentum: 0.9).loadStateDict(state)
    }
  }

  @Test func whatIsNoGroupStops() async {
    await #expect(processExitsWith: .failure) {
      let parameter = Parameter(.ones([2]))
      SGD([parameter]).addGroup([parameter])
    }
    await #expect(processExitsWith: .failure) { SGD([Parameter(.ones([2]))]).addGroup([]) }
    await #expect(processExitsWith: .failure) {
      SGD([Parameter(.ones([2]))]).addGroup([Parameter(.ones([2]))], weightDecay: -1)
    }
    // The schedule has no rate for it.
    await #expect(processExitsWith: .failure) {
      let optimizer = SGD([Parameter(.ones([2]))])
      let schedule = ExponentialLR(optimizer, gamma: 0.9)
      optimizer.addGroup([Parameter(.ones([2]))])
      schedule.step()
    }
    await #expect(processExitsWith: .failure) {
      _ = LambdaLR(SGD([Parameter(.ones([2]))])) { _ in -1 }
    }
    await #expect(processExitsWith: .failure) {
      _ = MultiStepLR(SGD([Parameter(.ones([2]))]), milestones: [-1])
    }
  }
}
