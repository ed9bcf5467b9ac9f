import Testing

/// The floors of the package: what a target imports is declared, and the parts that stand alone do.
struct DependencyTests {
  let manifest: Manifest
  init() throws { manifest = try Manifest() }

  @Test func theManifestIsRead() throws {
    let names = Set(manifest.targets.map(\.name))
    #expect(names.count == manifest.targets.count)
    for folder in try Checkout.folders(in: "Sources") { #expect(names.contains(folder)) }
    #expect(manifest.targets.contains { $0.name == "NN" && $0.dependencies.contains("Autograd") })
  }

  /// An import that no one declared works only as long as another target happens to be built first.
  @Test func everyImportIsDeclared() throws {
    let known = Set(manifest.targets.map(\.name) + ["ArgumentParser"])
    for target in manifest.targets where target.kind != "systemLibrary" {
      for file in try Checkout.sources(below: target.path) {
        for module in try imports(in: file) where known.contains(module) {
          #expect(
            target.dependencies.contains(module),
            "\(file) imports \(module), which \(target.name) does not declare in Package.swift")
        }
      }
    }
  }

  /// Models are to be had without a plotting stack, and figures without models.
  @Test func whatStandsAlone() {
    let drawing: Set = ["CGnuplot", "Figures", "Notebook", "ArgumentParser", "CZlib"]
    #expect(below("UnrollNN").isDisjoint(with: drawing))
    #expect(below("UnrollNN").isSuperset(of: ["Arrays", "Autograd", "NN", "Optim", "Sequences"]))
    #expect(below("UnrollFigures").isDisjoint(with: ["CKernels", "Arrays", "Notebook"]))
    #expect(below("Unroll").isSuperset(of: ["UnrollNN", "UnrollFigures", "Notebook", "Datasets"]))
    // The first picture shall not wait for what its chapter does not use.
    #expect(
      below("SequenceData").isDisjoint(with: [
        "Exporting", "Forecasting", "ONNX", "PyTorch", "TextModels",
      ]))
  }

  /// Nothing of the library, and no test that needs none, stands on a chapter.
  @Test func nothingStandsOnAChapter() {
    let chapters = Set(manifest.targets.filter { $0.path.hasPrefix("Chapters/") }.map(\.name))
    for target in manifest.targets where target.path.hasPrefix("Sources/") {
      #expect(below(target.name).isDisjoint(with: chapters), "\(target.name)")
    }
  }

  private func imports(in file: String) throws -> Set<String> {
    let text = try Checkout.text(file)
    let pattern = #/(?:^|\n)(?:@\w+ |public |internal )*import (?:\w+ )?(\w+)/#
    // In a text over several lines stands another file's code.
    let own = text.replacing(#/"""[\s\S]*?"""/#, with: "")
    return Set(own.matches(of: pattern).map { String($0.1) })
  }

  /// All targets that a target needs, and those that these need.
  private func below(_ name: String) -> Set<String> {
    var all: Set<String> = [], pending = [name]
    while let next = pending.popLast() {
      for target in manifest.targets where target.name == next {
        pending += target.dependencies.subtracting(all)
        all.formUnion(target.dependencies)
      }
    }
    return all
  }
}
