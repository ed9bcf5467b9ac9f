import Autograd
import GoldenSupport

/// PyTorch takes a single number for a vector of one where an axis is named.
private func lifted(_ input: Tensor, _ function: (Tensor) -> Tensor) -> Tensor {
  input.rank > 0 ? function(input) : function(input.reshaped([1])).reshaped([])
}

/// A reduction along any axes: `dim` a number, a list or left out, and `keepdim`. An empty list
/// means every axis, as to PyTorch.
private func reduction(
  _ function: @escaping @Sendable (Tensor, _ axes: [Int]?, _ keepDims: Bool) -> Tensor
) -> Operation {
  { run in
    let keepDims = run.config[bool: "keepdim"] ?? false
    let axes = run.config[ints: "dim"].flatMap { $0.isEmpty ? nil : $0 }
    return ["output": lifted(try run.tensor("input")) { function($0, axes, keepDims) }]
  }
}

/// A function along one axis, the last if `dim` is left out.
private func along(_ function: @escaping @Sendable (Tensor, _ axis: Int) -> Tensor) -> Operation {
  { run in
    let axis = run.config[int: "dim"] ?? -1
    return ["output": lifted(try run.tensor("input")) { function($0, axis) }]
  }
}

/// The largest or smallest: of all without `dim`, otherwise along one axis.
private func extreme(
  all: @escaping @Sendable (Tensor) -> Tensor,
  along: @escaping @Sendable (Tensor, _ axis: Int, _ keepDims: Bool) -> Tensor
) -> Operation {
  { run in
    let input = try run.tensor("input")
    guard let axis = run.config[int: "dim"] else { return ["output": all(input)] }
    let keepDims = run.config[bool: "keepdim"] ?? false
    return ["output": lifted(input) { along($0, axis, keepDims) }]
  }
}

/// The place of the largest or smallest: of all without `dim`, otherwise along one axis.
private func place(
  all: @escaping @Sendable (Tensor) -> Int,
  along: @escaping @Sendable (Tensor, _ axis: Int, _ keepDims: Bool) -> Indices
) -> Operation {
  { run in
    let input = Tensor(try run.array("input"))
    let keepDims = run.config[bool: "keepdim"] ?? false
    let places =
      run.config[int: "dim"].map { along(input, $0, keepDims) }
      ?? Indices([all(input)], shape: [])
    return ["output": Tensor(GoldenArray(places).ndArray(run.dtype))]
  }
}

let reductionOperations: [String: Operation] = [
  "sum": reduction { $0.sum(axes: $1, keepDims: $2) },
  "mean": reduction { $0.mean(axes: $1, keepDims: $2) },
  "max": extreme(all: { $0.max() }, along: { $0.max(axis: $1, keepDims: $2) }),
  "min": extreme(all: { $0.min() }, along: { $0.min(axis: $1, keepDims: $2) }),
  "var": { run in
    let variance = try run.tensor("input").variance(
      axes: run.config[ints: "dim"], correction: run.config[double: "correction"] ?? 1,
      keepDims: run.config[bool: "keepdim"] ?? false)
    return ["output": variance]
  },
  "std": { run in
    let std = try run.tensor("input").std(
      axes: run.config[ints: "dim"], correction: run.config[double: "correction"] ?? 1,
      keepDims: run.config[bool: "keepdim"] ?? false)
    return ["output": std]
  },
  "logsumexp": { run in
    let keepDims = run.config[bool: "keepdim"] ?? false
    let input = try run.tensor("input")
    if let axis = run.config[int: "dim"] {
      return ["output": input.logSumExp(axis: axis, keepDims: keepDims)]
    }
    let axes = try run.golden.need("dim", run.config[ints: "dim"])
    return ["output": input.logSumExp(axes: axes, keepDims: keepDims)]
  },
  "softmax": along { $0.softmax(axis: $1) },
  "log_softmax": along { $0.logSoftmax(axis: $1) },
  "amax": reduction { $0.max(axes: $1, keepDims: $2) },
  "amin": reduction { $0.min(axes: $1, keepDims: $2) },
  "argmax": place(all: { $0.argmax() }, along: { $0.argmax(axis: $1, keepDims: $2) }),
  "argmin": place(all: { $0.argmin() }, along: { $0.argmin(axis: $1, keepDims: $2) }),
]
