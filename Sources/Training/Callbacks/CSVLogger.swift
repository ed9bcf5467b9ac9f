import Foundation

/// Writes each epoch's figures as a line of a CSV file, while training goes on, as Keras' callback.
/// The file is whole after every epoch.
public final class CSVLogger: Callback {
  private let file: URL
  private let separator: String
  private let append: Bool
  private var names: [String] = []
  private var lines: [String] = []

  /// - Parameter append: go on with the file that is there, instead of starting it again.
  public init(_ file: URL, separator: String = ",", append: Bool = false) {
    self.file = file
    self.separator = separator
    self.append = append
  }

  public func onTrainBegin(_ session: any TrainingSession) throws {
    (names, lines) = ([], [])
    guard append, FileManager.default.fileExists(atPath: file.path) else { return }
    do {
      lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
    } catch {
      throw TrainingError.cannotRead(file, error)
    }
    names =
      lines.first.map {
        $0.components(separatedBy: separator).dropFirst().map { String($0) }
      } ?? []
  }

  public func onEpochEnd(_ epoch: Int, logs: inout Logs, _ session: any TrainingSession) throws {
    if names.isEmpty {
      names = logs.names
      lines = [(["epoch"] + names).joined(separator: separator)]
    }
    let values = names.map { "\(logs[$0] ?? .nan)" }
    lines.append((["\(epoch)"] + values).joined(separator: separator))
    let text = lines.joined(separator: "\n") + "\n"
    do {
      try text.write(to: file, atomically: true, encoding: .utf8)
    } catch {
      throw TrainingError.cannotWrite(file, error)
    }
  }
}
