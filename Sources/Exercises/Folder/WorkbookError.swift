import Foundation

/// What stands in the way of a workbook outside its exercises, in one line.
package struct WorkbookError: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }

  /// The reason of a failed system call.
  init(_ path: String, errno error: Int32) {
    description = "\(path): \(String(cString: strerror(error)))"
  }
}
