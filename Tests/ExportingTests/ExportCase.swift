import Exporting
import Foundation
import ONNX
import PyTorch
import TestSupport

extension OutsidePython {
  /// Runs every `<case>/model.py` of a folder, or every `<case>/model.onnx`, on the inputs in
  /// `<case>/case.json`, and compares.
  static let script = """
    import importlib.util, json, pathlib, sys
    import numpy
    kind, count = sys.argv[1], 0
    for folder in sorted(pathlib.Path(sys.argv[2]).iterdir()):
        if not (folder / ("model.py" if kind == "torch" else "model.onnx")).exists():
            continue
        given, expected = {}, {}
        for array in json.loads((folder / "case.json").read_text()):
            part, name = array["name"].split(".", 1)
            dtype = numpy.int64 if part == "ids" else numpy.float32
            value = numpy.array(array["data"], dtype).reshape(array["shape"])
            (expected if part == "out" else given)[name] = value
        if kind == "torch":
            import torch
            spec = importlib.util.spec_from_file_location("model", folder / "model.py")
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            model = module.load()
            names = (folder / "names.txt").read_text().splitlines()
            assert sorted(model.state_dict()) == names, (folder, list(model.state_dict()), names)
            with torch.no_grad():
                made = model(**{name: torch.tensor(value) for name, value in given.items()})
            made = [y.numpy() for y in (made if isinstance(made, tuple) else (made,))]
            outputs = json.loads((folder / "outputs.json").read_text())
        else:
            import onnx, onnxruntime
            onnx.checker.check_model(onnx.load(folder / "model.onnx"), full_check=True)
            session = onnxruntime.InferenceSession(folder / "model.onnx")
            outputs = [output.name for output in session.get_outputs()]
            made = session.run(outputs, given)
        assert len(outputs) == len(expected) == len(made), folder
        for name, value in zip(outputs, made):
            assert value.shape == expected[name].shape, (folder, name, value.shape)
            worst = abs(value - expected[name]).max()
            assert worst <= 1e-5, (folder, name, worst)
        count += 1
    print(count, "models")
    """
}

/// A model told once, with what it makes of some inputs here.
struct ExportCase {
  let name: String
  let model: any ExportableModel
  var inputs: [(String, NDArray)] = []
  var ids: [(String, Indices)] = []
  var expected: [(String, NDArray)] = []
  var isInONNX = true

  func write(to folder: URL) throws {
    try model.exportPyTorch(to: folder)
    if isInONNX { try model.exportONNX(to: folder.appendingPathComponent("model.onnx")) }
    func listing(_ part: String, _ name: String, _ array: NDArray) -> [String: Any] {
      ["name": "\(part).\(name)", "shape": array.shape, "data": array.doubles]
    }
    let arrays =
      inputs.map { listing("in", $0.0, $0.1) } + expected.map { listing("out", $0.0, $0.1) }
      + ids.map {
        listing("ids", $0.0, NDArray($0.1.values.map(Double.init), shape: $0.1.shape))
      }
    try JSONSerialization.data(withJSONObject: arrays)
      .write(to: folder.appendingPathComponent("case.json"))
    try JSONSerialization.data(withJSONObject: expected.map(\.0))
      .write(to: folder.appendingPathComponent("outputs.json"))
    try Data(model.stateDict().keys.sorted().joined(separator: "\n").utf8)
      .write(to: folder.appendingPathComponent("names.txt"))
  }
}
