/// A convolution over time: each output sees `kernelSize` neighboring steps of all channels, through
/// the same weights at every step.
///
/// yₒ[t] = bₒ + Σ over c, k of Wₒ[c, k] · x_c[t·stride + k·dilation − padding]
///
/// `weight` is `[outChannels, inChannels, kernelSize]`, `bias` `[outChannels]`; both start evenly from
/// ±1/√(inChannels·kernelSize), as PyTorch's.
public final class Conv1d: Module, UnaryLayer {
  /// As given to the initializer; `kernelSize`, `stride`, `padding` and `dilation` count steps of
  /// time.
  public let inChannels, outChannels, kernelSize, stride, padding, dilation: Int
  /// W, `[outChannels, inChannels, kernelSize]`.
  public let weight: Parameter
  /// b, `[outChannels]`; nil where there is none.
  public let bias: Parameter?

  /// - Parameters:
  ///   - inChannels: channels of the input.
  ///   - outChannels: channels of the output.
  ///   - kernelSize: steps that an output sees.
  ///   - stride: steps from one output to the next.
  ///   - padding: so many zeros before the first and after the last step.
  ///   - dilation: how many steps lie between two that a kernel sees.
  ///   - bias: whether b is added.
  ///   - dtype: the element type of the parameters.
  ///   - generator: where the starting values are drawn from.
  public init(
    _ inChannels: Int, _ outChannels: Int, kernelSize: Int, stride: Int = 1, padding: Int = 0,
    dilation: Int = 1, bias: Bool = true, dtype: DType = .float32, generator: Generator = .default
  ) {
    checkSizes(
      "Conv1d", ("inChannels", inChannels), ("outChannels", outChannels),
      ("kernelSize", kernelSize), ("stride", stride), ("dilation", dilation))
    guard padding >= 0 else { wrongUse("Conv1d: padding \(padding) is negative") }
    (self.inChannels, self.outChannels, self.kernelSize) = (inChannels, outChannels, kernelSize)
    (self.stride, self.padding, self.dilation) = (stride, padding, dilation)
    let bound = 1 / Double(inChannels * kernelSize).squareRoot()
    weight = Parameter(uniform: bound, [outChannels, inChannels, kernelSize], dtype, generator)
    self.bias = bias ? Parameter(uniform: bound, [outChannels], dtype, generator) : nil
  }

  /// Input `[batch, inChannels, time]`, output `[batch, outChannels, time′]` with
  /// time′ = (time + 2·padding − dilation·(kernelSize − 1) − 1)/stride + 1, rounded down.
  public func forward(_ input: Tensor) -> Tensor {
    guard input.rank == 3, input.shape[1] == inChannels else {
      wrongUse("Conv1d: input \(input.shape), expected [batch, \(inChannels), time]")
    }
    let (batch, time) = (input.shape[0], input.shape[2] + 2 * padding)
    let reach = dilation * (kernelSize - 1) + 1
    guard time >= reach else {
      wrongUse("Conv1d: a kernel that reaches over \(reach) steps, and \(time) steps with padding")
    }
    var x = input
    if padding > 0 {
      let zeros = Tensor.zeros([batch, inChannels, padding], dtype: input.dtype)
      x = .concatenate([zeros, x, zeros], axis: 2)
    }
    let steps = (time - reach) / stride + 1
    // Each window as a row, so that all of them are one matrix product.
    let seen = (0..<steps).flatMap { t in (0..<kernelSize).map { t * stride + $0 * dilation } }
    // [batch, in, time′, k]
    let windows = x.take(Indices(seen, shape: [steps, kernelSize]), axis: 2)
    let rows = windows.permuted([0, 2, 1, 3]).reshaped([batch, steps, inChannels * kernelSize])
    let flat = weight.reshaped([outChannels, inChannels * kernelSize])
    return rows.linear(flat, bias).transposed(1, 2)
  }
}
