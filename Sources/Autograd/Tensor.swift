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
  // Reads and writes of these never overlap, and the run-time check that they do not would take a
  // fifth of the time of a small operation.

  /// The numbers. Writing to them is for leaves (an optimiser's step); no history sees it.
  public final var value: NDArray {
    get { numbers.unsafelyUnwrapped }
    _modify { yield &numbers! }
  }
  /// Nil only while this object waits to be used again.
  @exclusivity(unchecked) private final var numbers: NDArray?
  /// What `backward()` has added up at this leaf since the last `zeroGrad()`; nil before the first.
  /// Always nil on a tensor with a history, where gradients only pass through.
  @exclusivity(unchecked) public final var grad: NDArray?
  @exclusivity(unchecked) package final var history: History
  @exclusivity(unchecked) private final var name: UnsafePointer<UInt8>
  /// Whether gradients flow to this tensor.
  @exclusivity(unchecked) public final internal(set) var requiresGrad: Bool
  /// From how many users a gradient is still to come, during a backward walk.
  @exclusivity(unchecked) final var awaited: Int32 = 0
  /// Below this one on a stack of tensors, during a backward walk.
  @exclusivity(unchecked) final var next: Unmanaged<Tensor>?

  /// A leaf.
  public init(_ value: NDArray, requiresGrad: Bool = false) {
    numbers = value
    self.requiresGrad = requiresGrad
    name = Tensor.leafName
    history = .none
  }

  private init(_ operation: StaticString, _ value: NDArray, _ history: consuming History) {
    numbers = value
    name = operation.utf8Start
    self.history = history
    requiresGrad = true
  }

  /// The result of an operation whose history is recorded, if need be in an object used before.
  fileprivate static func make(
    _ operation: StaticString, _ value: NDArray, _ history: consuming History
  ) -> Tensor {
    guard let spare = ck_take_spare(ck_spare_tensor) else {
      return Tensor(operation, value, history)
    }
    let tensor = Unmanaged<Tensor>.fromOpaque(spare).takeRetainedValue()
    tensor.numbers = value
    tensor.name = operation.utf8Start
    tensor.history = history
    return tensor
  }

  /// Gives up a reference to a tensor that `backward()` is done with. If it was the last one, the
  /// object is kept for the result of another operation.
  static func recycle(_ reference: Unmanaged<Tensor>) {
    let isDone = reference._withUnsafeGuaranteedRef { !$0.history.hasInputs && $0.grad == nil }
    guard isDone, let place = ck_spare_place(ck_spare_tensor) else {
      return reference.release()
    }
    let tensor = UnsafeMutableRawPointer(place).assumingMemoryBound(to: Tensor.self)
    tensor.initialize(to: reference.takeRetainedValue())
    if isKnownUniquelyReferenced(&tensor.pointee) {
      reference._withUnsafeGuaranteedRef { $0.numbers.take()?.recycle() }
      ck_keep_spare(ck_spare_tensor)
    } else {
      tensor.deinitialize(count: 1)
    }
  }

  private static var leafName: UnsafePointer<UInt8> { ("leaf" as StaticString).utf8Start }

  /// The operation that made this tensor; "leaf" if none did.
  public final var operation: String { String(cString: name) }
  public final var shape: [Int] { value.shape }
  public final var dtype: DType { value.dtype }
  public final var count: Int { value.count }
  public final var rank: Int { value.rank }
  /// The only number of a tensor that holds one.
  public final var item: Double { value.item }

  /// The same numbers without the history.
  public final func detach() -> Tensor { Tensor(value) }

  /// Forgets the gradient.
  public final func zeroGrad() { grad = nil }

  deinit { if history.hasInputs { history.dismantle() } }
}

// MARK: - Making an operation

/// How a gradient goes on: from ∂L/∂output to ∂L/∂input.
public typealias Gradient = (_ dy: NDArray) -> NDArray

/// What gives `Tensor` the initialisers of operations' results, which may hand out an object that has
/// served before.
public protocol OperationResult {}

extension Tensor: OperationResult {}

extension OperationResult where Self == Tensor {
  // An operation computes its value on `NDArray`s and says, for each input, how the gradient goes on
  // to it. The gradient closures work on `NDArray`s too, so none builds a graph by accident. They
  // may return the broadcast shape: the engine sums what broadcasting repeated. Where no gradient
  // is wanted the closures are dropped at once.

  /// The result of an operation on one tensor.
  public init(
    _ operation: StaticString, of x: Tensor, value: NDArray, gradient: @escaping Gradient
  ) {
    if x.requiresGrad && ck_is_recording() {
      self = .make(operation, value, .one(.passRetained(x), gradient))
    } else {
      self = Tensor(value)
    }
  }

  /// The result of an operation on two tensors.
  public init(
    _ operation: StaticString, of a: Tensor, _ b: Tensor, value: NDArray,
    gradient first: @escaping Gradient, _ second: @escaping Gradient
  ) {
    guard ck_is_recording(), a.requiresGrad || b.requiresGrad else {
      self = Tensor(value)
      return
    }
    switch (a.requiresGrad, b.requiresGrad) {
    case (true, true):
      self = .make(operation, value, .two(.passRetained(a), first, .passRetained(b), second))
    case (true, false): self = .make(operation, value, .one(.passRetained(a), first))
    default: self = .make(operation, value, .one(.passRetained(b), second))
    }
  }

  /// The result of an operation on any number of tensors; one gradient for each, nil for none.
  public init(
    _ operation: StaticString, of inputs: [Tensor], value: NDArray,
    gradient: @escaping (_ dy: NDArray) -> [NDArray?]
  ) {
    if ck_is_recording(), inputs.contains(where: \.requiresGrad) {
      self = .make(operation, value, .many(inputs, gradient))
    } else {
      self = Tensor(value)
    }
  }
}

extension Tensor {
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
    let slots = Slots(count: values.count)
    let dtype = values[0].dtype
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

  public static func zeros(_ shape: [Int], dtype: DType = .float32) -> Tensor {
    Tensor(.zeros(shape, dtype: dtype))
  }

  public static func ones(_ shape: [Int], dtype: DType = .float32) -> Tensor {
    Tensor(.ones(shape, dtype: dtype))
  }
}

extension Tensor: CustomStringConvertible {
  public var description: String {
    history.isNone ? "\(value)" : "\(value) ← \(operation)"
  }
}
