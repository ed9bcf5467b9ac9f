import Foundation
import Training

/// How long a writer learns.
public enum WriterLength: Hashable, Sendable {
  /// About so many minutes, of which the first tenth tells how many steps that is; fewer where the text
  /// would be read too often.
  case minutes(Double)
  /// The same steps on every machine.
  case steps(Int)
}

/// The run's plan: how many steps it takes, and each one's learning rate.
///
/// A run of so many minutes is planned once, when a tenth of them is over and it is known how long a step
/// takes; after that no clock is asked, so that a run which is interrupted goes on to the same bits.
/// Up to there every plan has the same rates.
final class WriterSchedule: Callback {
  private let length: WriterLength
  /// Steps from one look at the text to choose by to the next.
  private let round: Int
  /// As many steps as are good for the text.
  private let mostSteps: Int
  private let learningRate: Double
  /// Tells this run from those of other texts and options.
  private let mark: Double
  private let progress: (Double) -> Void

  private(set) var steps = 0
  private(set) var planned: Int?
  /// The steps done when the round began.
  private(set) var roundStart = 0

  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant
  private var measured = (steps: 0, seconds: 0.0, rounds: 0, between: 0.0)

  init(
    _ length: WriterLength, round: Int, mostSteps: Int, learningRate: Double, mark: Double,
    progress: @escaping (Double) -> Void
  ) {
    (self.length, self.round, self.mostSteps) = (length, round, mostSteps)
    (self.learningRate, self.mark, self.progress) = (learningRate, mark, progress)
    last = clock.now
    if case .steps(let count) = length { planned = count }
  }

  /// The rate of step `steps`, from 0: up within 50 steps, and after a fifth of the run down along a
  /// cosine.
  private var rate: Double {
    let up = min(1, Double(steps + 1) / 50)
    guard let planned, 5 * steps > planned else { return learningRate * up }
    let share = Double(5 * steps - planned) / Double(4 * planned)
    return learningRate * up * max(0.002, (1 + cos(Double.pi * share)) / 2)
  }

  func onTrainBegin(_ session: any TrainingSession) {
    session.learningRate = rate
    last = clock.now
  }

  func onEpochBegin(_ epoch: Int, _ session: any TrainingSession) {
    if epoch > 0, measured.steps > 0 {
      measured.rounds += 1
      measured.between += sinceLast()
    }
    last = clock.now
    roundStart = steps
  }

  func onBatchEnd(_ batch: Int, logs: Logs, _ session: any TrainingSession) {
    steps += 1
    measured.steps += 1
    measured.seconds += sinceLast()
    if planned == nil, steps >= 5 { planIfKnown() }
    session.learningRate = rate
    progress(share)
    // The last round may be a short one.
    if steps == planned { session.stopTraining = true }
  }

  /// Whoever goes on from here is to go on to one end.
  func onInterrupt(_ session: any TrainingSession) { if planned == nil { plan() } }

  private func sinceLast() -> Double {
    let now = clock.now
    defer { last = now }
    return (now - last) / .seconds(1)
  }

  private var seconds: Double {
    if case .minutes(let minutes) = length { 60 * minutes } else { .infinity }
  }

  private func planIfKnown() {
    if measured.seconds + measured.between >= seconds / 10 || steps >= mostSteps / 10 { plan() }
  }

  private func plan() {
    let perStep = measured.seconds / Double(max(1, measured.steps))
    // Before the first round is over: to look at the text to choose by takes about two steps' time.
    let between = measured.rounds > 0 ? measured.between / Double(measured.rounds) : 2 * perStep
    let rounds = seconds / (Double(round) * perStep + between)
    let count = rounds < Double(mostSteps) ? round * max(1, Int(rounds)) : mostSteps
    planned = max(min(count, mostSteps), steps + 1)
  }

  private var share: Double {
    if let planned { return Double(steps) / Double(planned) }
    return (measured.seconds + measured.between) / seconds
  }

  // MARK: Memory

  var memory: CallbackMemory {
    get {
      var numbers = ["mark": mark, "steps": Double(steps)]
      numbers["planned"] = planned.map(Double.init)
      return CallbackMemory(numbers: numbers)
    }
    set {
      steps = newValue.count("steps")
      planned = newValue.numbers["planned"].map { _ in newValue.count("planned") }
      roundStart = max(0, steps - 1) / round * round
    }
  }

  func check(_ memory: CallbackMemory, epochs: Int, _ session: any TrainingSession) throws {
    let most = 2_000_000_000
    try memory.check(counts: ["mark": 1 << 53, "steps": most], optional: ["planned": most])
    guard memory.numbers["mark"] == mark else {
      throw StateError.value(
        name: "the run's mark", found: memory.numbers["mark"]!,
        expected: "that of this text and options")
    }
    let steps = memory.count("steps"), last = memory.numbers["planned"].map { Int($0) }
    // The last round may have been a short one.
    guard (round * (epochs - 2)...round * epochs) ~= steps, last == nil || last! >= steps,
      planned == nil || planned == last
    else {
      throw StateError.value(
        name: "steps", found: Double(steps), expected: "those of the plan and its rounds")
    }
  }
}
