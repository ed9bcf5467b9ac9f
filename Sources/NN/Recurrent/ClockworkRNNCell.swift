/// A plain recurrent cell in groups that tick at different speeds: group k is computed anew only at
/// times that its period T_k divides and stands still in between, and it hears only groups that are
/// no faster than itself (Koutník et al. 2014).
///
///     h̃ = tanh(W_ih x + b_ih + (M ⊙ W_hh) h + b_hh)
///     h′ = h̃ in the groups with t mod T_k = 0,  h in the others
///
/// M is 1 where the row's group hears the column's group, T_row ≤ T_column, and 0 elsewhere: with the
/// groups in order of their periods, an upper triangle of blocks.
public final class ClockworkRNNCell: CellWeights, GatedCell {
  /// The period of each group, in steps, rising.
  public let periods: [Int]
  /// M: `[hidden, hidden]`.
  private let hears: Tensor
  /// The period of every hidden unit.
  private let unitPeriods: [Int]

  /// - Parameters:
  ///   - inputSize: features of the input.
  ///   - hiddenSize: features of the state, a multiple of the groups.
  ///   - periods: one for each group, rising; the groups share `hiddenSize` evenly. The paper takes
  ///     1, 2, 4, 8, …
  ///   - bias: whether there are `bias_ih` and `bias_hh`.
  ///   - dtype: the element type of the parameters.
  ///   - generator: where the starting values are drawn from.
  public init(
    inputSize: Int, hiddenSize: Int, periods: [Int], bias: Bool = true, dtype: DType = .float32,
    generator: Generator = .default
  ) {
    guard !periods.isEmpty, hiddenSize % periods.count == 0 else {
      wrongUse("ClockworkRNNCell: hiddenSize \(hiddenSize) for \(periods.count) groups")
    }
    guard periods[0] > 0, zip(periods, periods.dropFirst()).allSatisfy({ $0 < $1 }) else {
      wrongUse("ClockworkRNNCell: periods \(periods) do not rise from 1 or more")
    }
    self.periods = periods
    let groupSize = hiddenSize / periods.count
    let units = periods.flatMap { Array(repeating: $0, count: groupSize) }
    unitPeriods = units
    hears = Tensor(
      NDArray(units.map { row in units.map { row <= $0 ? 1 : 0 } }, dtype: dtype))
    super.init(
      gates: 1, inputSize: inputSize, hiddenSize: hiddenSize, bias: bias, dtype: dtype,
      generator: generator)
  }

  /// Input `[batch, inputSize]`, state and result `[batch, hiddenSize]`, at time 0, 1, 2, …
  public func callAsFunction(_ x: Tensor, _ h: Tensor? = nil, time: Int) -> Tensor {
    let h = checked(x, h, "h")
    return observed(step(x, [h], time: time, below: nil)[0])
  }

  /// M ⊙ W_hh.
  public var recurrentWeight: (weight: Tensor, bias: Tensor?) { (hears * weight_hh, bias_hh) }

  public func step(
    fromInput: Tensor, fromState: Tensor, _ state: [Tensor], time: Int, below: [Tensor]?
  ) -> [Tensor] {
    let ticks = NDArray(unitPeriods.map { time % $0 == 0 ? 1 : 0 }, dtype: dtype)
    return [.where(ticks, (fromInput + fromState).tanh(), state[0])]
  }

  public var stateSizes: [Int] { [hiddenSize] }
}
