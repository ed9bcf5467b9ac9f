import ArgumentParser
import Foundation
import Unroll

/// Where a command's model goes when others are to use it: an ONNX file, a PyTorch module.
struct WayOut: ParsableArguments {
  @Option(help: ArgumentHelp("Write the network as an ONNX file.", valueName: "file"))
  var exportOnnx: String?

  @Option(
    help: ArgumentHelp(
      "Write the network as a PyTorch module, model.py and model.safetensors, into this folder.",
      valueName: "folder"))
  var exportPytorch: String?

  var isAsked: Bool { exportOnnx != nil || exportPytorch != nil }

  private var onnx: URL? { exportOnnx.map { URL(fileURLWithPath: $0) } }
  private var folder: URL? { exportPytorch.map { URL(fileURLWithPath: $0, isDirectory: true) } }

  /// Throws if a place could not be written, before any work is done.
  func check() throws {
    if let onnx { try checkWritable(onnx) }
    if let folder {
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder) {
        guard isFolder.boolValue else {
          throw CannotWrite(path: folder.path, reason: "it is a file, not a folder")
        }
        try checkWritable(folder.appendingPathComponent("model.py"))
        try checkWritable(folder.appendingPathComponent("model.safetensors"))
      } else {
        try checkWritable(folder)
      }
    }
  }

  /// - Parameter tokens: what the numbers stand for that the model takes or gives, by name; written as
  ///   JSON beside it.
  func write(_ model: some ExportableModel, tokens: [String: [String]] = [:]) throws {
    var names: Data?
    if !tokens.isEmpty {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      names = try encoder.encode(tokens)
    }
    if let folder {
      try model.exportPyTorch(to: folder)
      try names?.write(to: folder.appendingPathComponent("tokens.json"), options: .atomic)
    }
    if let onnx {
      try model.exportONNX(to: onnx)
      try names?.write(to: onnx.appendingPathExtension("tokens.json"), options: .atomic)
    }
  }

  /// The lines that others begin with.
  ///
  /// - Parameter inputs: the model's, as ONNX Runtime is given them: `"window": window`.
  func tell(_ page: Page, inputs: String) {
    if let exportPytorch {
      page.prose(
        """
        `\(exportPytorch)/model.py` is the network as a PyTorch module, its weights beside it. It goes \
        on from there on any number of processes or machines: with

        ```python
        from model import load
        model = DistributedDataParallel(load().train())
        ```

        in a `train.py` of one's own in that folder, after `dist.init_process_group("gloo")`, PyTorch's \
        distributed trainer is

        ```sh
        torchrun --nproc_per_node 2 train.py
        ```
        """)
    }
    if let exportOnnx {
      page.prose(
        """
        `\(exportOnnx)` runs on any ONNX server. With ONNX Runtime:

        ```python
        session = onnxruntime.InferenceSession("\(exportOnnx)")
        session.run(None, {\(inputs)})
        ```
        """)
    }
  }
}

extension Applications {
  /// Models that leave the book.
  func takingAlong(_ page: Page) {
    page.prose(
      #"""
      ## Taking a model along

      A model need not stay here. It tells its forward pass once (`ExportableModel`), and
      `try model.exportPyTorch(to: folder)` writes a Python file with the same layers under the same
      names, `try model.exportONNX(to: file)` a file for every ONNX server; the commands of this chapter
      do so by `--export-pytorch` and `--export-onnx`. From there two lines go on. In PyTorch, on two
      processes, the training does:

      ```python
      model = DistributedDataParallel(load().train())     # train.py, after dist.init_process_group
      ```

      ```sh
      torchrun --nproc_per_node 2 train.py
      ```

      And a server answers with

      ```python
      onnxruntime.InferenceSession("model.onnx").run(None, {"window": window})
      ```
      """#)
  }
}
