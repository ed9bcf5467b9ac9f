import Foundation
import NN
import TestSupport
import Testing

/// The Python that `UNROLL_PYTHON` names, or `python3`, if it has torch and safetensors.
private let python: [String]? = {
  let named = ProcessInfo.processInfo.environment["UNROLL_PYTHON"] ?? ""
  let command = named.isEmpty ? ["/usr/bin/env", "python3"] : [named]
  return (try? run(command + ["-c", "import torch, safetensors.torch"])) == nil ? nil : command
}()

private struct Failed: Error, CustomStringConvertible {
  let description: String
}

@discardableResult
private func run(_ command: [String]) throws -> String {
  let process = Process(), output = Pipe()
  process.executableURL = URL(fileURLWithPath: command[0])
  process.arguments = Array(command.dropFirst())
  process.standardOutput = output
  process.standardError = output
  try process.run()
  let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  if process.terminationStatus != 0 { throw Failed(description: text) }
  return text
}

/// Weights and results exchanged with PyTorch itself, where there is one on the machine.
@Suite(
  .enabled(
    if: python != nil,
    "no Python with torch and safetensors; name one in UNROLL_PYTHON"))
struct PythonTests {
  /// Arguments of both constructors.
  static let layers = [
    ("RNN", 1, false, true), ("RNN", 2, true, false), ("LSTM", 1, false, false),
    ("LSTM", 3, true, true), ("GRU", 2, false, true), ("GRU", 1, true, true),
    ("projected LSTM", 1, false, true), ("projected LSTM", 2, true, false),
  ]

  private func layer(
    _ kind: String, _ layers: Int, _ both: Bool, _ bias: Bool
  ) -> (module: Module, run: (Tensor) -> Tensor) {
    switch kind {
    case "RNN":
      let layer = RNN(
        inputSize: 3, hiddenSize: 4, numLayers: layers, bias: bias, bidirectional: both)
      return (layer, { layer($0).output })
    case "LSTM", "projected LSTM":
      let layer = LSTM(
        inputSize: 3, hiddenSize: 4, numLayers: layers, bias: bias, bidirectional: both,
        projSize: kind == "LSTM" ? 0 : 2)
      return (layer, { layer($0).output })
    default:
      let layer = GRU(
        inputSize: 3, hiddenSize: 4, numLayers: layers, bias: bias, bidirectional: both)
      return (layer, { layer($0).output })
    }
  }

  private func torch(
    _ kind: String, _ layers: Int, _ both: Bool, _ bias: Bool, _ body: String
  ) throws {
    let script = """
      import torch
      from safetensors.torch import load_file, save_file
      model = torch.nn.\(kind.split(separator: " ").last!)(
          3, 4, \(layers), bias=\(bias ? "True" : "False"),
          bidirectional=\(both ? "True" : "False")\(kind.hasPrefix("projected") ? ", proj_size=2" : ""))
      \(body)
      """
    try run(python! + ["-c", script])
  }

  @Test(arguments: layers)
  func pyTorchReadsWhatIsWrittenHere(kind: String, layers: Int, both: Bool, bias: Bool) throws {
    try withTemporaryFolder { folder in
      let (module, run) = layer(kind, layers, both, bias)
      let input = Tensor(.uniform([5, 2, 3], in: -1...1))
      try module.save(to: folder.appendingPathComponent("model.safetensors"))
      try Safetensors(["input": input.value]).write(to: folder.appendingPathComponent("in"))
      try torch(
        kind, layers, both, bias,
        """
        model.load_state_dict(load_file("\(folder.path)/model.safetensors"))
        output = model(load_file("\(folder.path)/in")["input"])[0]
        save_file({"output": output.detach().contiguous()}, "\(folder.path)/out")
        """)
      let output = try Safetensors(contentsOf: folder.appendingPathComponent("out"))
        .arrays["output"]!
      #expect(run(input).value.isClose(to: output, relative: 1e-5, absolute: 2e-6))
    }
  }

  @Test(arguments: layers)
  func whatPyTorchWritesIsReadHere(kind: String, layers: Int, both: Bool, bias: Bool) throws {
    try withTemporaryFolder { folder in
      try torch(
        kind, layers, both, bias,
        """
        input = torch.randn(5, 2, 3)
        save_file(model.state_dict(), "\(folder.path)/model.safetensors")
        save_file({"input": input, "output": model(input)[0].detach().contiguous()},
                  "\(folder.path)/run")
        """)
      let (module, run) = layer(kind, layers, both, bias)
      try module.load(from: folder.appendingPathComponent("model.safetensors"))
      let arrays = try Safetensors(contentsOf: folder.appendingPathComponent("run")).arrays
      #expect(
        run(Tensor(arrays["input"]!)).value
          .isClose(to: arrays["output"]!, relative: 1e-5, absolute: 2e-6))
    }
  }
}
