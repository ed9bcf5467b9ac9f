import Exporting

extension PyTorchProgram {
  public func add(
    _ operation: GraphOperation, _ inputs: [GraphValue], shape: [GraphDimension], type: GraphElement
  ) -> GraphValue {
    let x = scope.text(inputs[0])
    func line(_ name: String, _ expression: String) -> GraphValue {
      scope.line(name, expression, shape, type)
    }
    func pair(_ name: String, _ sign: String) -> GraphValue {
      let pair = "\(x) \(sign) \(scope.text(inputs[1]))"
      return scope.line(name, pair, shape, type, isCompound: true)
    }
    switch operation {
    case .tanh: return line("tanh", "torch.tanh(\(x))")
    case .sigmoid: return line("sigmoid", "torch.sigmoid(\(x))")
    case .relu: return line("relu", "torch.relu(\(x))")
    case .softplus: return line("softplus", "nn.functional.softplus(\(x))")
    case .gelu: return line("gelu", "nn.functional.gelu(\(x))")
    case .silu: return line("silu", "nn.functional.silu(\(x))")
    case .exp: return line("exp", "torch.exp(\(x))")
    case .log: return line("log", "torch.log(\(x))")
    case .sqrt: return line("sqrt", "torch.sqrt(\(x))")
    case .abs: return line("abs", "torch.abs(\(x))")
    case .leakyReLU(let slope):
      return line("leaky_relu", "nn.functional.leaky_relu(\(x), \(slope))")
    case .elu(let alpha): return line("elu", "nn.functional.elu(\(x), \(alpha))")
    case .add: return pair("sum", "+")
    case .subtract: return pair("difference", "-")
    case .multiply: return pair("product", "*")
    case .divide: return pair("quotient", "/")
    case .matmul: return pair("product", "@")
    case .softmax(let axis): return line("softmax", "torch.softmax(\(x), dim=\(axis))")
    case .logSoftmax(let axis):
      return line("log_softmax", "torch.log_softmax(\(x), dim=\(axis))")
    case .sum(let axis): return line("sum", "\(x).sum(dim=\(axis))")
    case .mean(let axis): return line("mean", "\(x).mean(dim=\(axis))")
    case .max(let axis): return line("max", "\(x).amax(dim=\(axis))")
    case .select(let axis, let index):
      let before = String(repeating: ":, ", count: axis)
      return line(index == -1 ? "last" : "x", "\(x)[\(before)\(index)]")
    case .narrow(let axis, let start, let length):
      let before = String(repeating: ":, ", count: axis)
      return line("part", "\(x)[\(before)\(start):\(start + length)]")
    case .transposed(let axes):
      return line("transposed", "\(x).permute(\(axes.map(String.init).joined(separator: ", ")))")
    case .unsqueeze(let axis): return line("x", "\(x).unsqueeze(\(axis))")
    case .concatenate(let axis):
      let values = inputs.map { scope.text($0) }.joined(separator: ", ")
      return line("joined", "torch.cat([\(values)], dim=\(axis))")
    case .flatten(let startAxis, _): return line("flat", "\(x).flatten(\(startAxis))")
    case .float: return line("x", "\(x).float()")
    case .mask(let axis):
      let steps = "torch.arange(\(x).shape[\(axis)], device=\(x).device)"
      let lengths = scope.text(inputs[1])
      return line(
        "mask",
        axis == 1
          ? "(\(steps) < \(lengths).unsqueeze(1)).float()"
          : "(\(steps).unsqueeze(1) < \(lengths)).float()")
    case .layer(let module):
      guard let path = scope.paths.path(of: module), let constructor = Self.constructor(of: module)
      else {
        return refuse(
          "PyTorchProgram: \(Swift.type(of: module)) is no part of "
            + "\(Swift.type(of: scope.module))", inputs[0])
      }
      let place = scope.member(path, constructor, isModule: true)
      return line(path.last ?? "output", "\(place)(\(x))")
    }
  }
}
