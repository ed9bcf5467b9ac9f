import Foundation

/// What can go wrong with the files of a training run; its description is one line.
public enum TrainingError: Error, CustomStringConvertible {
  case cannotWrite(URL, any Error)
  case notACheckpoint(URL, String)
  case unknownFigure(String, template: String, known: [String])
  case unknownFormat(String, template: String)

  public var description: String {
    switch self {
    case .cannotWrite(let file, let error):
      "\(file.path): cannot be written: \((error as NSError).localizedDescription)"
    case .notACheckpoint(let file, let reason):
      "\(file.path): not a checkpoint to go on from: \(reason)"
    case .unknownFigure(let name, let template, let known):
      "\(template): no figure {\(name)}; there are \(known.joined(separator: ", "))"
    case .unknownFormat(let format, let template):
      "\(template): the format :\(format) is none of d, f, e, g"
    }
  }
}
