import Unroll

/// How a model learned a memory task.
public struct MemoryRun {
  /// The steps at which it was judged, and the error there, on sequences it had never seen.
  public var steps: [Int] = []
  public var errors: [Double] = []
  public init() {}
  public var final: Double { errors[errors.count - 1] }
}

/// Trains on fresh batches of 32: Adam with rate 0.01, a tenth of it in the last fifth, gradients
/// clipped to a norm of 1. `batch` draws inputs and the loss of the answers to them.
private func trainOnFresh(
  _ model: SequenceModel, steps: Int, progress: (Int) -> Void,
  batch: (Int) -> Tensor, judge: () -> Double
) -> MemoryRun {
  let parameters = model.parameters()
  let optimizer = Adam(parameters, learningRate: 0.01)
  var run = MemoryRun()
  for step in 1...steps {
    if step == steps * 4 / 5 { optimizer.learningRate = 0.001 }
    optimizer.zeroGrad()
    batch(32).backward()
    clipGradNorm(parameters, maxNorm: 1)
    optimizer.step()
    if step == 1 || step == steps || step % max(1, steps / 25) == 0 {
      run.steps.append(step)
      run.errors.append(noGrad(judge))
      progress(step)
    }
  }
  return run
}

/// The adding problem: the mean squared error on 500 unseen sequences.
public func trainAdding(
  _ kind: LayerKind, hiddenSize: Int = 32, length: Int, steps: Int,
  progress: (Int) -> Void = { _ in }
) -> MemoryRun {
  let task = AddingProblem(length: length)
  let model = SequenceModel(kind, inputSize: 2, hiddenSize: hiddenSize, outputSize: 1)
  let unseen = task.batch(500)
  return trainOnFresh(model, steps: steps, progress: progress) { size in
    let (x, y) = task.batch(size)
    return mseLoss(model(Tensor(x)), Tensor(y))
  } judge: {
    mseLoss(model(Tensor(unseen.inputs)), Tensor(unseen.targets)).item
  }
}

/// The copy task: the cross-entropy per step in nats on 200 unseen sequences.
public func trainCopying(
  _ kind: LayerKind, hiddenSize: Int, task: CopyTask, steps: Int,
  progress: (Int) -> Void = { _ in }
) -> MemoryRun {
  let model = SequenceModel(
    kind, inputSize: task.classes, hiddenSize: hiddenSize, outputSize: task.classes)
  let unseen = task.batch(200)
  func loss(_ batch: (inputs: NDArray, targets: Indices)) -> Tensor {
    let answers = model.everyStep(Tensor(batch.inputs)).reshaped([-1, task.classes])
    return crossEntropy(answers, batch.targets.reshaped([batch.targets.count]))
  }
  return trainOnFresh(model, steps: steps, progress: progress) {
    loss(task.batch($0))
  } judge: {
    loss(unseen).item
  }
}
