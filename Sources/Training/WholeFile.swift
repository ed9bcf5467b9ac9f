import Foundation

/// Writes a file beside the place where it shall stand and renames it: a reader finds the old file
/// or the new one, never a part.
func writeWhole(_ data: Data, to file: URL) throws {
  do {
    try data.write(to: file, options: .atomic)
  } catch {
    throw TrainingError.cannotWrite(file, error)
  }
}
