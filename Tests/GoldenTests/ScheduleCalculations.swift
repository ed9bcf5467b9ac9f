import GoldenSupport
import Optim

/// The learning rate at the start and after each of the case's steps.
private func rates(
  _ golden: GoldenCase, _ make: (Optimizer) throws -> (Int) -> Void
) throws -> [String: GoldenArray] {
  let rate = try golden.need("lr", golden.config[double: "lr"])
  let optimizer = SGD([Parameter(.zeros([1]))], learningRate: rate)
  let step = try make(optimizer)
  var seen = [optimizer.learningRate]
  for number in 0..<(try golden.need("steps", golden.config[int: "steps"])) {
    step(number)
    seen.append(optimizer.learningRate)
  }
  return ["lr": GoldenArray(seen)]
}

private func scheduled(
  _ golden: GoldenCase, _ make: (Optimizer) throws -> LRScheduler
) throws -> [String: GoldenArray] {
  try rates(golden) { optimizer in
    let schedule = try make(optimizer)
    return { _ in schedule.step() }
  }
}

let scheduleCalculations: [String: Calculation] = [
  "StepLR": { golden in
    try scheduled(golden) {
      StepLR(
        $0, stepSize: try golden.need("step_size", golden.config[int: "step_size"]),
        gamma: golden.config[double: "gamma"] ?? 0.1)
    }
  },
  "CosineAnnealingLR": { golden in
    try scheduled(golden) {
      CosineAnnealingLR(
        $0, period: try golden.need("T_max", golden.config[int: "T_max"]),
        minLR: golden.config[double: "eta_min"] ?? 0)
    }
  },
  "LinearLR": { golden in
    try scheduled(golden) {
      LinearLR(
        $0, startFactor: golden.config[double: "start_factor"] ?? 1.0 / 3,
        endFactor: golden.config[double: "end_factor"] ?? 1,
        steps: golden.config[int: "total_iters"] ?? 5)
    }
  },
  "MultiStepLR": { golden in
    try scheduled(golden) {
      MultiStepLR(
        $0, milestones: try golden.need("milestones", golden.config[ints: "milestones"]),
        gamma: golden.config[double: "gamma"] ?? 0.1)
    }
  },
  "ExponentialLR": { golden in
    try scheduled(golden) {
      ExponentialLR($0, gamma: try golden.need("gamma", golden.config[double: "gamma"]))
    }
  },
  "LambdaLR": { golden in
    let decay = try golden.need("decay", golden.config[double: "decay"])
    return try scheduled(golden) { LambdaLR($0) { 1 / (1 + Double($0) / decay) } }
  },
  "OneCycleLR": { golden in
    try scheduled(golden) {
      OneCycleLR(
        $0, maxLR: try golden.need("max_lr", golden.config[double: "max_lr"]),
        totalSteps: try golden.need("total_steps", golden.config[int: "total_steps"]),
        warmUp: golden.config[double: "pct_start"] ?? 0.3,
        anneal: golden.config[string: "anneal_strategy"] == "linear" ? .linear : .cosine,
        divFactor: golden.config[double: "div_factor"] ?? 25,
        finalDivFactor: golden.config[double: "final_div_factor"] ?? 1e4,
        threePhase: golden.config[bool: "three_phase"] ?? false)
    }
  },
  "ReduceLROnPlateau": { golden in
    let metrics = try golden.input("metrics").values
    return try rates(golden) { optimizer in
      let config = golden.config
      let schedule = PlateauLR(
        optimizer, mode: config[string: "mode"] == "max" ? .max : .min,
        factor: config[double: "factor"] ?? 0.1, patience: config[int: "patience"] ?? 10,
        threshold: config[double: "threshold"] ?? 1e-4,
        thresholdMode: config[string: "threshold_mode"] == "abs" ? .absolute : .relative,
        cooldown: config[int: "cooldown"] ?? 0, minLR: config[double: "min_lr"] ?? 0,
        eps: config[double: "eps"] ?? 1e-8)
      return { schedule.step(metrics[$0]) }
    }
  },
]
