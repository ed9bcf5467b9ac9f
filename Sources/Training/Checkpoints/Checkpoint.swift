import Foundation
import Optim

/// All that is needed to go on training with the same bits: one safetensors file with the
/// parameters (`model.<path>`), the optimizer's slots (`optimizer.<number>.<slot>`), what callbacks
/// and the run keep as arrays, and the rest as JSON in the file's metadata.
///
/// Being one file, it is whole or not there at all; PyTorch and others can open it.
struct Checkpoint {
  var model: StateDict
  var optimizer: StateDict
  /// What was carried from batch to batch.
  var carried: [NDArray]
  var callbacks: [CallbackMemory]
  var place: Place

  /// Where the run stood: plain numbers.
  struct Place: Codable {
    static let version = 1
    var version = Place.version
    /// The epoch that goes on, from 0, and how many of its batches are done.
    var epoch: Int
    var batch: Int
    /// What the epoch's order of batches is drawn from; nil before it has begun.
    var epochSeed: UInt64?
    /// The loss and each metric over the batches done.
    var lossSum: Double
    var sampleCount: Double
    var metricSums: [[Double]]
    var stopTraining: Bool
    var history: History
    /// The states of the run's generator and of the default one.
    var generator: [UInt64]
    var defaultGenerator: [UInt64]
    var callbackNumbers: [[String: Double]] = []
    /// The shapes of what was carried, so that nothing of it gets lost; older files have none.
    var carriedShapes: [[Int]]?
  }

  private static let key = "unroll.training"

  func write(to file: URL) throws {
    var arrays: StateDict = [:]
    for (name, array) in model { arrays["model.\(name)"] = array }
    for (name, array) in optimizer { arrays["optimizer.\(name)"] = array }
    for (number, array) in carried.enumerated() { arrays["carried.\(number)"] = array }
    for (number, memory) in callbacks.enumerated() {
      for (name, array) in memory.arrays { arrays["callback.\(number).\(name)"] = array }
    }
    var place = place
    place.callbackNumbers = callbacks.map(\.numbers)
    place.carriedShapes = carried.map(\.shape)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let json = String(decoding: try encoder.encode(place), as: UTF8.self)
    try Safetensors(arrays, metadata: ["format": "pt", Self.key: json]).write(to: file)
  }

  init(
    model: StateDict, optimizer: StateDict, carried: [NDArray], callbacks: [CallbackMemory],
    place: Place
  ) {
    (self.model, self.optimizer, self.carried) = (model, optimizer, carried)
    (self.callbacks, self.place) = (callbacks, place)
  }

  init(contentsOf file: URL) throws {
    let contents = try Safetensors(contentsOf: file)
    guard let json = contents.metadata[Self.key] else {
      throw TrainingError.notACheckpoint(file, "weights alone, without the run they come from")
    }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      place = try decoder.decode(Place.self, from: Data(json.utf8))
    } catch {
      throw TrainingError.notACheckpoint(file, "the run's numbers cannot be read")
    }
    guard place.version == Place.version else {
      throw TrainingError.notACheckpoint(
        file, "its form is \(place.version); this program knows \(Place.version)")
    }
    if let fault = place.fault { throw TrainingError.notACheckpoint(file, fault) }
    func part(_ prefix: String) -> StateDict {
      var found: StateDict = [:]
      // By bytes: what follows the prefix may begin with a mark that joins its last character.
      for (name, array) in contents.arrays where name.utf8.starts(with: prefix.utf8) {
        found[String(name.unicodeScalars.dropFirst(prefix.unicodeScalars.count))] = array
      }
      return found
    }
    model = part("model.")
    optimizer = part("optimizer.")
    let kept = part("carried.")
    carried = (0..<kept.count).compactMap { kept["\($0)"] }
    guard carried.count == kept.count,
      place.carriedShapes ?? carried.map(\.shape) == carried.map(\.shape)
    else {
      throw TrainingError.notACheckpoint(
        file, "what was carried from batch to batch is not what was kept")
    }
    callbacks = place.callbackNumbers.enumerated().map {
      CallbackMemory(numbers: $1, arrays: part("callback.\($0)."))
    }
  }
}

extension Checkpoint.Place {
  /// What is wrong with these numbers, whichever run they come from; nil if nothing is.
  var fault: String? {
    guard Generator.canResume(generator), Generator.canResume(defaultGenerator) else {
      return "a generator's state cannot be gone on from"
    }
    // Counted first: a list of so many epochs might not fit into memory.
    guard epoch >= 0, history.epochs.count == epoch, history.epochs.elementsEqual(0..<epoch) else {
      return "epoch \(epoch) and a history of \(history.epochs.count) epochs"
    }
    guard batch >= 0, batch == 0 || epochSeed != nil else {
      return "batch \(batch) of an epoch that has \(epochSeed == nil ? "not begun" : "begun")"
    }
    guard sampleCount >= 0, sampleCount < 0x1p53, sampleCount == sampleCount.rounded(),
      batch > 0 || sampleCount == 0
    else { return "\(sampleCount) samples in \(batch) batches" }
    return nil
  }
}
