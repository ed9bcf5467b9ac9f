import Foundation

/// What goes wrong outside the chapter's own code: folders, files, programs.
package struct NotebookError: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}

extension Error {
  /// The error in one line. The system's are told by the file and the reason underneath, without the
  /// domains and codes around them.
  package var line: String {
    guard isTheSystems else { return reason }
    let information = (self as NSError).userInfo
    let file =
      information[NSFilePathErrorKey] as? String ?? (information[NSURLErrorKey] as? URL)?.path
    return file.map { "\($0): \(reason)" } ?? reason
  }

  /// The line without the file.
  var reason: String {
    guard isTheSystems else { return "\(self)" }
    let error = self as NSError
    let inner = (error.userInfo[NSUnderlyingErrorKey] as? any Error).map { $0 as NSError } ?? error
    return inner.domain == NSPOSIXErrorDomain
      ? systemReason(Int32(truncatingIfNeeded: inner.code)) : error.localizedDescription
  }

  private var isTheSystems: Bool {
    self is CocoaError || self is POSIXError || type(of: self) is NSError.Type
  }
}

/// The system's words for an error number.
func systemReason(_ error: Int32) -> String { String(cString: strerror(error)) }
