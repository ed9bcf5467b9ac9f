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
  "binary_cross_entropy_with_logits": loss {
    binaryCrossEntropyWithLogits($0, $1, reduction: $2)
  },
  "nll_loss": { run in
    let ignored = run.config[int: "ignore_index"] ?? -100
    let loss = nllLoss(
      try run.tensor("input"), try run.indices("target"), ignoreIndex: ignored,
      reduction: try run.reduction())
    return ["output": loss]
  },
  "cross_entropy": { run in
    let input = try run.tensor("input")
    let reduction = try run.reduction()
    let classes = try run.golden.input("target")
    guard classes.isInteger || classes.shape != input.shape else {
      return [
        "output": crossEntropy(
          input, probabilities: try run.tensor("target"), reduction: reduction)
      ]
    }
    let ignored = run.config[int: "ignore_index"] ?? -100
    let loss = crossEntropy(input, classes.indices, ignoreIndex: ignored, reduction: reduction)
    return ["output": loss]
  },
]
