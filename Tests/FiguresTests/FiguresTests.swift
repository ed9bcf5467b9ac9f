import Foundation
import Testing

import Figures

@Suite struct FiguresTests {
  let out = URL(
    fileURLWithPath: ProcessInfo.processInfo.environment["FIGURES_OUTPUT"]
      ?? FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path)

  @Test(arguments: Gallery.figures.indices) func draws(_ index: Int) throws {
    let (name, figure) = Gallery.figures[index]
    try figure.write(to: out, name: name)
    print(figure.altText)
  }
}
