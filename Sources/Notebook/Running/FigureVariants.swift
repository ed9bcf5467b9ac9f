import Figures
import Foundation
import Synchronization

/// The pictures of a figure beside the one that every page has: for dark pages, for narrow ones. They
/// are drawn beside the story, and asked for at its end.
final class FigureVariants: Sendable {
  private struct State {
    var pictures: [Int: [FigureVariant]] = [:]
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

  /// Begins to draw; files stand in `folder` only meanwhile, but for the dark picture if it has a name.
  func draw(_ figure: Figure, number: Int, keptDark: String? = nil, in folder: URL) {
    var kinds: [(isNarrow: Bool, theme: Theme, figure: Figure)] = [(false, .dark, figure)]
    if let narrow = figure.narrow {
      kinds += [(true, .light, narrow), (true, .dark, narrow)]
    }
    for kind in kinds {
      queue.addOperation { [self] in
        guard state.withLock({ $0.error == nil }) else { return }
        do {
          let kept = kind.isNarrow ? nil : keptDark
          let name = "variant-\(number)-\(kind.isNarrow ? "narrow" : "wide")-\(kind.theme)"
          let files = try kind.figure.write(to: folder, name: kept ?? name, theme: kind.theme)
          defer {
            if kept == nil {
              try? FileManager.default.removeItem(at: files.picture)
              try? FileManager.default.removeItem(at: files.script)
            }
          }
          let variant = FigureVariant(
            isNarrow: kind.isNarrow, isDark: kind.theme == .dark,
            width: kind.figure.size.width / 2, height: kind.figure.size.height / 2,
            png: PalettePNG.smaller(try Data(contentsOf: files.picture)))
          state.withLock { $0.pictures[number, default: []].append(variant) }
        } catch {
          state.withLock { $0.error = $0.error ?? error }
        }
      }
    }
  }

  /// What was drawn, by the figure's number, when all is.
  func finished() throws -> [Int: [FigureVariant]] {
    queue.waitUntilAllOperationsAreFinished()
    return try state.withLock { state in
      if let error = state.error { throw error }
      return state.pictures.mapValues { $0.sorted { $0.order < $1.order } }
    }
  }

  /// No more of them.
  func stop() {
    queue.cancelAllOperations()
    queue.waitUntilAllOperationsAreFinished()
  }
}
