import Figures
import Foundation
import Synchronization

/// The pictures of a figure beside the one that every page has: for narrow pages, and a dark one where it
/// stands for its chapter. They are drawn beside the story, and asked for at its end. A dark page turns
/// its pictures round itself (`DarkPictures`).
final class FigureVariants: Sendable {
  private struct State {
    var pictures: [Int: FigureVariant] = [:]
    var moving: [Int: MovingPicture] = [:]
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
        let variant = try kept(narrow, smaller: PalettePNG.smaller) {
          try narrow.write(to: folder, name: "variant-\(number)-narrow")
        }
        state.withLock { $0.pictures[number] = variant }
      }
    }
  }

  /// Begins to draw what moves in the place of the picture `name`, and the same for narrow pages.
  func animate(
    _ animation: Animation, as name: String, number: Int, isForNarrow: Bool, in folder: URL
  ) {
    queue.addOperation { [self] in
      attempt {
        let png = try Data(contentsOf: animation.write(to: folder, name: name).picture)
        state.withLock { $0.moving[number] = MovingPicture(png: png) }
        var narrow = animation
        narrow.frames = animation.aligned.compactMap(\.narrow)
        guard isForNarrow, narrow.frames.count == animation.frames.count else { return }
        let variant = try kept(narrow.frames[0]) {
          try narrow.write(to: folder, name: "variant-\(number)-moving")
        }
        state.withLock { $0.moving[number]?.narrow = variant }
      }
    }
  }

  /// The picture of a figure or of figures of its size; its files go.
  private func kept(
    _ figure: Figure, smaller: (Data) -> Data = { $0 }, write: () throws -> FigureFiles
  ) throws -> FigureVariant {
    let files = try write()
    defer {
      try? FileManager.default.removeItem(at: files.picture)
      try? FileManager.default.removeItem(at: files.script)
    }
    return FigureVariant(
      width: figure.size.width / 2, height: figure.size.height / 2,
      png: smaller(try Data(contentsOf: files.picture)))
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
  func finished() throws -> (narrow: [Int: FigureVariant], moving: [Int: MovingPicture]) {
    queue.waitUntilAllOperationsAreFinished()
    return try state.withLock { state in
      if let error = state.error { throw error }
      return (state.pictures, state.moving)
    }
  }

  /// No more of them.
  func stop() {
    queue.cancelAllOperations()
    queue.waitUntilAllOperationsAreFinished()
  }
}
