import Foundation
import PlainText

/// What can go wrong with the files of a training run; its description is one line.
public enum TrainingError: Error, CustomStringConvertible {
  /// A file that training writes could not be written; the system's reason is kept.
  case cannotWrite(URL, any Error)
  /// A file that training reads could not be read; the system's reason is kept.
  case cannotRead(URL, any Error)
  /// A file is no checkpoint, or one of another model, optimizer or callbacks; the reason in words.
  case notACheckpoint(URL, String)
  /// A file name's template asks for a figure that is not measured.
  case unknownFigure(String, template: String, known: [String])
  /// A file name's template asks for a format that is none.
  case unknownFormat(String, template: String)
  /// A callback watches a figure that is not measured.
  case notMeasured(String, by: String, known: [String])
  /// A callback watches a figure of which no one knows whether more or less is better.
  case noDirection(String, by: String)
  /// The loss or the gradients were not finite; the step was refused.
  case diverged(epoch: Int, batch: Int, loss: Double, NonFiniteStep)

  public var description: String { words.onOneLine }

  private var words: String {
    switch self {
    case .cannotWrite(let file, let error):
      "\(file.path): cannot be written: \(error.systemReason)"
    case .cannotRead(let file, let error):
      "\(file.path): cannot be read: \(error.systemReason)"
    case .notACheckpoint(let file, let reason):
      "\(file.path): not a checkpoint to go on from: \(reason)"
    case .unknownFigure(let name, let template, let known):
      "\(template): no figure {\(name)}\(suggestion(for: name, among: known))"
    case .unknownFormat(let format, let template):
      "\(template): the format :\(format) is none of d, f, e, g"
    case .notMeasured(let name, let callback, let known):
      "\(callback): monitors \(name), which is not measured\(suggestion(for: name, among: known))"
    case .noDirection(let name, let callback):
      "\(callback): is more or less of \(name) better? Pass mode: .min or .max"
    case .diverged(let epoch, let batch, let loss, let step):
      "epoch \(epoch + 1), batch \(batch + 1), loss \(loss): \(step)"
    }
  }
}

/// Which name may have been meant, and all there are.
private func suggestion(for name: String, among known: [String]) -> String {
  (nearName(to: name, among: known).map { "; did you mean \($0)? There are " } ?? "; there are ")
    + listed(known)
}
