@_exported import Arrays
import CKernels

/// An `NDArray` that remembers where it came from, so that gradients can flow back to it.
///
/// A tensor made by the caller is a *leaf*; with `requiresGrad` it collects a gradient. A tensor made
/// by an operation on such leaves keeps that operation's *history*: its inputs and, for each, how a
/// gradient that arrives at the output goes on to the input. `backward()` walks that history.
///
///     let w = Tensor([1, 2, 3], requiresGrad: true)
///     (w * w).sum().backward()
///     w.grad                                          // [2, 4, 6]
public class Tensor {
  /// The numbers. Writing to them is for leaves (an optimizer's step); no history sees it.
  public final var value: NDArray {
    get {
      guard let numbers else { wrongUse("value: read while it is being changed in place") }
      return numbers
    }
    _modify {
      var taken = numbers.take()!
      defer { numbers = taken }
      yield &taken
    }
  }
  /// What `backward()` has added up at this leaf since the last `zeroGrad()`; nil before the first.
  /// Always nil on a tensor with a history, where gradients only pass through.
  public final var grad: NDArray? {
    get {
      // Reading it leaves rows as they are, for an optimizer that wants them.
      if earlier != nil, let rows = rowGradient { return rows.dense }
      settle()
      return gradient
    }
    set {
      (gradient, earlier, addedShares) = (newValue, nil, 0)
    }
    _modify {
      settle()
      var taken = gradient.take()
      defer { gradient = taken }
      yield &taken
    }
  }
  /// Whether gradients flow to this tensor.
  public final var requiresGrad: Bool { takesGradient }

  // Only this module sees these, and no access to one goes on during another: the compiler then
  // leaves out the check of it that would take a fifth of the time of a small operation. Who changes
  // `value` or `grad` in place has them out of here meanwhile.

  /// Nil while someone changes it in place.
  final var numbers: NDArray?
  final var gradient: NDArray?
  final var history: TensorHistory
  final var takesGradient: Bool
  private final let name: UnsafePointer<UInt8>
  /// From how many users a gradient is still to come, during a backward walk.
  final var awaited: Int32 = 0
  /// How many shares `gradient` has taken in after its first.
  final var addedShares: Int32 = 0
  /// Sums of earlier shares, where there are many.
  final var earlier: Shares?

  /// A leaf.
  public init(_ value: NDArray, requiresGrad: Bool = false) {
    numbers = value
    takesGradient = requiresGrad
    name = Tensor.leafName
    history = .none
  }

  /// The result of an operation that is recorded.
  init(_ operation: StaticString, _ value: NDArray, _ history: consuming TensorHistory) {
    numbers = value
    takesGradient = true
    name = operation.utf8Start
    self.history = history
  }

  private static var leafName: UnsafePointer<UInt8> { ("leaf" as StaticString).utf8Start }

  /// The operation that made this tensor; "leaf" if none did.
  public final var operation: String { String(cString: name) }
  /// The size of each axis; `[]` for a single number.
  public final var shape: [Int] { value.shape }
  /// The type of the numbers; gradients have the same.
  public final var dtype: DType { value.dtype }
  /// How many numbers there are: the product of the shape.
  public final var count: Int { value.count }
  /// How many axes there are.
  public final var rank: Int { value.rank }
  /// The only number of a tensor that holds one.
  public final var item: Double { value.item }

  /// The same numbers without the history.
  public final func detach() -> Tensor { Tensor(value) }

  /// Forgets the gradient.
  public final func zeroGrad() { grad = nil }

  deinit {
    numbers.take()?.recycle()
    if history.hasInputs { releaseInTurn(Remains(history.take())) }
  }
}

// MARK: - Making an operation

/// How a gradient goes on: from ∂L/∂output to ∂L/∂input.
public typealias Gradient = (_ dy: NDArray) -> NDArray

extension Tensor {
  // An operation computes its value on `NDArray`s and says, for each input, how the gradient goes on
  // to it. The gradient closures work on `NDArray`s too, so none builds a graph by accident. They
  // may return the broadcast shape: the engine sums what broadcasting repeated. Where no gradient
  // is wanted the closures are dropped at once.

  /// The result of an operation on one tensor.
  public convenience init(
    _ operation: StaticString, of x: Tensor, value: NDArray, gradient: @escaping Gradient
  ) {
    let isRecorded = x.requiresGrad && ck_is_recording()
    if isRecorded { self.init(operation, value, .one(x, gradient)) } else { self.init(value) }
  }

