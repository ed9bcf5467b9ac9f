import GoldenSupport
import Optim

extension GoldenRun {
  /// The parameter after each step down the gradients given.
  fileprivate func descent(
    _ make: ([Parameter]) throws -> Optimizer
  ) throws -> [String: Tensor] {
    let parameter = Parameter(try array("parameter"))
    let optimizer = try make([parameter])
    var outputs: [String: Tensor] = [:]
    for (place, gradient) in try golden.inputs(numbered: "gradient").enumerated() {
      parameter.grad = gradient.ndArray(dtype)
      optimizer.step()
      outputs["parameter_\(place + 1)"] = Tensor(parameter.value)
    }
    return outputs
  }

  fileprivate func number(_ key: String, _ standard: Double) -> Double {
    config[double: key] ?? standard
  }
  fileprivate func flag(_ key: String) -> Bool { config[bool: key] ?? false }
  fileprivate var betas: (Double, Double) {
    let pair = config[doubles: "betas"] ?? [0.9, 0.999]
    return (pair[0], pair[1])
  }

  /// The case's gradients in parameters of their shapes, and what is left of them after `clip`.
  fileprivate func clipped(_ clip: ([Parameter]) throws -> Double?) throws -> [String: Tensor] {
    let parameters = try golden.inputs(numbered: "gradient").map { gradient in
      let parameter = Parameter(.zeros(gradient.shape, dtype: dtype))
      parameter.grad = gradient.ndArray(dtype)
      return parameter
    }
    var outputs: [String: Tensor] = [:]
    if let norm = try clip(parameters) { outputs["total_norm"] = Tensor(norm, dtype: dtype) }
    for (place, parameter) in parameters.enumerated() {
      outputs["gradient_\(place + 1)"] = Tensor(parameter.grad!)
    }
    return outputs
  }
}

let optimizerOperations: [String: Operation] = [
  "SGD": { run in
    try run.descent {
      SGD(
        $0, learningRate: run.number("lr", 1e-3), momentum: run.number("momentum", 0),
        dampening: run.number("dampening", 0), weightDecay: run.number("weight_decay", 0),
        nesterov: run.flag("nesterov"))
    }
  },
  "RMSprop": { run in
    try run.descent {
      RMSprop(
        $0, learningRate: run.number("lr", 1e-2), alpha: run.number("alpha", 0.99),
        eps: run.number("eps", 1e-8), weightDecay: run.number("weight_decay", 0),
        momentum: run.number("momentum", 0), centered: run.flag("centered"))
    }
  },
  "Adam": { run in
    try run.descent {
      Adam(
        $0, learningRate: run.number("lr", 1e-3), betas: run.betas, eps: run.number("eps", 1e-8),
        weightDecay: run.number("weight_decay", 0), amsgrad: run.flag("amsgrad"))
    }
  },
  "AdamW": { run in
    try run.descent {
      AdamW(
        $0, learningRate: run.number("lr", 1e-3), betas: run.betas, eps: run.number("eps", 1e-8),
        weightDecay: run.number("weight_decay", 0.01), amsgrad: run.flag("amsgrad"))
    }
  },
  "clip_grad_norm": { run in
    let limit = try run.golden.need("max_norm", run.config[double: "max_norm"])
    return try run.clipped { clipGradNorm($0, maxNorm: limit) }
  },
  "clip_grad_value": { run in
    let limit = try run.golden.need("clip_value", run.config[double: "clip_value"])
    return try run.clipped {
      clipGradValue($0, limit: limit)
      return nil
    }
  },
]
