import Autograd
import GoldenSupport

let layerOperations: [String: Operation] = [
  "Linear": { run in
    let weight = try run.golden.need("weight", run.parameter("weight"))
    return ["output": try run.tensor("input").linear(weight, run.parameter("bias"))]
  },
  "Embedding": { run in
    let weight = try run.golden.need("weight", run.parameter("weight"))
    // PyTorch counts a negative index from the end.
    let padding = run.config[int: "padding_idx"].map { $0 < 0 ? $0 + weight.shape[0] : $0 }
    return ["output": weight.embedding(try run.indices("input"), paddingIndex: padding)]
  },
  "LayerNorm": { run in
    let key = "normalized_shape"
    let output = try run.tensor("input").layerNorm(
      try run.golden.need(key, run.config[ints: key]), weight: run.parameter("weight"),
      bias: run.parameter("bias"), eps: run.config[double: "eps"] ?? 1e-5)
    return ["output": output]
  },
]
