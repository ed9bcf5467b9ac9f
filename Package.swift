// swift-tools-version: 6.1
import Foundation
import PackageDescription

// Imports point down only:
//   CKernels ← Arrays ← Autograd ← NN ← Optim ← Training,  Arrays ← Sequences ← Training,
//   Sequences ← Datasets,
//   NN ← Exporting ← ONNX and PyTorch,  Training and Exporting ← Forecasting and TextModels,
//   CGnuplot and CZlib ← Figures ← Notebook,  PageStyle and Typeset ← Notebook,
//   PlainText ← Arrays, Datasets and Figures.
// `UnrollNN` re-exports Training and what it stands on, `UnrollFigures` the figures, `Unroll` them all;
// a chapter imports the last, and nothing imports a chapter. The first chapter, which is built first, and
// what chapters share stand on `UnrollChapter`, which only trains and draws.

// What the chapters are in other languages stands beside their sources and is read when they run.
func translations(in path: String) -> [String] {
  let files = FileManager.default.enumerator(atPath: Context.packageDirectory + "/" + path)
  return (files?.allObjects as? [String] ?? []).filter { $0.hasSuffix(".zh.md") }.sorted()
}

let package = Package(
  name: "unroll",
  products: [
    .library(name: "Unroll", targets: ["Unroll"]),
    // Models alone: neither gnuplot nor Boost, when it is built or when it runs.
    .library(name: "UnrollNN", targets: ["UnrollNN"]),
    .library(name: "UnrollFigures", targets: ["UnrollFigures"]),
    // What a reader's exercises stand on: nothing of the above.
    .library(name: "Workbook", targets: ["Workbook"]),
    .executable(name: "unroll", targets: ["unroll-all"]),
    .executable(name: "sequence-data", targets: ["SequenceData"]),
    .executable(name: "rnn-from-scratch", targets: ["RNNFromScratch"]),
    .executable(name: "fused-lstm", targets: ["FusedLSTM"]),
    .executable(name: "gru", targets: ["GatedRecurrentUnit"]),
    .executable(name: "modules", targets: ["Modules"]),
    .executable(name: "applications", targets: ["Applications"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    // For `swift package generate-documentation` alone.
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"),
  ],
  targets: [
    .target(
      name: "CKernels", cSettings: [.headerSearchPath(".")],
      linkerSettings: [.linkedLibrary("m")]),
    .target(
      name: "CGnuplot",
      linkerSettings: [.linkedLibrary("boost_iostreams")]),
    .target(name: "PlainText"),
    .target(name: "Arrays", dependencies: ["CKernels", "PlainText"]),
    .target(name: "Autograd", dependencies: ["Arrays", "CKernels"]),
    .target(name: "NN", dependencies: ["Arrays", "Autograd", "CKernels"]),
    .target(name: "Exporting", dependencies: ["NN"]),
    .target(name: "ONNX", dependencies: ["Exporting"]),
    .target(name: "PyTorch", dependencies: ["Exporting"]),
    .target(name: "Optim", dependencies: ["CKernels", "NN"]),
    .target(
      name: "Sequences", dependencies: ["Arrays"],
      resources: [.embedInCode("Generated/story.txt")]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "Datasets", dependencies: ["Arrays", "PlainText", "Sequences", "CZlib"]),
    .target(
      name: "Training",
      dependencies: ["Arrays", "Autograd", "NN", "Optim", "PlainText", "Sequences"]),
    .target(
      name: "Forecasting",
      dependencies: [
        "Arrays", "Autograd", "Exporting", "Optim", "PlainText", "Sequences", "Training",
      ],
      exclude: ["README.md"]),
    .target(
      name: "TextModels",
      dependencies: ["Arrays", "Autograd", "Exporting", "NN", "Optim", "Sequences", "Training"]),
    // Style links to the scripts in Plots, which are carried inside the library.
    .target(
      name: "Figures", dependencies: ["CGnuplot", "CZlib", "PlainText"],
      resources: [.embedInCode("Style")]),
    .target(name: "Typeset"),
    // Apart from the notebook, since the compiler reads what is embedded for half a minute.
    .target(
      name: "PageStyle", path: "Sources/Notebook/Style",
      resources: [
        "cell.js", "date.js", "digit.js", "live.css", "live.js", "model.js", "name.js",
        "packing.js",
        "page.css", "surface.js", "unrolled.js", "windows.js", "writer.js",
      ].map { .embedInCode($0) }),
    .target(
      name: "Notebook",
      dependencies: [
        "Figures", "PageStyle", "PlainText", "Typeset",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: ["README.md", "Style"], resources: [.embedInCode("Words")]),
    .target(
      name: "UnrollNN", dependencies: ["Forecasting", "ONNX", "PyTorch", "TextModels", "Training"]),
    .target(name: "UnrollFigures", dependencies: ["Figures"]),
    // What a chapter needs that trains and draws, and forecasts, writes and exports nothing.
    .target(
      name: "UnrollChapter",
      dependencies: ["Arrays", "Datasets", "Notebook", "Training", "UnrollFigures"]),
    // All of them by name, though two would bring the rest: its documentation links into each.
    .target(
      name: "Unroll",
      dependencies: [
        "Arrays", "Autograd", "Datasets", "Exporting", "Figures", "Forecasting", "NN", "Notebook",
        "ONNX", "Optim", "PyTorch", "Sequences", "TextModels", "Training", "UnrollChapter",
        "UnrollFigures", "UnrollNN",
      ]),

    // The exercises: what they stand on, and how they are judged.
    .target(name: "Workbook"),
    .target(
      name: "Exercises", dependencies: ["Arrays", "PlainText", "Sequences", "Workbook"],
      exclude: ["README.md"] + translations(in: "Sources/Exercises"),
      resources: [.embedInCode("golden.json")]),

    // The list of the chapters, which only they and the program over them know.
    .target(
      name: "ThisBook", dependencies: ["Notebook"], path: "Chapters/Book",
      exclude: translations(in: "Chapters/Book")),
    .executableTarget(
      name: "SequenceData", dependencies: ["ThisBook", "UnrollChapter", "ChapterTools"],
      path: "Chapters/1-SequenceData",
      exclude: translations(in: "Chapters/1-SequenceData")),
    .executableTarget(
      name: "RNNFromScratch", dependencies: ["ThisBook", "Unroll", "ChapterTools"],
      path: "Chapters/2-RNNFromScratch",
      exclude: translations(in: "Chapters/2-RNNFromScratch")),
    .executableTarget(
      name: "GatedRecurrentUnit", dependencies: ["ThisBook", "Unroll", "ChapterTools"],
      path: "Chapters/4-GRU",
      exclude: translations(in: "Chapters/4-GRU")),
    .executableTarget(
      name: "FusedLSTM", dependencies: ["ThisBook", "Unroll", "ChapterTools"],
      path: "Chapters/3-FusedLSTM",
      exclude: translations(in: "Chapters/3-FusedLSTM")),
    // What several chapters train and measure in the same way; their pages show it.
    .target(
      name: "ChapterTools", dependencies: ["UnrollChapter"], path: "Chapters/Shared",
      exclude: translations(in: "Chapters/Shared")),
    .executableTarget(
      name: "Modules",
      dependencies: [
        "ThisBook", "Unroll", "ChapterTools", "MachinePeak",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Chapters/5-Modules",
      exclude: translations(in: "Chapters/5-Modules")),
    .executableTarget(
      name: "Applications",
      dependencies: [
        "ChapterTools", "ThisBook", "Unroll",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Chapters/6-Applications",
      exclude: translations(in: "Chapters/6-Applications")),
    // Depends on the chapters' programs so that building this one builds those.
    .executableTarget(
      name: "unroll-all",
      dependencies: [
        "Arrays", "CKernels", "Datasets", "Exercises", "Figures", "Notebook", "ThisBook",
        "SequenceData", "RNNFromScratch", "FusedLSTM", "GatedRecurrentUnit", "Modules",
        "Applications",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Chapters/unroll",
      exclude: translations(in: "Chapters/unroll")),

    // What tests of several targets need.
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    // Golden values: the reader, and the tests that run every case of Tests/Golden.
    .target(name: "GoldenSupport", dependencies: ["Autograd"], path: "Tests/GoldenSupport"),
    .testTarget(
      name: "ChaptersTests",
      dependencies: [
        "Exercises", "GoldenSupport", "Notebook", "TestSupport", "ThisBook", "Unroll",
        "SequenceData", "RNNFromScratch", "FusedLSTM", "GatedRecurrentUnit", "Modules",
        "Applications", "ChapterTools",
      ]),
    .testTarget(
      name: "GoldenTests",
      dependencies: [
        "Autograd", "GoldenSupport", "NN", "Optim", "Sequences", "TestSupport", "Training",
      ]),

    // What the machine can do at the most, for kernels to be measured against.
    .target(name: "MachinePeak", dependencies: ["CKernels"], path: "Tests/MachinePeak"),
    .executableTarget(
      name: "benchmark",
      dependencies: [
        "Arrays", "Optim", "Sequences", "Datasets", "CKernels", "Figures", "MachinePeak",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/Benchmarks",
      resources: [.copy("peer.py"), .copy("peer_jax.py"), .copy("peer_loop.py")]),
    // Strange inputs for every reader of outside bytes, blindly or by libFuzzer (.ci/fuzz).
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "Arrays", "NN", "Sequences", "Training", "Datasets", "Notebook", "GoldenSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/Fuzz"),
    .testTarget(name: "FuzzTests", dependencies: ["fuzz"]),
    // The recurrent layers in their plainest form.
    .target(name: "CReference", dependencies: ["CKernels"], path: "Tests/Reference"),
    .testTarget(name: "CKernelsTests", dependencies: ["CKernels", "CReference"]),
    // Every fast twin beside its equation.
    .testTarget(name: "TwinTests", dependencies: ["Optim", "CKernels"]),
    .testTarget(name: "ArraysTests", dependencies: ["Arrays", "CKernels"]),
    .testTarget(name: "AutogradTests", dependencies: ["Autograd"]),
    .testTarget(name: "NNTests", dependencies: ["NN", "TestSupport"]),
    .testTarget(name: "OptimTests", dependencies: ["Optim", "TestSupport"]),
    .testTarget(name: "SequencesTests", dependencies: ["Arrays", "Sequences", "TestSupport"]),
    .testTarget(
      name: "DatasetsTests", dependencies: ["Arrays", "Datasets", "Sequences", "TestSupport"]),
    .testTarget(
      name: "TrainingTests", dependencies: ["Arrays", "ONNX", "TestSupport", "Training"]),
    .testTarget(
      name: "ExportingTests",
      dependencies: ["Exporting", "ONNX", "PyTorch", "TestSupport", "TextModels"]),
    .testTarget(
      name: "ForecastingTests",
      dependencies: [
        "Arrays", "Forecasting", "NN", "ONNX", "PyTorch", "Sequences", "TestSupport",
      ]),
    .testTarget(
      name: "TextModelsTests",
      dependencies: ["Arrays", "NN", "Sequences", "TestSupport", "TextModels", "Training"]),
    .testTarget(
      name: "ExercisesTests",
      dependencies: ["Exercises", "PlainText", "TestSupport", "Workbook"]),
    .testTarget(name: "FiguresTests", dependencies: ["CZlib", "Figures", "TestSupport"]),
    .testTarget(
      name: "NotebookTests",
      dependencies: [
        "CZlib", "Figures", "Notebook", "NotebookFixture", "PlainText", "TestSupport", "ThisBook",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: ["Kept"]),
    // What the sources say of themselves in several places.
    .testTarget(name: "StructureTests"),
    // The examples of the documentation, compiled.
    .testTarget(
      name: "DocumentationTests", dependencies: ["Notebook", "TestSupport", "Unroll"]),
    // A chapter that the tests of the notebook run.
    .executableTarget(
      name: "NotebookFixture",
      dependencies: [
        "Figures", "Notebook", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/NotebookFixture", exclude: ["Fixture.zh.md"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)

// `UNROLL_TESTS=NNTests,TrainingTests swift test` builds these tests and what they need, and nothing
// else: for a build with a sanitizer, and for a short cycle while one part is worked on; `Workbook`
// for a reader's exercises, which need no more.
if let named = Context.environment["UNROLL_TESTS"] {
  var pending = named.split(separator: ",").map(String.init)
  var kept: Set<String> = []
  while let name = pending.popLast() {
    guard kept.insert(name).inserted else { continue }
    for case .byNameItem(let needed, _) in package.targets.first(where: { $0.name == name })?
      .dependencies ?? []
    { pending.append(needed) }
  }
  package.targets.removeAll { !kept.contains($0.name) }
  // A program without a product of another name would be built as a file of its target's.
  package.products.removeAll {
    ($0 as? Product.Executable)?.targets.allSatisfy(kept.contains) != true
      && !($0.name == "Workbook" && kept.contains("Workbook"))
  }
  // Exercises stand on no other package, so that they need no network.
  if kept == ["Workbook"] { package.dependencies = [] }
}
