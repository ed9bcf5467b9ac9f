import Exporting
import Foundation

extension PyTorchProgram {
  /// The Python file's text.
  public var python: String {
    if !root.givesOut { wrongUse("PyTorchProgram: nothing is given out; call output(_:_:)") }
    let taken = Set(classes.map(\.name))
    let name = Python.free(root.name, besides: taken)
    let all = classes.map { $0.text(named: $0.name) } + [root.text(named: name)]
    return """
      \"\"\"\(name), a PyTorch module, and its weights beside this file in model.safetensors.

          from model import load
          model = load()            # evaluates; model.train() to go on with training
      \"\"\"

      import json
      from pathlib import Path

      import torch
      from torch import nn


      \(all.joined(separator: "\n\n"))
      \(Self.reader)

      def load(path=Path(__file__).with_name("model.safetensors")):
          \"\"\"The model with its weights, in evaluation.\"\"\"
          model = \(name)()
          model.load_state_dict(read_safetensors(path))
          return model.eval()

      """
  }

  /// The format is a length, a JSON header of that length, and the numbers
  /// (github.com/huggingface/safetensors).
  private static let reader = #"""

    def read_safetensors(path):
        """Tensors by name; what safetensors.torch.load_file gives, with torch alone."""
        kinds = {"F64": torch.float64, "F32": torch.float32, "I64": torch.int64}
        content = bytearray(Path(path).read_bytes())
        start = 8 + int.from_bytes(content[:8], "little")
        tensors = {}
        for name, entry in json.loads(content[8:start]).items():
            if name == "__metadata__":
                continue
            first, last = entry["data_offsets"]
            kind, shape = kinds[entry["dtype"]], entry["shape"]
            part = content[start + first : start + last]
            flat = torch.frombuffer(part, dtype=kind) if part else torch.empty(0, dtype=kind)
            tensors[name] = flat.reshape(shape)
        return tensors

    """#

  /// The weights that the file's module has, under their names.
  public var weights: StateDict {
    let prefixes = root.statePrefixes
    // Of a tied parameter the first name.
    let own = Set(model.namedParameters().map(\.name) + model.namedBuffers().map(\.name))
    return model.stateDict().filter { name, _ in
      own.contains(name)
        && prefixes.contains { path, isModule in
          isModule ? path.isEmpty || name.hasPrefix(path + ".") : name == path
        }
    }
  }

  /// Writes `model.py` and `model.safetensors` into a folder, which is made if it is not there.
  ///
  /// - Throws: `ExportError`, for a place that cannot be written.
  public func write(to folder: URL) throws {
    let text = python
    let weights = folder.appendingPathComponent("model.safetensors")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Safetensors(self.weights, metadata: ["format": "pt"]).write(to: weights)
      try Data(text.utf8).write(to: folder.appendingPathComponent("model.py"), options: .atomic)
    } catch {
      throw ExportError.cannotWrite(folder, error)
    }
  }
}

extension Exportable {
  /// Writes the model as a PyTorch module with one input, `input`, and one output: `model.py` and
  /// `model.safetensors` in a folder.
  ///
  /// - Parameters:
  ///   - folder: where the files go; it is made if it is not there.
  ///   - input: the input's shape; a name stands for a size that the caller decides.
  /// - Throws: `ExportError`: what has no form in PyTorch or does not fit the input, or a place that
  ///   cannot be written. Then there is no file.
  public func exportPyTorch(to folder: URL, input: [GraphDimension]) throws {
    try writePyTorch(to: folder) { program in
      program.output("output", program.apply(self, program.input("input", input)))
    }
  }
}

extension ExportableModel {
  /// Writes the model as a PyTorch module: `model.py` and `model.safetensors` in a folder.
  ///
  /// - Throws: `ExportError`: what has no form in PyTorch, or a place that cannot be written. Then
  ///   there is no file.
  public func exportPyTorch(to folder: URL) throws {
    try writePyTorch(to: folder) { export(to: $0) }
  }
}

extension Module {
  fileprivate func writePyTorch(to folder: URL, _ tell: (PyTorchProgram) -> Void) throws {
    let program = PyTorchProgram(self)
    program.collectsProblems = true
    tell(program)
    if let problem = program.problem { throw ExportError.noForm(problem) }
    try program.write(to: folder)
  }
}
