import Figures
import Foundation
import Synchronization

/// The pictures of a figure beside the one that every page has: for narrow pages, and a dark one where it
/// stands for its chapter. They are drawn beside the story, and asked for at its end. A dark page turns
/// its pictures round itself (`DarkPictures`).
final class FigureVariants: Sendable {
  private struct State {
    var pictures: [Int: FigureVariant] = [:]
    var error: (any Error)?
  }

  private let state = Mutex(State())
  private let queue: OperationQueue

  init() {
    queue = OperationQueue()
    queue.maxConcurrentOperationCount = 2
    queue.qualityOfService = .utility
  }

  /// The name of a figure's picture for dark pages where it stays in the folder, for the index.
  static func dark(_ name: String) -> String { "\(name)-dark" }

  /// Begins to draw; the narrow picture's files stand in `folder` only meanwhile.
  func draw(_ figure: Figure, number: Int, keptDark: String? = nil, in folder: URL) {
    if let keptDark {
      queue.addOperation { [self] in
        attempt { try figure.write(to: folder, name: keptDark, theme: .dark) }
      }
    }
    guard let narrow = figure.narrow else { return }
    queue.addOperation { [self] in
      attempt {
        let files = try narrow.write(to: folder, name: "variant-\(number)-narrow")
        defer {
          try? FileManager.default.removeItem(at: files.picture)
          try? FileManager.default.removeItem(at: files.script)
        }
        let variant = FigureVariant(
          width: narrow.size.width / 2, height: narrow.size.height / 2,
          png: PalettePNG.smaller(try Data(contentsOf: files.picture)))
        state.withLock { $0.pictures[number] = variant }
      }
    }
  }

  /// Does it unless something failed before; what fails is said at the end.
  private func attempt(_ work: () throws -> Void) {
    guard state.withLock({ $0.error == nil }) else { return }
    do {
      try work()
    } catch {
      state.withLock { $0.error = $0.error ?? error }
    }
  }

  /// What was drawn, by the figure's number, when all is.
  func finished() throws -> [Int: FigureVariant] {
    queue.waitUntilAllOperationsAreFinished()
    return try state.withLock { state in
      if let error = state.error { throw error }
      return state.pictures
    }
  }

  /// No more of them.
  func stop() {
    queue.cancelAllOperations()
    queue.waitUntilAllOperationsAreFinished()
  }
}
