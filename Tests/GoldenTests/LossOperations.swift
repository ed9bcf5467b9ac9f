import Autograd
import GoldenSupport

extension GoldenRun {
  func reduction() throws -> Reduction {
    let name = config[string: "reduction"] ?? "mean"
    return try golden.need("reduction", Reduction(rawValue: name))
  }
}

private func loss(
  _ function: @escaping @Sendable (Tensor, Tensor, Reduction) -> Tensor
) -> Operation {
  { ["output": function(try $0.tensor("input"), try $0.tensor("target"), try $0.reduction())] }
}

let lossOperations: [String: Operation] = [
  "mse_loss": loss { mseLoss($0, $1, reduction: $2) },
  "l1_loss": loss { l1Loss($0, $1, reduction: $2) },
  "smooth_l1_loss": { run in
    let input = try run.tensor("input"), target = try run.tensor("target")
    let beta = run.config[double: "beta"] ?? 1
    return ["output": smoothL1Loss(input, target, beta: beta, reduction: try run.reduction())]
  },
  "binary_cross_entropy_with_logits": { run in
    let weight = run.config[doubles: "pos_weight"].map {
      Tensor(NDArray($0, dtype: run.dtype))
    }
    return [
      "output": binaryCrossEntropyWithLogits(
        try run.tensor("input"), try run.tensor("target"), positiveWeight: weight,
        reduction: try run.reduction())
    ]
  },
  "nll_loss": { run in
    let ignored = run.config[int: "ignore_index"] ?? -100
    let loss = nllLoss(
      try run.tensor("input"), try run.indices("target"), weight: run.config[doubles: "weight"],
      ignoreIndex: ignored, reduction: try run.reduction())
    return ["output": loss]
  },
  "cross_entropy": { run in
    let input = try run.tensor("input")
    let reduction = try run.reduction()
    let weight = run.config[doubles: "weight"]
    let smoothing = run.config[double: "label_smoothing"] ?? 0
    let classes = try run.golden.input("target")
    guard classes.isInteger || classes.shape != input.shape else {
      return [
        "output": crossEntropy(
          input, probabilities: try run.tensor("target"), weight: weight,
          labelSmoothing: smoothing, reduction: reduction)
      ]
    }
    let ignored = run.config[int: "ignore_index"] ?? -100
    let loss = crossEntropy(
      input, try classes.indices, weight: weight, ignoreIndex: ignored, labelSmoothing: smoothing,
      reduction: reduction)
    return ["output": loss]
  },
]
