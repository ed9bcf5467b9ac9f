import Autograd
import GoldenSupport

private func unary(_ function: @escaping @Sendable (Tensor) -> Tensor) -> Operation {
  { ["output": function(try $0.tensor("input"))] }
}

private func binary(_ function: @escaping @Sendable (Tensor, Tensor) -> Tensor) -> Operation {
  { ["output": function(try $0.tensor("a"), try $0.tensor("b"))] }
}

private func comparison(
  _ function: @escaping @Sendable (NDArray, NDArray) -> NDArray
) -> Operation {
  { ["output": Tensor(function(try $0.array("a"), try $0.array("b")))] }
}

let elementwiseOperations: [String: Operation] = [
  "tanh": unary { $0.tanh() },
  "sigmoid": unary { $0.sigmoid() },
  "relu": unary { $0.relu() },
  "exp": unary { $0.exp() },
  "log": unary { $0.log() },
  "sqrt": unary { $0.sqrt() },
  "log1p": unary { $0.log1p() },
  "expm1": unary { $0.expm1() },
  "reciprocal": unary { $0.reciprocal() },
  "neg": unary { -$0 },
  "abs": unary { $0.abs() },
  "sin": unary { $0.sin() },
  "cos": unary { $0.cos() },
  "softplus": unary { $0.softplus() },
  "clamp": { run in
    let lower = run.config[double: "min"] ?? -.infinity
    let upper = run.config[double: "max"] ?? .infinity
    return ["output": try run.tensor("input").clamped(lower, upper)]
  },
  "add": binary { $0 + $1 },
  "sub": binary { $0 - $1 },
  "mul": binary { $0 * $1 },
  "div": binary { $0 / $1 },
  "pow": binary { $0.pow($1) },
  "maximum": binary { $0.maximum($1) },
  "minimum": binary { $0.minimum($1) },
  "matmul": binary { $0.matmul($1) },
  "eq": comparison { $0 .== $1 },
  "ne": comparison { $0 .!= $1 },
  "lt": comparison { $0 .< $1 },
  "le": comparison { $0 .<= $1 },
  "gt": comparison { $0 .> $1 },
  "ge": comparison { $0 .>= $1 },
]
