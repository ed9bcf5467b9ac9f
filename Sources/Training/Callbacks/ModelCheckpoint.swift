import Foundation
import PlainText

/// Saves the model as it trains: after every epoch, every few, or only when the monitored figure has
/// got better. Arguments and decisions are those of Keras' callback.
public final class ModelCheckpoint: Callback {
  /// How often to save.
  public enum Frequency: Equatable, Sendable {
    /// After every epoch.
    case epoch
    /// After every so many epochs.
    case epochs(Int)
    /// After every so many batches, epochs' ends not minded.
    case batches(Int)
  }

  /// The file to write, in whose path `{…}` may stand for figures.
  public let file: URL
  /// Whether only what is better than all before is saved.
  public let saveBestOnly: Bool
  /// Whether the parameters alone are saved, as safetensors, instead of a checkpoint.
  public let saveWeightsOnly: Bool
  /// How often the model is saved.
  public let saveFreq: Frequency
  /// Whether a line says what is saved and where.
  public let verbose: Bool
  /// The best figure so far.
  public var best: Double? { monitor.best }
  /// The file written last.
  public private(set) var lastFile: URL?

  private var monitor: Monitor
  private var sinceSaving = 0
  /// Whether the epoch's model is to be saved once all callbacks have judged it.
  private var isAwaited = false
  private var epoch = 0

  /// - Parameters:
  ///   - file: the file to write; in its path `{epoch:02d}` (from 1) and the name of any figure, as
  ///     in `{val_loss:.2f}`, stand for their values.
  ///   - monitor: the figure's name in the history, for `saveBestOnly`.
  ///   - verbose: whether a line says what is saved and where.
  ///   - saveBestOnly: whether to save only what is better than all before.
  ///   - saveWeightsOnly: the parameters alone, as safetensors, instead of a checkpoint to go on
  ///     training from.
  ///   - mode: which way is better.
  ///   - saveFreq: how often.
  ///   - initialValueThreshold: what the first figure has to beat.
  public init(
    _ file: URL, monitor: String = "val_loss", verbose: Bool = false,
    saveBestOnly: Bool = false, saveWeightsOnly: Bool = false, mode: MonitorMode = .auto,
    saveFreq: Frequency = .epoch, initialValueThreshold: Double? = nil
  ) {
    switch saveFreq {
    case .epochs(let n), .batches(let n):
      guard n > 0 else { wrongUse("ModelCheckpoint: saveFreq \(saveFreq) is not positive") }
    case .epoch: break
    }
    self.file = file
    self.monitor = Monitor(monitor, mode: mode, best: initialValueThreshold)
    self.verbose = verbose
    self.saveBestOnly = saveBestOnly
    self.saveWeightsOnly = saveWeightsOnly
    self.saveFreq = saveFreq
  }

  /// The decision by itself: whether a model of this figure is to be saved.
  public func judge(_ value: Double) -> Bool {
    guard saveBestOnly else { return true }
    guard monitor.isImprovement(value, over: monitor.best) else { return false }
    monitor.best = value
    return true
  }

  public func onTrainBegin(_ session: any TrainingSession) throws {
    let isBatchwise = if case .batches = saveFreq { true } else { false }
    let figures = isBatchwise ? session.batchFigures : session.figures
    if saveBestOnly { try monitor.settle(for: "ModelCheckpoint", among: figures, session) }
    if !figures.isEmpty {
      // The names and formats are wrong now or never.
      var values: Logs = ["epoch": 1]
      if isBatchwise { values["batch"] = 1 }
      for name in figures { values[name] = 1 }
      _ = try filledIn(file.path, values)
    }
  }

  public func onEpochBegin(_ epoch: Int, _ session: any TrainingSession) { self.epoch = epoch }

  public func onBatchEnd(_ batch: Int, logs: Logs, _ session: any TrainingSession) throws {
    if case .batches(let n) = saveFreq, isDue(n), try isWorthSaving(logs) {
      try save(logs, batch: batch, session)
    }
  }

  public func onEpochEnd(_ epoch: Int, logs: inout Logs, _ session: any TrainingSession) throws {
    switch saveFreq {
    case .epoch: isAwaited = try isWorthSaving(logs)
    case .epochs(let n): isAwaited = try isDue(n) && isWorthSaving(logs)
    case .batches: break
    }
  }

  public func afterEpoch(_ epoch: Int, logs: Logs, _ session: any TrainingSession) throws {
    if isAwaited { try save(logs, batch: nil, session) }
    isAwaited = false
  }

  private func isDue(_ n: Int) -> Bool {
    sinceSaving += 1
    if sinceSaving < n { return false }
    sinceSaving = 0
    return true
  }

  private func isWorthSaving(_ logs: Logs) throws -> Bool {
    try !saveBestOnly || judge(monitor.value(in: logs, for: "ModelCheckpoint"))
  }

  private func save(_ logs: Logs, batch: Int?, _ session: any TrainingSession) throws {
    let file = URL(fileURLWithPath: try path(logs, batch: batch))
    let folder = file.deletingLastPathComponent()
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw TrainingError.cannotWrite(file, error)
    }
    if saveWeightsOnly {
      try session.saveWeights(to: file)
    } else {
      try session.saveCheckpoint(to: file)
    }
    lastFile = file
    if verbose { session.say("Epoch \(epoch + 1): saved \(file.path)") }
  }

  private func path(_ logs: Logs, batch: Int?) throws -> String {
    var values = logs
    values["epoch"] = Double(epoch + 1)
    if let batch { values["batch"] = Double(batch + 1) }
    return try filledIn(file.path, values)
  }

  public var memory: CallbackMemory {
    get {
      var numbers = ["sinceSaving": Double(sinceSaving), "epoch": Double(epoch)]
      numbers["best"] = monitor.best
      return CallbackMemory(numbers: numbers)
    }
    set {
      sinceSaving = newValue.count("sinceSaving")
      epoch = newValue.count("epoch")
      monitor.best = newValue.numbers["best"]
    }
  }

  public func check(
    _ memory: CallbackMemory, epochs: Int, _ session: any TrainingSession
  ) throws {
    try memory.check(counts: ["sinceSaving": 1 << 53, "epoch": epochs])
  }
}

/// A path with `{name}` and `{name:format}` replaced by values; formats as Python's `d`, `f`, `e`, `g`.
private func filledIn(_ template: String, _ values: Logs) throws -> String {
  var result = ""
  var rest = template[...]
  while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
    result += rest[..<open]
    let parts = rest[rest.index(after: open)..<close].split(separator: ":", maxSplits: 1)
    let name = String(parts.first ?? "")
    guard let value = values[name] else {
      throw TrainingError.unknownFigure(
        name, template: template, known: values.names.sorted())
    }
    let format = parts.count == 2 ? String(parts[1]) : name == "epoch" || name == "batch" ? "d" : ""
    // The format becomes one of C's, which must not ask for more than this one number.
    guard format.wholeMatch(of: #/([-+ 0]*[0-9]{0,2}(d|(\.[0-9]{1,2})?[feg]))?/#) != nil else {
      throw TrainingError.unknownFormat(format, template: template)
    }
    switch format.last {
    // NaN and what no machine word holds have a form in C's as well.
    case "d": result += plainFormat("%\(format.dropLast()).0f", value.rounded(.towardZero))
    case nil: result += "\(value)"
    default: result += plainFormat("%\(format)", value)
    }
    rest = rest[rest.index(after: close)...]
  }
  return result + rest
}
