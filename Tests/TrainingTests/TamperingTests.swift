import Foundation
import TestSupport
import Testing
import Training

/// Checkpoints with a number or an array that no run has written: each is refused with a sentence,
/// and model, optimizer and callbacks stay as they were.
@Suite struct TamperingTests {
  /// A run with something of everything: it is cut off in the middle of its third epoch.
  private struct Run {
    let model = Linear(1, 1, generator: Generator(seed: 3))
    let trainer: Trainer<NDArray, NDArray>
    let x = NDArray.linspace(-1, 1, count: 12).reshaped([12, 1])
    let stopping = EarlyStopping(monitor: "loss", patience: 50, restoreBestWeights: true)
    let plateau = ReduceLROnPlateau(monitor: "loss", patience: 3, cooldown: 1)
    let schedule: LearningRateScheduler
    let generator = Generator(seed: 4)

    init() {
      let model = model
      let optimizer = Adam(model.parameters(), learningRate: 0.1)
      schedule = LearningRateScheduler(
        OneCycleLR(optimizer, maxLR: 0.1, totalSteps: 100), each: .batch)
      trainer = Trainer(
        model, optimizer: optimizer, loss: MSELoss(),
        metrics: [MeanAbsoluteError(), F1Score()], generator: generator,
        carrying: { x, carried in
          let memory = (carried.first ?? .zeros([1])) + x.sum(axis: 0)
          carried = [memory]
          return model(Tensor(x) + Tensor(memory)).sigmoid()
        })
    }

    @discardableResult
    func fit(_ last: [any Callback]) throws -> History {
      try trainer.fit(
        x, (x .> 0), batchSize: 3, epochs: 4, callbacks: [stopping, plateau, schedule] + last)
    }
  }

