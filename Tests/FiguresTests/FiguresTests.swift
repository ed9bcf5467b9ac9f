import Foundation
import Testing

import Figures

@Suite struct FiguresTests {
  let out = URL(
    fileURLWithPath: ProcessInfo.processInfo.environment["FIGURES_OUTPUT"]
      ?? FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path)
  @Test func drawsALine() throws {
    var figure = Figure("Airline_passengers {1949}", x: "month", y: "passengers")
    let x = (0..<144).map { Double($0) }
    let y = x.map { 100 + 2.5 * $0 + 0.3 * $0 * sin($0 / 12 * 2 * .pi) }
    figure.line(x: x, y: y, label: "truth", color: .grey)
    figure.line(x: x, y: y.map { $0 + 12 }, label: "forecast", style: .dashed)
    figure.points(x: x, y: y.map { $0 * 0.9 }, label: "points")
    let files = try figure.write(to: out, name: "line")
    print(files, figure.altText)
  }
  @Test func drawsBars() throws {
    var figure = Figure("Test error of the forecasts", x: "", y: "RMSE in passengers")
    let names = ["last month", "a year before", "with growth", "RNN"]
    figure.bars(
      names, [49.4, 42.6, 16.2, 14.9], label: "one step", errors: [2, 3, 1, 1.5], values: "%.1f")
    figure.bars(names, [59.4, 52.6, .nan, 24.9], label: "many steps", values: "%.1f")
    print(try figure.write(to: out, name: "bars"), figure.altText)
    var lying = Figure("Time of a training step", x: .log("ms (logarithmic)"), y: "")
    lying.bars(
      [
        "naive: four gates, two products each", "one product a gate", "one product", "input first",
        "whole sequence",
      ], [14.9, 8, 4, 2, 0.6], values: "%.1f ms", horizontal: true)
    print(try lying.write(to: out, name: "bars-h"), lying.altText)
  }
}
