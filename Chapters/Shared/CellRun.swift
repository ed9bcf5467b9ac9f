import Foundation
import UnrollChapter

/// A run of one recurrent cell over a sequence, and the way back of the gradient of its last state,
/// L = Σ h_T: every number that stands in the cell's equation at every step. The data of
/// `Interactive.Component.cell`.
public struct CellRun: Encodable {
  public enum Kind: String, Encodable { case rnn, lstm, gru }

  public let kind: Kind
  /// At each step, by the equation's letters, a number for each unit: x, h; a; i, f, g, o, c; r, z, n.
  public private(set) var steps: [[String: [Double]]] = []
  /// ∂L by what stands in `steps`, and by what came from the step before: `hBefore`, `cBefore`.
  public private(set) var gradients: [[String: [Double]]] = []
  /// The state before the first step: h, and c of an LSTM.
  public let start: [String: [Double]]

  private enum CodingKeys: CodingKey { case kind, steps, gradients, start }
  private let weights: Weights

  /// - Parameter inputs: `[time][feature]`.
  public init(_ cell: LSTMCell, reading inputs: [[Double]]) {
    self.init(.lstm, Weights(cell), inputs)
  }

  public init(_ cell: GRUCell, reading inputs: [[Double]]) {
    self.init(.gru, Weights(cell), inputs)
  }

  /// h = tanh(W_ih x + b_ih + W_hh h₋ + b_hh), the weights `[hidden, input]` and `[hidden, hidden]`.
  public init(
    weight_ih: NDArray, weight_hh: NDArray, bias_ih: NDArray, bias_hh: NDArray,
    reading inputs: [[Double]]
  ) {
    self.init(
      .rnn,
      Weights(
        ih: weight_ih.rowsOfDoubles, hh: weight_hh.rowsOfDoubles, bias_ih: bias_ih.doubles,
        bias_hh: bias_hh.doubles), inputs)
  }

  private init(_ kind: Kind, _ weights: Weights, _ inputs: [[Double]]) {
    (self.kind, self.weights) = (kind, weights)
    let zeros = [Double](repeating: 0, count: weights.hiddenSize)
    start = kind == .lstm ? ["h": zeros, "c": zeros] : ["h": zeros]
    for x in inputs { steps.append(step(x, from: steps.last ?? start)) }
    goBack()
  }

  /// The weights as rows, gate below gate.
  private struct Weights {
    let ih, hh: [[Double]]
    let bias_ih, bias_hh: [Double]

    var hiddenSize: Int { hh[0].count }

    init(ih: [[Double]], hh: [[Double]], bias_ih: [Double], bias_hh: [Double]) {
      (self.ih, self.hh, self.bias_ih, self.bias_hh) = (ih, hh, bias_ih, bias_hh)
    }

    init(_ cell: CellWeights) {
      let zeros = [Double](repeating: 0, count: cell.weight_ih.shape[0])
      self.init(
        ih: cell.weight_ih.value.rowsOfDoubles, hh: cell.weight_hh.value.rowsOfDoubles,
        bias_ih: cell.bias_ih?.value.doubles ?? zeros, bias_hh: cell.bias_hh?.value.doubles ?? zeros
      )
    }

    /// The input's and the state's share of every gate: `[gate][unit]` each.
    func shares(_ x: [Double], _ h: [Double]) -> (input: [[Double]], state: [[Double]]) {
      func gates(_ rows: [[Double]], _ values: [Double], _ bias: [Double]) -> [[Double]] {
        let sums = zip(rows, bias).map { row, b in zip(row, values).map(*).reduce(b, +) }
        return stride(from: 0, to: sums.count, by: hiddenSize).map {
          Array(sums[$0..<$0 + hiddenSize])
        }
      }
      return (gates(ih, x, bias_ih), gates(hh, h, bias_hh))
    }
  }

  // MARK: - Forward

