import Foundation

extension String {
  /// The text on one line, as a message has it: what breaks a line or steers a terminal is replaced by
  /// its picture (␊). Errors quote files of any content.
  package var onOneLine: String {
    func breaks(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.generalCategory == .control || scalar.value == 0x2028
        || scalar.value == 0x2029
    }
    guard unicodeScalars.contains(where: breaks) else { return self }
    var line = UnicodeScalarView()
    for scalar in unicodeScalars {
      switch scalar.value {
      case 0..<32: line.append(Unicode.Scalar(0x2400 + scalar.value)!)
      case 127: line.append("␡")
      default: line.append(breaks(scalar) ? "\u{FFFD}" : scalar)
      }
    }
    return String(line)
  }
}

extension Error {
  /// Why a file could not be read or written, in the system's words ("No space left on device"),
  /// without domains and codes.
  package var systemReason: String {
    var next: (any Error)? = self
    while let error = next {
      if let code = (error as? POSIXError)?.code { return String(cString: strerror(code.rawValue)) }
      next = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
    }
    let codes: [CocoaError.Code: Int32] = [
      .fileNoSuchFile: ENOENT, .fileReadNoSuchFile: ENOENT, .fileReadNoPermission: EACCES,
      .fileWriteNoPermission: EACCES, .fileWriteOutOfSpace: ENOSPC, .fileWriteVolumeReadOnly: EROFS,
    ]
    let code = (self as? CocoaError).flatMap { codes[$0.code] }
    return code.map { String(cString: strerror($0)) } ?? localizedDescription.onOneLine
  }
}
