/// What a server says before the bytes come.
struct Answer {
  let status: Int
  /// The header `Content-Range`.
  let range: String?
  /// The bytes that are announced, if an `Int` holds their number.
  let length: Int?

  /// Makes a part of a file ready for the bytes that follow.
  ///
  /// - Parameter start: from which byte on they were asked for.
  /// - Returns: whether they are to be kept, how many the file will have, and what is wrong.
  func prepare(
    _ part: PartFile, from start: Int
  ) -> (isAccepted: Bool, total: Int?, reason: DownloadError.Reason?) {
    switch status {
    case 206 where range?.hasPrefix("bytes \(start)-") == true:
      let total = length.flatMap { length in
        let (sum, isTooLarge) = start.addingReportingOverflow(length)
        return isTooLarge ? nil : sum
      }
      return (true, total, nil)
    case 200..<300:
      // The whole file, whatever was asked for.
      do { try part.restart() } catch { return (false, nil, .write("\(error)")) }
      return (true, length, nil)
    // Nothing comes after what is there: it is all, or of another file. The checksum will tell.
    case 416 where start > 0: return (false, start, nil)
    default: return (false, nil, .status(status))
    }
  }
}
