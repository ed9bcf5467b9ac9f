import UnrollChapter

/// How a model learned a memory task.
public struct MemoryRun: Sendable {
  /// The steps at which it was judged, and the error there, on sequences it had never seen.
  public var steps: [Int] = []
  public var errors: [Double] = []
  /// The weights after the steps that were asked for, 0 for those before any, and at the end.
  public var kept: [Int: StateDict] = [:]
  public init() {}
  public var final: Double { errors[errors.count - 1] }
  /// The first of the steps at which the error was below 0.05; nil if it never was.
  public var found: Int? { zip(steps, errors).first { $0.1 < 0.05 }?.0 }
}

/// Runs of several layers with several seeds each, as many at once as there are cores.
public func overKinds<Result: Sendable>(
  _ page: Page, _ title: String, _ kinds: [LayerKind], first: UInt64, seeds: Int = 3,
  _ work:
    @escaping @Sendable (LayerKind, _ progress: @escaping (Int, Int) -> Void) throws -> Result
) throws -> [LayerKind: [Result]] {
  // All as seeds of one piece of work, so that no core waits at the end of each layer's.
  let runs = try overSeeds(page, title, first: 0, count: kinds.count * seeds) { place, progress in
    let (seed, kind) = Int(place).quotientAndRemainder(dividingBy: kinds.count)
    return try Generator.withDefault(seed: first &+ UInt64(seed)) {
      try work(kinds[kind], progress)
    }
  }
  return Dictionary(
    uniqueKeysWithValues: kinds.enumerated().map { kind, name in
      (name, (0..<seeds).map { runs[$0 * kinds.count + kind] })
    })
}

/// The adding problem: at each length several layers with several seeds each. All are one piece of work,
/// the longest sequences first, so that no core waits for the last of each length.
///
/// - Returns: for each length the runs of each layer, in the order of the seeds `first`, `first` + 1, ….
public func addingRuns(
  _ page: Page, _ tasks: [(length: Int, kinds: [LayerKind], seeds: Int)], steps: Int, first: UInt64,
  keeping: [Int] = []
) throws -> [[LayerKind: [MemoryRun]]] {
  let jobs = tasks.enumerated().flatMap { place, task in
    (0..<task.seeds).flatMap { seed in
      task.kinds.map { (place: place, length: task.length, kind: $0, seed: first &+ UInt64(seed)) }
    }
  }.sorted { $0.length > $1.length }
  let runs = try overSeeds(page, "adding", first: 0, count: jobs.count) { number, progress in
    let job = jobs[Int(number)]
    return try Generator.withDefault(seed: job.seed) {
      try trainAdding(job.kind, length: job.length, steps: steps, keeping: keeping) {
        progress($0, steps)
      }
    }
  }
  var found = [[LayerKind: [MemoryRun]]](repeating: [:], count: tasks.count)
  for (job, run) in zip(jobs, runs) { found[job.place][job.kind, default: []].append(run) }
  return found
}

extension Figure {
  /// The runs of one layer at one task, a line a seed, each narrower than the one that it is drawn over:
  /// where they agree all are seen. The dashed line is what can be had without memory.
  public init(
    _ title: String, y: Axis, runs: [MemoryRun], steps: Int,
    baseline: (label: String, value: Double)
  ) {
    self.init(title, x: Axis("training step", min: 0, max: Double(steps)), y: y)
    let looks: [(color: Color, width: Double)] = [(.gray, 9), (.blue, 5), (.orange, 2)]
    for (seed, (run, look)) in zip(runs, looks).enumerated() {
      line(
        x: run.steps, y: run.errors, label: "seed \(seed + 1)", color: look.color,
        width: look.width)
    }
    line(
      x: [0, steps], y: [baseline.value, baseline.value], label: baseline.label, color: .black,
      style: .dashed, width: 1.5)
  }
}

/// Trains on fresh batches of 32, judged on `unseen` ones: Adam with rate 0.01, a tenth of it in the
/// last fifth, gradients clipped to a norm of 1. Ends early when the error is below `enough`.
private func trainOnFresh<Target>(
  _ model: SequenceModel, loss: some TrainerLoss<Target>, steps: Int,
  forward: @escaping (NDArray) -> Tensor, unseen: (inputs: NDArray, targets: Target),
  enough: Double = 0, keeping: [Int], progress: @escaping (Int) -> Void,
  batch: @escaping (Int) -> (inputs: NDArray, targets: Target)
) throws -> MemoryRun {
  let optimizer = Adam(model.parameters(), learningRate: 0.01)
  let trainer = Trainer(
    model, optimizer: optimizer, loss: loss, clipNorm: 1, generator: Generator(seed: 0),
    forward: forward)
  trainer.showsProgress = false
  let slower = MultiStepLR(optimizer, milestones: [max(0, steps * 4 / 5 - 1)])
  var run = MemoryRun()
  if keeping.contains(0) { run.kept[0] = model.stateDict() }
  let judge = LambdaCallback(onBatchEnd: { place, _ in
    let step = place + 1
    if keeping.contains(step) { run.kept[step] = model.stateDict() }
    guard step == 1 || step == steps || step % max(1, steps / 25) == 0 else { return }
    run.steps.append(step)
    run.errors.append(trainer.evaluate([unseen])["loss"]!)
    progress(step)
  })
  try trainer.fit(
    { _ in (1...steps).lazy.prefix { _ in run.errors.last ?? 1 >= enough }.map { _ in batch(32) } },
    callbacks: [LearningRateScheduler(slower, each: .batch), judge])
  if !keeping.isEmpty { run.kept[run.steps.last!] = model.stateDict() }
  return run
}

/// The adding problem: the mean squared error on 500 unseen sequences, until it is below 0.001.
///
/// - Parameters:
///   - forgetBias: of an LSTM, where another than 1 is asked for.
///   - keeping: the steps after which the weights are kept, 0 for those before any.
public func trainAdding(
  _ kind: LayerKind, hiddenSize: Int = 32, length: Int, steps: Int, forgetBias: Double? = nil,
  keeping: [Int] = [], progress: @escaping (Int) -> Void = { _ in }
) throws -> MemoryRun {
  let task = AddingProblem(length: length)
  let model = SequenceModel(kind, inputSize: 2, hiddenSize: hiddenSize, outputSize: 1)
  if let forgetBias, let lstm = model.layer as? LSTM { Init.forgetGateBias(lstm, forgetBias) }
  return try trainOnFresh(
    model, loss: MSELoss(), steps: steps, forward: { model(Tensor($0)) }, unseen: task.batch(500),
    enough: 1e-3, keeping: keeping, progress: progress
  ) { task.batch($0) }
}

/// The copy task: the cross-entropy per step in nats on 200 unseen sequences.
public func trainCopying(
  _ kind: LayerKind, hiddenSize: Int, task: CopyTask, steps: Int,
  progress: @escaping (Int) -> Void = { _ in }
) throws -> MemoryRun {
  let model = SequenceModel(
    kind, inputSize: task.classes, hiddenSize: hiddenSize, outputSize: task.classes)
  func flat(_ batch: (inputs: NDArray, targets: Indices)) -> (inputs: NDArray, targets: Indices) {
    (batch.inputs, batch.targets.reshaped([batch.targets.count]))
  }
  return try trainOnFresh(
    model, loss: CrossEntropyLoss(), steps: steps,
    forward: { model.everyStep(Tensor($0)).reshaped([-1, task.classes]) },
    unseen: flat(task.batch(200)), keeping: [], progress: progress
  ) { flat(task.batch($0)) }
}
