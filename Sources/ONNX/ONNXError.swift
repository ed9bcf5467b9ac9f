import Foundation

/// Why there is no ONNX file of a model; its description is one line.
public enum ONNXError: Error, CustomStringConvertible {
  /// What has no form in ONNX, or does not fit the input.
  case noForm(String)
  case cannotWrite(URL, any Error)

  public var description: String {
    switch self {
    case .noForm(let reason): reason.onOneLine
    case .cannotWrite(let file, let error):
      "\(file.path): cannot be written: \(error.systemReason)".onOneLine
    }
  }
}