  /// The result of an operation on two tensors.
  public convenience init(
    _ operation: StaticString, of a: Tensor, _ b: Tensor, value: NDArray,
    gradient first: @escaping Gradient, _ second: @escaping Gradient
  ) {
    switch (a.requiresGrad, b.requiresGrad) {
    case _ where !ck_is_recording(): self.init(value)
    case (true, true): self.init(operation, value, .two(a, first, b, second))
    case (true, false): self.init(operation, value, .one(a, first))
    case (false, true): self.init(operation, value, .one(b, second))
    case (false, false): self.init(value)
    }
  }

  /// The result of an operation on any number of tensors; one gradient for each, nil for none.
  public convenience init(
    _ operation: StaticString, of inputs: [Tensor], value: NDArray,
    gradient: @escaping (_ dy: NDArray) -> [NDArray?]
  ) {
    let isRecorded = ck_is_recording() && inputs.contains(where: \.requiresGrad)
    if isRecorded { self.init(operation, value, .many(inputs, gradient)) } else { self.init(value) }
  }

  /// The results of an operation with several outputs. The gradient is called once, when all that
  /// was computed from the outputs has sent its share; an output that nothing was computed from has
  /// none (nil).
  public static func outputs(
    _ operation: StaticString, of inputs: [Tensor], values: [NDArray],
    gradient: @escaping (_ dy: [NDArray?]) -> [NDArray?]
  ) -> [Tensor] {
    guard ck_is_recording(), inputs.contains(where: \.requiresGrad) else {
      return values.map { Tensor($0) }
    }
    // The outputs hang on one inner node. Each puts its gradient into a slot there and passes on a
    // number that only says "arrived".
    guard let dtype = values.first?.dtype else { return [] }
    let slots = Slots(count: values.count)
    let joint = Tensor(
      operation, of: inputs, value: NDArray.zeros([], dtype: dtype),
      gradient: { _ in gradient(slots.take()) })
    return values.enumerated().map { place, value in
      Tensor(operation, of: joint, value: value) { dy in
        slots.gradients[place] = dy
        return NDArray.zeros([], dtype: dtype)
      }
    }
  }

  private final class Slots {
    var gradients: [NDArray?]
    init(count: Int) { gradients = Array(repeating: nil, count: count) }
    func take() -> [NDArray?] {
      defer { gradients = Array(repeating: nil, count: gradients.count) }
      return gradients
    }
  }
}

/// Computes without recording: what is made inside has no history and costs no memory for one.
public func noGrad<R>(_ body: () throws -> R) rethrows -> R {
  let before = ck_is_recording()
  ck_set_recording(false)
  defer { ck_set_recording(before) }
  return try body()
}

/// Whether operations are recorded here and now, as they are outside `noGrad`. One that keeps numbers
/// for its gradient alone may ask first. (PyTorch: `torch.is_grad_enabled`.)
public var isGradEnabled: Bool { ck_is_recording() }

// MARK: - Literals

extension Tensor {
  /// A single number, of shape `[]`.
  public convenience init(_ value: Double, dtype: DType = .float32, requiresGrad: Bool = false) {
    self.init(NDArray(value, dtype: dtype), requiresGrad: requiresGrad)
  }

  /// A vector `[count]`.
  public convenience init(_ values: [Double], dtype: DType = .float32, requiresGrad: Bool = false) {
    self.init(NDArray(values, dtype: dtype), requiresGrad: requiresGrad)
  }

  /// A matrix `[rows, columns]`.
  public convenience init(_ rows: [[Double]], dtype: DType = .float32, requiresGrad: Bool = false) {
    self.init(NDArray(rows, dtype: dtype), requiresGrad: requiresGrad)
  }

  /// A tensor of this shape, every number 0, that collects no gradient.
  public static func zeros(_ shape: [Int], dtype: DType = .float32) -> Tensor {
    Tensor(.zeros(shape, dtype: dtype))
  }

  /// A tensor of this shape, every number 1, that collects no gradient.
  public static func ones(_ shape: [Int], dtype: DType = .float32) -> Tensor {
    Tensor(.ones(shape, dtype: dtype))
  }
}

extension Tensor: CustomStringConvertible {
  public var description: String {
    history.isNone ? "\(value)" : "\(value) ← \(operation)"
  }
}
