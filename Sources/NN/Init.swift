import Arrays
import Foundation

/// Starting values of parameters, under PyTorch's names: each sets all numbers of a parameter.
///
///     Init.xavierUniform(layer.weight, generator: Generator(seed: 7))
///
/// *Fan in* is how many numbers one output is computed from: all axes of a weight but the first;
/// *fan out* how many outputs one input reaches: the first axis, times all axes but the first two.
public enum Init {
  /// Evenly from `range`.
  public static func uniform(
    _ parameter: Parameter, in range: ClosedRange<Double> = 0...1, generator: Generator = .default
  ) {
    parameter.value = .uniform(
      parameter.shape, in: range, dtype: parameter.dtype, generator: generator)
  }

  /// Normal distribution.
  public static func normal(
    _ parameter: Parameter, mean: Double = 0, standardDeviation: Double = 1,
    generator: Generator = .default
  ) {
    parameter.value = .normal(
      parameter.shape, mean: mean, standardDeviation: standardDeviation, dtype: parameter.dtype,
      generator: generator)
  }

  /// Every number `value`.
  public static func constant(_ parameter: Parameter, _ value: Double) {
    parameter.value = .full(parameter.shape, value, dtype: parameter.dtype)
  }

  /// Every number 0, as biases often start.
  public static func zeros(_ parameter: Parameter) { constant(parameter, 0) }

  /// Every number 1, as scales do (`LayerNorm.weight`).
  public static func ones(_ parameter: Parameter) { constant(parameter, 1) }

  /// Evenly from ±gain·√(6/(fan in + fan out)): signals keep their size forward and gradients theirs
  /// backward, on average (Glorot & Bengio 2010, equation 16).
  public static func xavierUniform(
    _ parameter: Parameter, gain: Double = 1, generator: Generator = .default
  ) {
    let (fanIn, fanOut) = fans(of: parameter, "xavierUniform")
    let bound = gain * (6 / Double(fanIn + fanOut)).squareRoot()
    uniform(parameter, in: -bound...bound, generator: generator)
  }

  /// Normal with deviation gain·√(2/(fan in + fan out)) (Glorot & Bengio 2010).
  public static func xavierNormal(
    _ parameter: Parameter, gain: Double = 1, generator: Generator = .default
  ) {
    let (fanIn, fanOut) = fans(of: parameter, "xavierNormal")
    normal(
      parameter, standardDeviation: gain * (2 / Double(fanIn + fanOut)).squareRoot(),
      generator: generator)
  }

  /// Which way signals shall keep their size.
  public enum FanMode: Sendable {
    /// `fanIn`: forward, so that outputs vary as inputs do; `fanOut`: backward, so that gradients
    /// do.
    case fanIn, fanOut
  }

  /// Evenly from ±gain·√(3/fan) (He et al. 2015).
  public static func kaimingUniform(
    _ parameter: Parameter, gain: Double = 2.0.squareRoot(), mode: FanMode = .fanIn,
    generator: Generator = .default
  ) {
    let bound = gain * (3 / Double(fan(of: parameter, mode, "kaimingUniform"))).squareRoot()
    uniform(parameter, in: -bound...bound, generator: generator)
  }

  /// Normal with deviation gain/√fan (He et al. 2015, equation 10).
  public static func kaimingNormal(
    _ parameter: Parameter, gain: Double = 2.0.squareRoot(), mode: FanMode = .fanIn,
    generator: Generator = .default
  ) {
    normal(
      parameter,
      standardDeviation: gain / Double(fan(of: parameter, mode, "kaimingNormal")).squareRoot(),
      generator: generator)
  }

  /// A matrix with orthonormal rows or columns (the fewer of the two), times `gain`: a recurrence
  /// that neither grows nor shrinks its state (Saxe, McClelland & Ganguli 2014). Further axes count
  /// as columns.
  public static func orthogonal(
    _ parameter: Parameter, gain: Double = 1, generator: Generator = .default
  ) {
    guard parameter.rank >= 2 else {
      wrongUse("orthogonal: a parameter of shape \(parameter.shape) is no matrix")
    }
    let rows = parameter.shape[0], columns = parameter.count / max(1, rows)
    let (count, length) = (min(rows, columns), max(rows, columns))
    // Gram & Schmidt, each vector twice for the sake of rounding; random directions are orthogonal
    // enough from the start that no vector vanishes.
    var vectors: [[Double]] = []
    for _ in 0..<count {
      var vector = generator.draw(length) { $0.normal() }
      for _ in 0..<2 {
        for other in vectors {
          let overlap = zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 }
          for i in vector.indices { vector[i] -= overlap * other[i] }
        }
      }
      let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      vectors.append(vector.map { $0 / norm })
    }
    let matrix = NDArray(vectors, dtype: .float64) * gain
    parameter.value = (rows <= columns ? matrix : matrix.transposed)
      .reshaped(parameter.shape).asType(parameter.dtype)
  }

  /// Sets the forget gates' biases of an LSTM so that it starts by remembering (Gers, Schmidhuber &
  /// Cummins 2000; Jozefowicz, Zaremba & Sutskever 2015 recommend 1). The value goes into `bias_ih`,
  /// and 0 into `bias_hh`, since the two are added.
  public static func forgetGateBias(_ lstm: some ForgetGated, _ value: Double = 1) {
    for (input, recurrent, rows) in lstm.forgetBiases {
      input.value[rows] = NDArray(value, dtype: input.dtype)
      recurrent.value[rows] = NDArray(0, dtype: recurrent.dtype)
    }
  }

  /// The factor by which an activation shrinks a signal, undone: what PyTorch calls the gain.
  public enum Gain {
    /// 1: the identity shrinks nothing.
    public static let linear = 1.0
    /// 1, as PyTorch has it.
    public static let sigmoid = 1.0
    /// 5/3, PyTorch's.
    public static let tanh = 5.0 / 3
    /// √2: half of a symmetric signal's power is lost at 0 (He et al. 2015).
    public static let relu = 2.0.squareRoot()
  }

  private static func fans(of parameter: Parameter, _ name: String) -> (fanIn: Int, fanOut: Int) {
    guard parameter.rank >= 2 else {
      wrongUse("\(name): a parameter of shape \(parameter.shape) has fewer than 2 axes")
    }
    let field = parameter.shape.dropFirst(2).product
    return (parameter.shape[1] * field, parameter.shape[0] * field)
  }

  private static func fan(of parameter: Parameter, _ mode: FanMode, _ name: String) -> Int {
    let (fanIn, fanOut) = fans(of: parameter, name)
    return mode == .fanIn ? fanIn : fanOut
  }
}

/// What has forget gates: which rows of which two biases belong to them. Nothing where there are no
/// biases.
public protocol ForgetGated {
  /// For each layer and direction, the two biases that are added in the forget gate, `input`
  /// (`bias_ih`) and `recurrent` (`bias_hh`), and the rows of both that are the gate's.
  var forgetBiases: [(input: Parameter, recurrent: Parameter, rows: Range<Int>)] { get }
}

extension Parameter {
  /// A new parameter, evenly from ±bound.
  package convenience init(
    uniform bound: Double, _ shape: [Int], _ dtype: DType, _ generator: Generator
  ) {
    self.init(.uniform(shape, in: -bound...bound, dtype: dtype, generator: generator))
  }
}
