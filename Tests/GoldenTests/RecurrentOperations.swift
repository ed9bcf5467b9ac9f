import GoldenSupport
import NN

extension GoldenRun {
  /// Gives a module the case's parameters, and their gradients to the comparison; the two must have
  /// the same names and shapes.
  func load(_ module: Module) throws {
    let own = module.namedParameters()
    let (have, want) = (own.map(\.name).sorted(), golden.parameters.keys.sorted())
    if have != want { throw GoldenError("\(golden.title): parameters \(have), the case's \(want)") }
    for (name, parameter) in own {
      let array = golden.parameters[name]!
      if array.shape != parameter.shape {
        throw GoldenError("\(golden.title): `\(name)` \(parameter.shape), not \(array.shape)")
      }
      parameter.value = array.ndArray(dtype)
      watch(name, parameter)
    }
    module.eval()
  }

  func size(_ key: String) throws -> Int { try golden.need(key, config[int: key]) }

  fileprivate func nonlinearity() throws -> RNNCell.Nonlinearity {
    let name = config[string: "nonlinearity"] ?? "tanh"
    return try golden.need("nonlinearity", RNNCell.Nonlinearity(rawValue: name))
  }

  var bias: Bool { config[bool: "bias"] ?? true }
}

// MARK: - Cells

let cellOperations: [String: Operation] = [
  "RNNCell": { run in
    let cell = RNNCell(
      inputSize: try run.size("input_size"), hiddenSize: try run.size("hidden_size"),
      nonlinearity: try run.nonlinearity(), bias: run.bias, dtype: run.dtype)
    try run.load(cell)
    return ["h": cell(try run.tensor("input"), run.optionalTensor("h"))]
  },
  "GRUCell": { run in
    let cell = GRUCell(
      inputSize: try run.size("input_size"), hiddenSize: try run.size("hidden_size"),
      bias: run.bias, dtype: run.dtype)
    try run.load(cell)
    return ["h": cell(try run.tensor("input"), run.optionalTensor("h"))]
  },
  "LSTMCell": { run in
    let cell = LSTMCell(
      inputSize: try run.size("input_size"), hiddenSize: try run.size("hidden_size"),
      bias: run.bias, dtype: run.dtype)
    try run.load(cell)
    let (h, c) = cell(try run.tensor("input"), run.state("h", "c"))
    return ["h": h, "c": c]
  },
]

// MARK: - Layers

extension GoldenRun {
  fileprivate func state(_ h: String, _ c: String) -> (Tensor, Tensor)? {
    optionalTensor(h).flatMap { h in optionalTensor(c).map { (h, $0) } }
  }

  fileprivate var numLayers: Int { config[int: "num_layers"] ?? 1 }
  fileprivate var bidirectional: Bool { config[bool: "bidirectional"] ?? false }
  fileprivate var batchFirst: Bool { config[bool: "batch_first"] ?? false }
  fileprivate var dropout: Double { config[double: "dropout"] ?? 0 }

  /// Runs a layer over the input, padded or, with `lengths`, packed and padded again.
  fileprivate func over<Last>(
    _ padded: (Tensor) -> (Tensor, Last), _ packed: (PackedSequence) -> (PackedSequence, Last)
  ) throws -> (output: Tensor, last: Last) {
    let input = try tensor("input")
    guard golden.inputs["lengths"] != nil else { return padded(input) }
    let lengths = try indices("lengths").values
    let (output, last) = packed(
      packPaddedSequence(input, lengths: lengths, batchFirst: batchFirst))
    let steps = input.shape[batchFirst ? 1 : 0]
    return (padPackedSequence(output, batchFirst: batchFirst, totalLength: steps).output, last)
  }

  fileprivate func lstm(isFused: Bool) throws -> [String: Tensor] {
    let layer = LSTM(
      inputSize: try size("input_size"), hiddenSize: try size("hidden_size"),
      numLayers: numLayers, bias: bias, batchFirst: batchFirst, dropout: dropout,
      bidirectional: bidirectional, projSize: config[int: "proj_size"] ?? 0, dtype: dtype)
    layer.isFused = isFused
    try load(layer)
    let state = state("h_0", "c_0")
    let (output, (h_n, c_n)) = try over({ layer($0, state) }, { layer($0, state) })
    return ["output": output, "h_n": h_n, "c_n": c_n]
  }

  /// An LSTM with peepholes, with coupled gates, or both.
  fileprivate func variant<Cell: RecurrentCell>(
    isFused: Bool, cell: (_ inputSize: Int, _ hiddenSize: Int) -> Cell
  ) throws -> [String: Tensor] {
    let hiddenSize = try size("hidden_size")
    let layer = Recurrent(
      inputSize: try size("input_size"), numLayers: numLayers, batchFirst: batchFirst,
      dropout: dropout, bidirectional: bidirectional
    ) { inputSize, _ in cell(inputSize, hiddenSize) }
    layer.isFused = isFused
    try load(layer)
    let state = state("h_0", "c_0").map { [$0, $1] }
    let (output, last) = try over({ layer($0, state) }, { layer($0, state) })
    return ["output": output, "h_n": last[0], "c_n": last[1]]
  }
}

func recurrentOperations(isFused: Bool) -> [String: Operation] {
  [
    "RNN": { run in
      let layer = RNN(
        inputSize: try run.size("input_size"), hiddenSize: try run.size("hidden_size"),
        numLayers: run.numLayers, nonlinearity: try run.nonlinearity(), bias: run.bias,
        batchFirst: run.batchFirst, dropout: run.dropout, bidirectional: run.bidirectional,
        dtype: run.dtype)
      layer.isFused = isFused
      try run.load(layer)
      let state = run.optionalTensor("h_0")
      let (output, h_n) = try run.over({ layer($0, state) }, { layer($0, state) })
      return ["output": output, "h_n": h_n]
    },
    "GRU": { run in
      let layer = GRU(
        inputSize: try run.size("input_size"), hiddenSize: try run.size("hidden_size"),
        numLayers: run.numLayers, bias: run.bias, batchFirst: run.batchFirst,
        dropout: run.dropout, bidirectional: run.bidirectional, dtype: run.dtype)
      layer.isFused = isFused
      try run.load(layer)
      let state = run.optionalTensor("h_0")
      let (output, h_n) = try run.over({ layer($0, state) }, { layer($0, state) })
      return ["output": output, "h_n": h_n]
    },
    "LSTM": { run in
      let peephole = run.config[bool: "peephole"] ?? false
      let coupled = run.config[bool: "coupled"] ?? false
      if coupled {
        return try run.variant(isFused: isFused) {
          CoupledLSTMCell(
            inputSize: $0, hiddenSize: $1, peephole: peephole, bias: run.bias, dtype: run.dtype)
        }
      }
      if peephole {
        return try run.variant(isFused: isFused) {
          PeepholeLSTMCell(inputSize: $0, hiddenSize: $1, bias: run.bias, dtype: run.dtype)
        }
      }
      return try run.lstm(isFused: isFused)
    },
  ]
}
