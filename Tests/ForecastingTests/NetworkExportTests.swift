import Forecasting
import Foundation
import ONNX
import PyTorch
import Sequences
import TestSupport
import Testing

@Suite struct NetworkExportTests {
  private let scratch = Scratch()

  private func networks(_ values: [Double], horizon: Int, season: Int) throws -> ForecastModel {
    try Forecaster(horizon: horizon, season: .rows([season]), networks: 2).networksAlone
      .fitted(to: values)
  }

  /// The networks that are chosen give the same as a module which takes raw values and gives raw values.
  @Test func theModuleSaysWhatTheForecastSays() throws {
    let model = try networks(airline, horizon: 6, season: 12)
    #expect(model.members.allSatisfy { $0.name.contains("GRU") && !$0.name.contains("decomp") })
    #expect(model.heldOut != nil)
    let network = try #require(ForecastNetwork(model))
    #expect(network.horizon == 6 && network.window >= 8)
    try network.exportPyTorch(to: scratch["torch"])
    try network.exportONNX(to: scratch["model.onnx"])
    let text = try scratch.text("torch/model.py")
    #expect(text.contains("class ForecastNetwork(nn.Module):"))
    #expect(text.contains("window [batch, \(network.window)] -> forecast [batch, 6]"))
    let saved = try Safetensors(contentsOf: scratch["torch/model.safetensors"]).arrays
    #expect(saved.keys.contains("ensembles.0.networks.1.gru.weight_ih_l0"))

    // Two windows: the last one, and one of values that come later.
    let newer = airline.suffix(8).map { $0 * 1.1 }
    let windows = [airline, airline + newer]
    let expected = [model.forecast().mean, model.forecast(after: newer).mean]
    let rows = windows.map { Array($0.suffix(network.window)) }
    let script = """
      import json, sys
      import numpy
      rows, expected = json.loads(sys.argv[1])
      x = numpy.array(rows, numpy.float32)
      if sys.argv[2] == "torch":
          import torch
          sys.path.insert(0, sys.argv[3] + "/torch")
          from model import load
          with torch.no_grad():
              y = load()(torch.tensor(x)).numpy()
      else:
          import onnxruntime
          y = onnxruntime.InferenceSession(sys.argv[3] + "/model.onnx").run(None, {"window": x})[0]
      worst = (abs(y - numpy.array(expected)) / numpy.array(expected)).max()
      assert worst < 1e-5, worst
      print("the same")
      """
    let numbers = String(
      decoding: try JSONSerialization.data(withJSONObject: [rows, expected]), as: UTF8.self)
    for (kind, packages) in [("torch", "torch, numpy"), ("onnx", "onnxruntime, numpy")] {
      guard let python = OutsidePython.having(packages) else { continue }
      let (status, output) = try OutsidePython.run(
        python, ["-c", script, numbers, kind, scratch.path])
      #expect(status == 0 && output.contains("the same"), "\(kind): \(output)")
    }
  }

  @Test func tooFewValuesAreAnError() {
    let error = #expect(throws: ForecastError.self) {
      try Forecaster(horizon: 6).networksAlone.fitted(to: Array(airline.prefix(30)))
    }
    #expect(error == .tooFewForNetworks(30, horizon: 6))
  }

  @Test func aForecastWithoutNetworksHasNone() throws {
    var forecaster = Forecaster(horizon: 6)
    forecaster.only = [LastValue()]
    #expect(ForecastNetwork(try forecaster.fitted(to: airline)) == nil)
  }
}
