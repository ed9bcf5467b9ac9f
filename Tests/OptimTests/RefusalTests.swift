import Foundation
import Optim
import Testing

/// What an optimizer or a schedule does not do, and that it leaves all as it was.
@Suite struct RefusalTests {
  private func kinds(_ parameters: [Parameter]) -> [Optimizer] {
    [
      SGD(parameters, learningRate: 0.1), SGD(parameters, learningRate: 0.1, momentum: 0.9),
      RMSprop(parameters, momentum: 0.5, centered: true), Adam(parameters, amsgrad: true),
      AdamW(parameters),
    ]
  }

  /// A bad gradient of the second parameter keeps the first one where it is, too; and the step after
  /// is the one that would have been taken without it.
  @Test(arguments: 0..<5, [Double.nan, .infinity])
  func aGradientThatIsNotFiniteChangesNothing(kind: Int, bad: Double) throws {
    func start() -> ([Parameter], Optimizer) {
      let parameters = [Parameter(.ones([2])), Parameter(.ones([2, 3]))]
      return (parameters, kinds(parameters)[kind])
    }
    func step(_ parameters: [Parameter], _ optimizer: Optimizer) throws {
      parameters[0].grad = NDArray([1, -2])
      parameters[1].grad = .full([2, 3], 0.5)
      try optimizer.checkedStep()
    }
    let (plain, first) = start(), (tried, second) = start()
    try step(plain, first)
    try step(tried, second)
    let (before, state) = (tried.map(\.value), second.stateDict())
    tried[0].grad = .ones([2])
    tried[1].grad = NDArray([[0, 0, 0], [0, bad, 0]])
    let error = #expect(throws: NonFiniteStep.self) { try second.checkedStep() }
    #expect((error?.parameter, error?.step) == (1, 2))
    #expect(
      "\(error!)".hasSuffix("parameter 1 of shape [2, 3]: its gradient has \(bad) at [1, 1]"))
    #expect(tried.map(\.value) == before && second.stateDict() == state)
    try step(plain, first)
    try step(tried, second)
    #expect(tried.map(\.value) == plain.map(\.value))
  }

  @Test func whatWouldBecomeInfiniteStaysAsItWas() throws {
    let first = Parameter(.ones([3])), second = Parameter(NDArray([0, 3e38]))
    let optimizer = SGD([first, second], learningRate: 10)
    first.grad = .ones([3])
    second.grad = NDArray([1, -3e37])
    let error = #expect(throws: NonFiniteStep.self) { try optimizer.checkedStep() }
    #expect(
      "\(error!)"
        == "SGD: step 1 with learning rate 10.0 is refused: "
        + "parameter 1 of shape [2]: it would become inf at [1]")
    #expect(first.value == .ones([3]) && second.value == NDArray([0, 3e38]))
    optimizer.learningRate = .nan
    #expect(throws: NonFiniteStep.self) { try optimizer.checkedStep() }
    optimizer.learningRate = 1
    try optimizer.checkedStep()
    #expect(first.value == .zeros([3]))
    #expect(optimizer.stateDict()["learning_rate"]!.item == 1)
  }

  /// The caller may have put an infinite number there, as a mask; it is no fault of the step.
  @Test func whatWasInfiniteBeforeMayStaySo() throws {
    let mask = Parameter(NDArray([-.infinity, 1]))
    mask.grad = NDArray([1, 1])
    try SGD([mask], learningRate: 0.5).checkedStep()
    #expect(mask.value[1].item == 0.5 && !mask.value[0].item.isFinite)
  }

  @Test func aParameterMayBeReplacedBetweenSteps() {
    let parameter = Parameter(.ones([2]))
    let optimizer = SGD([parameter], learningRate: 1)
    for _ in 0..<3 {
      parameter.grad = .ones([2])
      optimizer.step()
      let seen = parameter.value
      parameter.grad = .ones([2])
      optimizer.step()
      #expect(seen == parameter.value + 1.0)
      parameter.value = .ones([2])
    }
  }

  @Test func stepsThatAreRefusedStopByName() async {
    let nan = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let parameter = Parameter(.ones([2]))
      parameter.grad = NDArray([.nan, 1])
      Adam([parameter]).step()
    }
    expectWords("Adam: step 1 with learning rate 0.001 is refused: parameter 0 of shape [2]", nan)
    let twice = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let parameter = Parameter(.ones([2]))
      _ = Adam([Parameter(.ones([1])), parameter, parameter])
    }
    expectWords("Adam: parameters 1 and 2 are one, of shape [2]", twice)
    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let parameter = Parameter(.ones([2]))
      parameter.grad = .ones([1])
      SGD([parameter]).step()
    }
    expectWords("SGD: a gradient float32 [1] for parameter 0, float32 [2]", shape)
    await #expect(processExitsWith: .failure) {
      _ = SGD([Parameter(.ones([2]))], learningRate: .infinity)
    }
    await #expect(processExitsWith: .failure) {
      _ = RMSprop([Parameter(.ones([2]))], alpha: 1.5)
    }
    await #expect(processExitsWith: .failure) {
      let parameter = Parameter(.ones([2]))
      parameter.grad = .ones([2])
      clipGradNorm([parameter], maxNorm: -1)
    }
  }

  // MARK: Schedules

  private func optimizer(_ rate: Double = 1) -> SGD {
    SGD([Parameter(.zeros([1]))], learningRate: rate)
  }

  private func rates(
    total: Int, warmUp: Double, threePhase: Bool = false, anneal: OneCycleLR.Anneal = .linear
  ) -> [Double] {
    let schedule = OneCycleLR(
      optimizer(), maxLR: 1, totalSteps: total, warmUp: warmUp, anneal: anneal, divFactor: 10,
      finalDivFactor: 10, threePhase: threePhase)
    return (0..<total).map { schedule.rate(at: $0) }
  }

  private func expectClose(_ a: [Double], _ b: [Double]) {
    #expect(a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 }, "\(a)")
  }

  /// PyTorch divides by zero here.
  @Test func aPhaseWithoutStepsBeginsAtItsEnd() {
    expectClose(rates(total: 10, warmUp: 0.1), (0..<10).map { 1 - 0.99 * Double($0) / 9 })
    #expect(rates(total: 10, warmUp: 0.1, anneal: .cosine)[0] == 1)
    expectClose(rates(total: 5, warmUp: 0.2, threePhase: true), [1, 0.0775, 0.055, 0.0325, 0.01])
    expectClose(rates(total: 1, warmUp: 1), [1])
    for total in 1...30 {
      for share in 0...total {
        for threePhase in [false, true] where !threePhase || 2 * share <= total {
          let all = rates(
            total: total, warmUp: Double(share) / Double(total), threePhase: threePhase,
            anneal: .cosine)
          #expect(all.allSatisfy { $0 >= 0.0099 && $0 <= 1 }, "\(total) \(share) \(threePhase)")
        }
      }
    }
  }

  /// torch.optim.lr_scheduler.OneCycleLR, at the ends of what it takes.
  @Test func theEndsOfTheWarmUpAreAsInPyTorch() {
    expectClose(rates(total: 5, warmUp: 0), [0.802, 0.604, 0.406, 0.208, 0.01])
    expectClose(rates(total: 4, warmUp: 1), [0.1, 0.4, 0.7, 1])
    expectClose(rates(total: 4, warmUp: 0.5, threePhase: true), [0.1, 1, 0.1, 0.01])
  }

  @Test func aScheduleWithoutATurnIsPassedOver() {
    let schedule = SequentialLR(optimizer(4), milestones: [0, 2, 2]) {
      [
        LinearLR($0, startFactor: 0.1, steps: 2), StepLR($0, stepSize: 1, gamma: 0.5),
        LinearLR($0, startFactor: 0, steps: 5), StepLR($0, stepSize: 1, gamma: 0.1),
      ]
    }
    expectClose((0..<4).map { schedule.rate(at: $0) }, [4, 2, 4, 0.4])
  }

  @Test func nonsenseIsRefused() async {
    await #expect(processExitsWith: .failure) {
      _ = OneCycleLR(SGD([Parameter(.zeros([1]))]), maxLR: 1, totalSteps: 9, divFactor: 0)
    }
    await #expect(processExitsWith: .failure) {
      _ = OneCycleLR(SGD([Parameter(.zeros([1]))]), maxLR: .nan, totalSteps: 9)
    }
    await #expect(processExitsWith: .failure) {
      _ = OneCycleLR(
        SGD([Parameter(.zeros([1]))]), maxLR: 1, totalSteps: 9, warmUp: 0.8, threePhase: true)
    }
    await #expect(processExitsWith: .failure) {
      _ = StepLR(SGD([Parameter(.zeros([1]))]), stepSize: 1, gamma: -0.5)
    }
    await #expect(processExitsWith: .failure) {
      _ = CosineAnnealingLR(SGD([Parameter(.zeros([1]))]), period: 3, minLR: .infinity)
    }
    await #expect(processExitsWith: .failure) {
      _ = LinearLR(SGD([Parameter(.zeros([1]))]), startFactor: .nan)
    }
    await #expect(processExitsWith: .failure) {
      _ = PlateauLR(SGD([Parameter(.zeros([1]))]), factor: -0.1)
    }
    await #expect(processExitsWith: .failure) {
      _ = SequentialLR(SGD([Parameter(.zeros([1]))]), milestones: [-1]) {
        [StepLR($0, stepSize: 1), StepLR($0, stepSize: 1)]
      }
    }
  }

  @Test(
    arguments: [PlateauLR.Mode.min, .max],
    [PlateauLR.ThresholdMode.relative, .absolute])
  func aPlateauBeginsWithTheFirstNumber(
    mode: PlateauLR.Mode, threshold: PlateauLR.ThresholdMode
  ) {
    let schedule = PlateauLR(
      optimizer(), mode: mode, patience: 2, threshold: 1, thresholdMode: threshold)
    schedule.step(.nan)
    schedule.step(5)
    #expect(schedule.best == 5 && schedule.badSteps == 0)
    schedule.step(.nan)
    #expect(schedule.best == 5 && schedule.badSteps == 1)
  }

  // MARK: States

  private func refused(
    _ object: any Stateful, _ name: String, _ value: Double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let before = object.stateDict()
    var state = before
    let shape = state[name]!.shape
    state[name] = .full(shape, value, dtype: state[name]!.dtype)
    let error = #expect(throws: StateError.self, sourceLocation: sourceLocation) {
      try object.loadStateDict(state)
    }
    #expect(error.map { "\($0)".hasPrefix("\(name) is ") } == true)
    #expect(object.stateDict() == before, sourceLocation: sourceLocation)
  }

  @Test(arguments: [Double.nan, .infinity, 1e300, -1e300, -1, 0.5])
  func numbersThatMeanNothingAreRefused(value: Double) {
    let parameter = Parameter(.ones([2]))
    let adam = Adam([parameter])
    parameter.grad = .ones([2])
    adam.step()
    refused(adam, "0.step", value)
    if value != 0.5, value != 1e300 { refused(adam, "learning_rate", value) }
    if value < 0 || value.isNaN { refused(adam, "0.exp_avg_sq", value) }

    let steps = StepLR(optimizer(), stepSize: 2)
    refused(steps, "step_count", value)
    let cycle = OneCycleLR(optimizer(), maxLR: 1, totalSteps: 5)
    refused(cycle, "step_count", value)
    refused(cycle, "step_count", 6)
    let warm = SequentialLR(optimizer(), milestones: [2]) {
      [LinearLR($0, steps: 2), OneCycleLR($0, maxLR: 1, totalSteps: 5)]
    }
    refused(warm, "step_count", 8)

    let plateau = PlateauLR(optimizer())
    plateau.step(3)
    refused(plateau, "bad_steps", value)
    refused(plateau, "cooldown_left", value)
    refused(plateau, "best", .nan)
  }
}

/// Whether a program that stopped said so in these words.
private func expectWords(
  _ words: String, _ result: ExitTest.Result?, sourceLocation: SourceLocation = #_sourceLocation
) {
  let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  #expect(said.contains(words), "it said: \(said.prefix(500))", sourceLocation: sourceLocation)
}
