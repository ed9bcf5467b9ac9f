import Unroll

/// What came of training a network for dates.
struct TranslatorRun: Sendable {
  let losses: [Double]
  let score: DateScore
  let state: StateDict
}

/// Adam with one cycle of the learning rate and the gradients' norm at most 1, over batches that
/// `batch` gives; the mean loss of every `every` steps.
func trainTranslator(
  _ model: Translator, steps: Int, maxLR: Double, every: Int,
  each: (_ done: Int, _ total: Int) -> Void,
  batch: () -> (sequences: [[Int]], answers: [[Int]])
) -> [Double] {
  let optimizer = Adam(model.parameters(), learningRate: maxLR)
  let schedule = OneCycleLR(optimizer, maxLR: maxLR, totalSteps: steps)
  var losses: [Double] = [], sum = 0.0
  for step in 1...steps {
    let (sequences, answers) = batch()
    optimizer.zeroGrad()
    let loss = model.loss(sequences, answers)
    loss.backward()
    clipGradNorm(optimizer.parameters, maxNorm: 1)
    optimizer.step()
    if step < steps { schedule.step() }
    sum += loss.item
    if step % every == 0 {
      losses.append(sum / Double(every))
      sum = 0
    }
    each(step, steps)
  }
  return losses
}

/// Batches of dates that are written anew each time, those of one batch of similar length.
func trainOnDates(
  _ model: Translator, _ split: DateSplit, steps: Int, each: (_ done: Int, _ total: Int) -> Void
) -> [Double] {
  var waiting: [[WrittenDate]] = []
  return trainTranslator(model, steps: steps, maxLR: 0.006, every: max(1, steps / 50), each: each) {
    if waiting.isEmpty {
      let dates = DateSplit.written(1024, of: split.learned)
      waiting = lengthBuckets(
        dates.map(\.text.count), batchSize: 64, generator: .default
      ).map { places in places.map { dates[$0] } }
    }
    let dates = waiting.removeLast()
    return (
      dates.map { DateSymbols.read($0.text) }, dates.map { DateSymbols.written($0.day.iso) }
    )
  }
}