  private static func written() throws -> Safetensors {
    let scratch = Scratch(), file = scratch["run"]
    let saving = ModelCheckpoint(file, saveFreq: .batches(10))
    #expect(throws: Crash.Happened.self) {
      try Run().fit([saving, Crash(epoch: 2, batch: 1)])
    }
    return try Safetensors(contentsOf: file)
  }

  /// The message of a refusal; "accepted" where there is none.
  private func resume(
    _ original: Safetensors, arrays: (inout StateDict) -> Void = { _ in },
    _ place: (inout [String: Any]) -> Void
  ) throws -> String {
    let scratch = Scratch(), file = scratch["run"]
    var changed = original
    arrays(&changed.arrays)
    let text = changed.metadata["unroll.training"]!
    var json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as! [String: Any]
    place(&json)
    changed.metadata["unroll.training"] = String(
      decoding: try JSONSerialization.data(withJSONObject: json), as: UTF8.self)
    try changed.write(to: file)

    let run = Run()
    // Something to remember from an earlier run.
    _ = run.stopping.judge(3, epoch: 0)
    let (model, optimizer) = (run.model.stateDict(), run.trainer.optimizer.stateDict())
    let chance = run.generator.savedState
    do {
      try run.fit([BackupAndRestore(file), Idle()])
      return "accepted"
    } catch {
      let words = "\(error)"
      #expect(words.hasPrefix("\(file.path): ") && !words.contains("\n"), "\(words)")
      #expect(run.model.stateDict() == model, "\(words)")
      #expect(run.trainer.optimizer.stateDict() == optimizer, "\(words)")
      #expect(run.stopping.best == 3 && run.plateau.wait == 0, "\(words)")
      #expect(run.generator.savedState == chance, "\(words)")
      return String(words.dropFirst(file.path.count + 2))
    }
  }

  @Test func whatWasWrittenIsTakenUp() throws {
    let said = try resume(Self.written()) { _ in }
    #expect(said == "accepted")
  }

  @Test func numbersOfTheRun() throws {
    let original = try Self.written()
    let prefix = "not a checkpoint to go on from: "
    func expect(
      _ words: String, sourceLocation: SourceLocation = #_sourceLocation,
      _ change: (inout [String: Any]) -> Void
    ) throws {
      #expect(
        try resume(original, change) == prefix + words, sourceLocation: sourceLocation)
    }
    for epoch in [-1, Int.min, Int.max, 3] {
      try expect("epoch \(epoch) and a history of 2 epochs") { $0["epoch"] = epoch }
    }
    try expect("batch -1 of an epoch that has begun") { $0["batch"] = -1 }
    try expect("batch 5 of an epoch that has 4") { $0["batch"] = 5 }
    try expect("batch \(Int.max) of an epoch that has 4") { $0["batch"] = Int.max }
    try expect("batch 2 of an epoch that has not begun") { $0["epochSeed"] = nil }
    try expect("-6.0 samples in 2 batches") { $0["sampleCount"] = -6.0 }
    try expect("nan samples in 2 batches") { $0["sampleCount"] = "nan" }
    for (name, value) in [("epoch", 1e300), ("batch", 0.5), ("generator", 1)] as [(String, Any)] {
      try expect("the run's numbers cannot be read") { $0[name] = value }
    }
    for name in ["generator", "defaultGenerator"] {
      for state in [[0, 0, 0, 0, 0, 0], [1, 2, 3, 4], [1, 2, 3, 4, 2, 0]] {
        try expect("a generator's state cannot be gone on from") { $0[name] = state }
      }
    }
    try expect("[1.0, 0.0, nan, 0.0] are no sums of the metric f1") {
      $0["metricSums"] = [[1, 2], [1, 0, "nan", 0]] as [[Any]]
    }
    try expect("[1.0] are no sums of the metric mae") { $0["metricSums"] = [[1], [1, 0, 0, 0]] }
    try expect("of a run with other metrics or callbacks") { $0["metricSums"] = [[1, 2]] }
  }

  @Test func aHistoryThatIsNoTable() throws {
    let original = try Self.written()
    func history(_ change: (inout [String: Any]) -> Void) throws {
      let words = try resume(original) { json in
        var history = json["history"] as! [String: Any]
        change(&history)
        json["history"] = history
      }
      #expect(words.hasPrefix("not a checkpoint to go on from: "), "\(words)")
    }
    try history { $0["epochs"] = [0] }
    try history { $0["epochs"] = [1, 0] }
    try history { $0["epochs"] = [0, 7] }
    try history { $0["names"] = ["loss"] }
    try history { $0["names"] = ["loss", "loss", "mae", "f1"] }
    try history { json in
      var columns = json["columns"] as! [String: [Any]]
      columns["loss"] = [1]
      json["columns"] = columns
    }
  }

  @Test(arguments: ["nan", "inf", 1e300, -1e300, -1.0, 0.5] as [any Sendable])
  func numbersOfCallbacks(value: any Sendable) throws {
    let original = try Self.written()
    func expect(_ place: Int, _ name: String, _ callback: String) throws {
      let words = try resume(original) { json in
        var numbers = json["callbackNumbers"] as! [[String: Any]]
        numbers[place][name] = value
        json["callbackNumbers"] = numbers
      }
      #expect(
        words.hasPrefix("not a checkpoint to go on from: \(callback): \(name) is "), "\(words)")
    }
    for name in ["wait", "bestEpoch", "stoppedEpoch"] { try expect(0, name, "EarlyStopping") }
    for name in ["wait", "cooldown"] { try expect(1, name, "ReduceLROnPlateau") }
    if value as? String == "nan" { try expect(0, "best", "EarlyStopping") }
  }

  @Test func memoriesThatAreNotTheCallbacks() throws {
    let original = try Self.written()
    func expect(_ words: String, _ change: (inout [[String: Any]]) -> Void) throws {
      let said = try resume(original) { json in
        var numbers = json["callbackNumbers"] as! [[String: Any]]
        change(&numbers)
        json["callbackNumbers"] = numbers
      }
      #expect(said == "not a checkpoint to go on from: \(words)")
    }
    try expect("EarlyStopping: missing: wait") { $0[0]["wait"] = nil }
    try expect("EarlyStopping: unexpected: cooldown") { $0.swapAt(0, 1) }
    try expect("LearningRateScheduler: unexpected: wait") { $0[2]["wait"] = 1 }
    try expect("of a run with other metrics or callbacks") { $0.removeLast() }
  }

  @Test func arraysThatAreNotTheRuns() throws {
    let original = try Self.written()
    let prefix = "not a checkpoint to go on from: "
    func expect(_ words: String, _ change: (inout StateDict) -> Void) throws {
      let said = try resume(original, arrays: change) { _ in }
      #expect(said == prefix + words)
    }
    func number(_ value: Double) -> NDArray { NDArray(value, dtype: .float64) }
    let carried = "what was carried from batch to batch is not what was kept"
    try expect(carried) { $0["carried.0"] = nil }
    try expect(carried) { $0["carried.0"] = .zeros([2]) }
    try expect(carried) { $0["carried.7"] = .zeros([1]) }
    try expect("EarlyStopping: missing: bias") { $0["callback.0.bias"] = nil }
    try expect("EarlyStopping: missing: the best epoch's weights") {
      $0["callback.0.bias"] = nil
      $0["callback.0.weight"] = nil
    }
    try expect("EarlyStopping: weight is [2], expected [1, 1]") {
      $0["callback.0.weight"] = .zeros([2])
    }
    try expect("EarlyStopping: unexpected: other") { $0["callback.0.other"] = .zeros([2]) }
    try expect("LearningRateScheduler: step_count is nan, expected a whole number from 0") {
      $0["callback.2.step_count"] = number(.nan)
    }
    try expect("LearningRateScheduler: step_count is 101.0, expected a step that OneCycleLR has") {
      $0["callback.2.step_count"] = number(101)
    }
    try expect("LearningRateScheduler: base_rate is -1.0, expected a number from 0") {
      $0["callback.2.base_rate"] = number(-1)
    }
    for value in [Double.nan, 1e300, -1e300, 0] {
      try expect("0.step is \(value), expected a whole number from 1") {
        $0["optimizer.0.step"] = number(value)
      }
    }
    try expect("learning_rate is inf, expected a number from 0") {
      $0["optimizer.learning_rate"] = number(.infinity)
    }
    try expect("1.exp_avg is nan, expected numbers") {
      $0["optimizer.1.exp_avg"] = NDArray([Double.nan])
    }
    try expect("missing: weight") { $0["model.weight"] = nil }
    try expect("weight is [1, 2], expected [1, 1]") { $0["model.weight"] = .zeros([1, 2]) }
  }
}
