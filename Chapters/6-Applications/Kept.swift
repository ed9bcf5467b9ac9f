import ChapterTools
import Foundation
import Unroll

extension Applications {
  /// Trains a model and keeps it as `<name>.safetensors` in the chapter's folder; with `--load` takes
  /// it from where the last run left it, instead.
  ///
  /// A quick run's models, and those of other data, have names of their own, so that neither is taken
  /// for the other.
  func kept(_ page: Page, _ name: String, _ model: Module, train: () throws -> Void) throws {
    let file = keptFile(page, name)
    if load {
      // Until it ends well a run writes beside the chapter's folder: what is kept lies in that.
      let last = page.options.outputFolder(source: #filePath)
        .appendingPathComponent(Self.slug).appendingPathComponent(file.lastPathComponent)
      guard FileManager.default.fileExists(atPath: last.path) else { throw NothingKept(file: last) }
      try model.load(from: last)
    } else {
      try train()
      try model.save(to: file)
    }
    model.eval()
  }

  /// The same for a model of each of three seeds, two in a quick run, trained at once: `<name>-1`,
  /// `<name>-2`, ….
  func keptOverSeeds<Model: Module>(
    _ page: Page, _ name: String, title: String, _ make: @escaping @Sendable () -> Model,
    train:
      @escaping @Sendable (
        Model, _ progress: @escaping (_ done: Int, _ total: Int) -> Void
      ) throws -> Void
  ) throws -> [Model] {
    let count = page.quick ? 2 : 3
    let trained: [StateDict] =
      load
      ? []
      : try overSeeds(page, title, first: page.seed &+ 1, count: count) {
        (_, progress) -> StateDict in
        let model = make()
        try train(model, progress)
        return model.stateDict()
      }
    return try (0..<count).map { index in
      let model = make()
      try kept(page, "\(name)-\(index + 1)", model) { try model.loadStateDict(trained[index]) }
      return model
    }
  }

  /// Where a model of this name is kept.
  func keptFile(_ page: Page, _ name: String, ending: String = "safetensors") -> URL {
    let data = page.data == nil ? "" : "-data", size = page.quick ? "-quick" : ""
    return page.folder.appendingPathComponent("\(name)\(data)\(size).\(ending)")
  }
}

/// There is no model to load.
struct NothingKept: Error, CustomStringConvertible {
  let file: URL

  var description: String {
    "--load: no earlier run has kept \(file.lastPathComponent); run once without --load"
  }
}
