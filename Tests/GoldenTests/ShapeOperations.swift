import Autograd
import GoldenSupport

/// An operation on one tensor with settings.
private func with(
  _ function: @escaping @Sendable (Tensor, GoldenRun) throws -> Tensor
) -> Operation {
  { ["output": try function(try $0.tensor("input"), $0)] }
}

private func joining(
  _ function: @escaping @Sendable ([Tensor], _ axis: Int) -> Tensor
) -> Operation {
  { ["output": function(try $0.tensors(numbered: "input"), $0.config[int: "dim"] ?? 0)] }
}

/// Several results, named `output_1`, `output_2`, …
private func numbered(_ pieces: [Tensor]) -> [String: Tensor] {
  Dictionary(uniqueKeysWithValues: pieces.enumerated().map { ("output_\($0 + 1)", $1) })
}

let shapeOperations: [String: Operation] = [
  "cat": joining { .concatenate($0, axis: $1) },
  "stack": joining { .stack($0, axis: $1) },
  "gather": with { input, run in
    let axis = try run.golden.need("dim", run.config[int: "dim"])
    return input.gather(try run.indices("index"), axis: axis)
  },
  "index_select": with { input, run in
    let axis = try run.golden.need("dim", run.config[int: "dim"])
    return input.take(Indices(try run.indices("index").values), axis: axis)
  },
  "where": { run in
    let condition = try run.array("condition")
    return ["output": .where(condition, try run.tensor("input"), try run.tensor("other"))]
  },
  "masked_fill": with { input, run in
    let value = try run.golden.need("value", run.config[double: "value"])
    return input.maskedFill(try run.array("mask"), value)
  },
  "transpose": with { input, run in
    let first = try run.golden.need("dim0", run.config[int: "dim0"])
    return input.transposed(first, try run.golden.need("dim1", run.config[int: "dim1"]))
  },
  "permute": with { try $0.permuted($1.golden.need("dims", $1.config[ints: "dims"])) },
  "reshape": with { try $0.reshaped($1.golden.need("shape", $1.config[ints: "shape"])) },
  "broadcast_to": with { try $0.expanded(to: $1.golden.need("size", $1.config[ints: "size"])) },
  "slice": with { input, run in
    input.slice(
      axis: run.config[int: "dim"] ?? 0, start: run.config[int: "start"] ?? 0,
      end: run.config[int: "end"] ?? .max, step: run.config[int: "step"] ?? 1)
  },
  "split": { run in
    let input = try run.tensor("input")
    let axis = run.config[int: "dim"] ?? 0
    let key = "split_size_or_sections"
    let sections = try run.golden.need(key, run.config[ints: key])
    return numbered(
      run.config.isList(key)
        ? input.split(sections, axis: axis) : input.split(size: sections[0], axis: axis))
  },
  "chunk": { run in
    let count = try run.golden.need("chunks", run.config[int: "chunks"])
    return numbered(try run.tensor("input").chunk(count, axis: run.config[int: "dim"] ?? 0))
  },
]
