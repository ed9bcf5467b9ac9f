// swift-tools-version: 6.1
import PackageDescription

// What others build on unroll: a package of its own, which sees only what is public. It takes the
// checkout that it lies in, or a git repository:
//
//   swift test --package-path Tests/Outside
//   UNROLL_URL=file:///…/unroll.git UNROLL_REVISION=… swift test --package-path Tests/Outside

let unroll: Package.Dependency
var name = "unroll"
if let url = Context.environment["UNROLL_URL"],
  let revision = Context.environment["UNROLL_REVISION"]
{
  unroll = .package(url: url, revision: revision)
  name = String(url.split(separator: "/").last!)
  if name.hasSuffix(".git") { name.removeLast(4) }
} else {
  unroll = .package(name: name, path: "../..")
}

let package = Package(
  name: "outside",
  dependencies: [
    unroll, .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
  ],
  targets: [
    // Models and what they are trained with: nothing that draws is built for it.
    .target(name: "Extensions", dependencies: [.product(name: "UnrollNN", package: name)]),
    // A server with a model.
    .executableTarget(name: "Server", dependencies: ["Extensions"]),
    // Figures alone.
    .target(name: "Drawing", dependencies: [.product(name: "UnrollFigures", package: name)]),
    // A chapter of another book.
    .executableTarget(
      name: "OwnChapter",
      dependencies: [
        "Drawing", .product(name: "Unroll", package: name),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    // The models of chapter 5, pasted: the files are links to the chapter's.
    .target(name: "Chapter5", dependencies: [.product(name: "Unroll", package: name)]),
    // Data sets that unroll does not know.
    .target(name: "OwnData", dependencies: [.product(name: "Unroll", package: name)]),
    .testTarget(name: "ExtensionsTests", dependencies: ["Extensions"]),
    .testTarget(name: "DrawingTests", dependencies: ["Drawing"]),
    .testTarget(
      name: "ProgramTests",
      dependencies: ["Chapter5", "Extensions", "OwnChapter", "OwnData", "Server"]),
  ],
  swiftLanguageModes: [.v6]
)
