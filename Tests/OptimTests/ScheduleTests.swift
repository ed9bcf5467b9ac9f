import Foundation
import Optim
import Testing

private func optimizer(_ rate: Double = 1) -> SGD {
  SGD([Parameter(.zeros([1]))], learningRate: rate)
}

@Suite struct ScheduleTests {
  private func rates(_ schedule: LRScheduler, steps: Int) -> [Double] {
    var rates = [schedule.optimizer.learningRate]
    for _ in 0..<steps {
      schedule.step()
      rates.append(schedule.optimizer.learningRate)
    }
    return rates
  }

  private func expectClose(_ a: [Double], _ b: [Double]) {
    #expect(a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 }, "\(a)")
  }

  @Test func shapesAreAsNamed() {
    expectClose(
      rates(StepLR(optimizer(), stepSize: 2, gamma: 0.5), steps: 4), [1, 1, 0.5, 0.5, 0.25])
    expectClose(
      rates(CosineAnnealingLR(optimizer(), period: 4, minLR: 0.2), steps: 4),
      [1, 0.6 + 0.4 * 0.5.squareRoot(), 0.6, 0.6 - 0.4 * 0.5.squareRoot(), 0.2])
    expectClose(
      rates(LinearLR(optimizer(2), startFactor: 0.5, steps: 2), steps: 3), [1, 1.5, 2, 2])
    expectClose(
      rates(
        OneCycleLR(
          optimizer(), maxLR: 1, totalSteps: 6, warmUp: 0.5, anneal: .linear, divFactor: 5,
          finalDivFactor: 2), steps: 5), [0.2, 0.6, 1, 0.7, 0.4, 0.1])
  }

  @Test func aWarmUpIsFollowedByAnotherSchedule() {
    let schedule = SequentialLR(optimizer(4), milestones: [2]) {
      [LinearLR($0, startFactor: 0.5, steps: 2), StepLR($0, stepSize: 1, gamma: 0.5)]
    }
    expectClose(rates(schedule, steps: 5), [2, 3, 4, 2, 1, 0.5])
  }

  @Test func schedulesAreTakenUpAgain() throws {
    let first = CosineAnnealingLR(optimizer(), period: 9)
    for _ in 0..<4 { first.step() }
    let second = CosineAnnealingLR(optimizer(5), period: 9)
    try second.loadStateDict(first.stateDict())
    #expect(second.optimizer.learningRate == first.optimizer.learningRate)
    first.step()
    second.step()
    #expect(second.optimizer.learningRate == first.optimizer.learningRate)
    #expect(throws: StateError.missing(["step_count"])) {
      try second.loadStateDict(["base_rate": NDArray(1)])
    }
    #expect(throws: StateError.unexpected(["other"])) {
      try second.loadStateDict(["other": NDArray(1)])
    }
  }

  @Test func aPlateauReducesTheRate() throws {
    let schedule = PlateauLR(optimizer(), factor: 0.5, patience: 1, cooldown: 1)
    var rates: [Double] = []
    for value in [3, 2, 2, 2, 2, 2, 2, 1] as [Double] {
      schedule.step(value)
      rates.append(schedule.optimizer.learningRate)
    }
    #expect(rates == [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25])
    #expect(schedule.best == 1)

    let other = PlateauLR(optimizer(), factor: 0.5, patience: 1, cooldown: 1)
    try other.loadStateDict(schedule.stateDict())
    #expect(other.stateDict() == schedule.stateDict())
  }

  /// A step after each of the batches is what a loop does; one more is a mistake.
  @Test func oneCycleEnds() async {
    let schedule = OneCycleLR(optimizer(), maxLR: 1, totalSteps: 2)
    schedule.step()
    let last = schedule.optimizer.learningRate
    schedule.step()
    #expect(schedule.optimizer.learningRate == last)
    await #expect(processExitsWith: .failure) {
      let schedule = OneCycleLR(optimizer(), maxLR: 1, totalSteps: 2)
      for _ in 0..<3 { schedule.step() }
    }
  }
}
