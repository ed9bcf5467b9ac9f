import GoldenSupport
import NN

private func function(
  _ function: @escaping @Sendable (Tensor, GoldenRun) throws -> Tensor
) -> Operation {
  { ["output": try function(try $0.tensor("input"), $0)] }
}

/// Whole numbers as an output beside others.
private func tensor(_ indices: Indices, _ dtype: DType) -> Tensor {
  Tensor(GoldenArray(indices).ndArray(dtype))
}

/// Activation functions, sums along and over axes, attention, and losses without alignment.
let furtherOperations: [String: Operation] = [
  "erf": function { input, _ in input.erf() },
  "gelu": function { input, _ in input.gelu() },
  "silu": function { input, _ in input.silu() },
  "leaky_relu": function { input, run in
    input.leakyReLU(negativeSlope: run.config[double: "negative_slope"] ?? 0.01)
  },
  "elu": function { input, run in input.elu(alpha: run.config[double: "alpha"] ?? 1) },
  "cumsum": function { input, run in
    input.cumulativeSum(axis: try run.golden.need("dim", run.config[int: "dim"]))
  },
  "topk": { run in
    let found = try run.tensor("input").topK(
      try run.size("k"), axis: run.config[int: "dim"] ?? -1,
      largest: run.config[bool: "largest"] ?? true)
    return ["output": found.values, "indices": tensor(found.indices, run.dtype)]
  },
  "einsum": { run in
    let equation = try run.golden.need("equation", run.config[string: "equation"])
    let operands = try run.tensors(numbered: "input")
    switch operands.count {
    case 1: return ["output": einsum(equation, operands[0])]
    case 2: return ["output": einsum(equation, operands[0], operands[1])]
    default: return ["output": einsum(equation, operands[0], operands[1], operands[2])]
    }
  },
  "scaled_dot_product_attention": { run in
    let mask = run.golden.inputs["mask"] == nil ? nil : try run.array("mask")
    return [
      "output": scaledDotProductAttention(
        try run.tensor("query"), try run.tensor("key"), try run.tensor("value"), mask: mask
      ).output
    ]
  },
  "huber_loss": { run in
    [
      "output": huberLoss(
        try run.tensor("input"), try run.tensor("target"),
        delta: run.config[double: "delta"] ?? 1, reduction: try run.reduction())
    ]
  },
  "ctc_loss": { run in
    [
      "output": ctcLoss(
        try run.tensor("logits").logSoftmax(axis: 2), try run.indices("targets"),
        inputLengths: try run.indices("input_lengths").values,
        targetLengths: try run.indices("target_lengths").values,
        blank: run.config[int: "blank"] ?? 0, reduction: try run.reduction(),
        zeroInfinity: run.config[bool: "zero_infinity"] ?? false)
    ]
  },
  "Conv1d": { run in
    let layer = Conv1d(
      try run.size("in_channels"), try run.size("out_channels"),
      kernelSize: try run.size("kernel_size"), stride: run.config[int: "stride"] ?? 1,
      padding: run.config[int: "padding"] ?? 0, dilation: run.config[int: "dilation"] ?? 1,
      bias: run.bias, dtype: run.dtype)
    try run.load(layer)
    return ["output": layer(try run.tensor("input"))]
  },
  "CRF": { run in
    let crf = LinearChainCRF(try run.size("num_tags"), dtype: run.dtype)
    try run.load(crf)
    let scores = try run.tensor("input"), lengths = try run.indices("lengths").values
    let best = padSequence(crf.decode(scores, lengths: lengths).map(\.tags), batchFirst: true)
    return [
      "output": crf.loss(
        scores, try run.indices("target"), lengths: lengths, reduction: .none),
      "best": tensor(best, run.dtype),
    ]
  },
]
