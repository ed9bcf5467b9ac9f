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
  "keras.Adam": { run in
    try run.descent {
      Adam(
        $0, learningRate: run.number("lr", 1e-3), betas: run.betas, eps: run.number("eps", 1e-7),
        amsgrad: run.flag("amsgrad"), epsForm: .keras)
    }
  },
  // Three parameters, each in a group of its own, under a schedule that scales all rates.
  "groups": { run in
    let parameters = try (1...3).map { Parameter(try run.array("parameter_\($0)")) }
    let (first, rate) = ([parameters[0]], run.number("lr", 0)),
      decay = run.number("weight_decay", 0)
    let optimizer: Optimizer =
      switch run.config[string: "optimizer"] {
      case "SGD":
        SGD(
          first, learningRate: rate, momentum: run.number("momentum", 0), weightDecay: decay)
      case "RMSprop": RMSprop(first, learningRate: rate, weightDecay: decay)
      case "Adam": Adam(first, learningRate: rate, weightDecay: decay)
      default: AdamW(first, learningRate: rate)
      }
    optimizer.addGroup([parameters[1]], learningRate: 0.05, weightDecay: 0.3)
    optimizer.addGroup([parameters[2]], weightDecay: 0)
    let schedule: LRScheduler =
      run.config[string: "schedule"] == "StepLR"
      ? StepLR(optimizer, stepSize: 2, gamma: 0.5)
      : CosineAnnealingLR(optimizer, period: 9, minLR: 0.004)
    var gradients = try run.golden.inputs(numbered: "gradient")[...]
    var rates: [Double] = []
    while !gradients.isEmpty {
      for parameter in parameters { parameter.grad = gradients.removeFirst().ndArray(run.dtype) }
      optimizer.step()
      schedule.step()
      rates += optimizer.groups.map(\.learningRate)
    }
    var outputs = ["rates": Tensor(NDArray(rates, shape: [rates.count], dtype: run.dtype))]
    for (place, parameter) in parameters.enumerated() {
      outputs["parameter_\(place + 1)"] = Tensor(parameter.value)
    }
    return outputs
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