  private func step(_ x: [Double], from before: [String: [Double]]) -> [String: [Double]] {
    let h = before["h"]!
    let (input, state) = weights.shares(x, h)
    let sums = zip(input, state).map { zip($0, $1).map(+) }
    let units = h.indices
    switch kind {
    case .rnn: return ["x": x, "a": sums[0], "h": sums[0].map { tanh($0) }]
    case .lstm:
      let i = sums[0].map(σ), f = sums[1].map(σ), g = sums[2].map { tanh($0) }, o = sums[3].map(σ)
      let c = units.map { f[$0] * before["c"]![$0] + i[$0] * g[$0] }
      return [
        "x": x, "i": i, "f": f, "g": g, "o": o, "c": c, "h": units.map { o[$0] * tanh(c[$0]) },
      ]
    case .gru:
      let r = sums[0].map(σ), z = sums[1].map(σ)
      let n = units.map { tanh(input[2][$0] + r[$0] * state[2][$0]) }
      return [
        "x": x, "r": r, "z": z, "n": n, "h": units.map { (1 - z[$0]) * n[$0] + z[$0] * h[$0] },
      ]
    }
  }

  // MARK: - Back

  private mutating func goBack() {
    let units = 0..<weights.hiddenSize
    var (dh, dc) = (units.map { _ in 1.0 }, units.map { _ in 0.0 })
    for t in steps.indices.reversed() {
      let gradient = back(t, dh, dc)
      gradients.insert(gradient, at: 0)
      dh = gradient["hBefore"]!
      dc = gradient["cBefore"] ?? dc
    }
  }

  /// From ∂L/∂hₜ, and the share of ∂L/∂cₜ that comes from later, to all of step t.
  private func back(_ t: Int, _ dh: [Double], _ later: [Double]) -> [String: [Double]] {
    let now = steps[t], before = t > 0 ? steps[t - 1] : start
    let h = now["h"]!, units = h.indices
    var found = ["h": dh]
    /// By what stands inside the activations: by the input's share, and by the state's.
    var input: [[Double]], state: [[Double]], direct = units.map { _ in 0.0 }
    switch kind {
    case .rnn:
      let da = units.map { dh[$0] * (1 - h[$0] * h[$0]) }
      found["a"] = da
      (input, state) = ([da], [da])
    case .lstm:
      let i = now["i"]!, f = now["f"]!, g = now["g"]!, o = now["o"]!
      let shown = now["c"]!.map { tanh($0) }
      let dc = units.map { later[$0] + dh[$0] * o[$0] * (1 - shown[$0] * shown[$0]) }
      let di = units.map { dc[$0] * g[$0] }, df = units.map { dc[$0] * before["c"]![$0] }
      let dg = units.map { dc[$0] * i[$0] }, do_ = units.map { dh[$0] * shown[$0] }
      found["c"] = dc
      (found["i"], found["f"], found["g"], found["o"]) = (di, df, dg, do_)
      found["cBefore"] = units.map { dc[$0] * f[$0] }
      let da = units.map { dg[$0] * (1 - g[$0] * g[$0]) }
      input = [slope(di, i), slope(df, f), da, slope(do_, o)]
      state = input
    case .gru:
      let r = now["r"]!, z = now["z"]!, n = now["n"]!
      let product = weights.shares(now["x"]!, before["h"]!).state[2]
      let dz = units.map { dh[$0] * (before["h"]![$0] - n[$0]) }
      let dn = units.map { dh[$0] * (1 - z[$0]) }
      let da = units.map { dn[$0] * (1 - n[$0] * n[$0]) }
      let dr = units.map { da[$0] * product[$0] }
      (found["r"], found["z"], found["n"]) = (dr, dz, dn)
      direct = units.map { dh[$0] * z[$0] }
      input = [slope(dr, r), slope(dz, z), da]
      state = [input[0], input[1], units.map { da[$0] * r[$0] }]
    }
    found["x"] = carried(input, by: weights.ih)
    found["hBefore"] = zip(direct, carried(state, by: weights.hh)).map(+)
    return found
  }

  private func slope(_ gradient: [Double], _ gate: [Double]) -> [Double] {
    zip(gradient, gate).map { $0 * $1 * (1 - $1) }
  }

  private func carried(_ gates: [[Double]], by rows: [[Double]]) -> [Double] {
    rows[0].indices.map { column in
      zip(gates.joined(), rows).map { $0 * $1[column] }.reduce(0, +)
    }
  }
}

private func σ(_ a: Double) -> Double { 1 / (1 + exp(-a)) }

extension NDArray {
  fileprivate var rowsOfDoubles: [[Double]] { (0..<shape[0]).map { self[$0].doubles } }
}
