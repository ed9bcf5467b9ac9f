/// Why there is no ONNX file of a model; its description is one line.
public typealias ONNXError = ExportError
