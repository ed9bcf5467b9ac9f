import GoldenSupport
import NN

let layerOperations: [String: Operation] = [
  "Linear": { run in
    let linear = Linear(
      try run.size("in_features"), try run.size("out_features"), bias: run.bias, dtype: run.dtype)
    try run.load(linear)
    return ["output": linear(try run.tensor("input"))]
  },
  "Embedding": { run in
    let count = try run.size("num_embeddings")
    // PyTorch counts a negative index from the end.
    let padding = run.config[int: "padding_idx"].map { $0 < 0 ? $0 + count : $0 }
    let embedding = Embedding(
      count, try run.size("embedding_dim"), paddingIndex: padding, dtype: run.dtype)
    try run.load(embedding)
    return ["output": embedding(try run.indices("input"))]
  },
  "LayerNorm": { run in
    let key = "normalized_shape"
    let norm = LayerNorm(
      try run.golden.need(key, run.config[ints: key]), eps: run.config[double: "eps"] ?? 1e-5,
      elementwiseAffine: run.config[bool: "elementwise_affine"] ?? true, bias: run.bias,
      dtype: run.dtype)
    try run.load(norm)
    return ["output": norm(try run.tensor("input"))]
  },
  // Some batches are taken in, then comes the input, in training or in evaluation.
  "BatchNorm1d": { run in
    let isCumulative = run.config[string: "momentum"] == "none"
    let norm = BatchNorm1d(
      try run.size("num_features"), eps: run.config[double: "eps"] ?? 1e-5,
      momentum: isCumulative ? nil : run.config[double: "momentum"] ?? 0.1,
      affine: run.config[bool: "affine"] ?? true,
      trackRunningStats: run.config[bool: "track_running_stats"] ?? true, dtype: run.dtype)
    try run.load(norm)
    norm.train()
    var before = 1
    while let earlier = run.optionalTensor("earlier_\(before)") {
      _ = norm(earlier.detach())
      before += 1
    }
    norm.train(try run.golden.need("training", run.config[bool: "training"]))
    var outputs = ["output": norm(try run.tensor("input"))]
    for (name, buffer) in norm.namedBuffers() {
      outputs[name] = Tensor(buffer.value.asType(run.dtype))
    }
    return outputs
  },
]
