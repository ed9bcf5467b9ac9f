import CKernels
@_exported import NN

/// Changes parameters a little, against their gradients. `SGD`, `RMSprop`, `Adam` and `AdamW` say
/// how.
///
///     let optimizer = Adam(model.parameters(), learningRate: 0.01)
///     for batch in batches {
///       optimizer.zeroGrad()
///       let loss = mseLoss(model(batch.input), batch.target)
///       loss.backward()
///       optimizer.step()
///     }
///
/// A parameter without a gradient (frozen, or not used) is passed by. A step that would write a NaN
/// or an infinite number is refused whole; see `step` and `checkedStep`.
///
/// An optimizer of one's own is a subclass that says in `updated` what one step makes of a parameter:
///
///     final class Lion: Optimizer {          // Chen et al. 2023
///       init(_ parameters: [Parameter], learningRate: Double = 1e-4) {
///         super.init(parameters, learningRate: learningRate, slots: ["exp_avg"])
///       }
///       override func updated(
///         _ p: NDArray, gradient g: NDArray, slots: inout [NDArray], step: Int
///       ) -> NDArray {
///         let direction = (slots[0] * 0.9 + g * 0.1).sign()
///         slots[0] = slots[0] * 0.99 + g * 0.01
///         return p - direction * learningRate
///       }
///     }
open class Optimizer {
  /// The parameters of all groups in the order in which they were given; `stateDict` numbers them
  /// so.
  public private(set) final var parameters: [Parameter]
  /// The parameters' groups; the first is that of the initializer (see `addGroup`).
  public private(set) final var groups: [ParameterGroup] = []
  /// The group of the parameter that is taking its step; 0 between steps.
  private final var turn = 0
  /// What is remembered of each parameter, by PyTorch's names.
  public let slotNames: [String]
  /// How many steps each parameter has taken, and its slots, which are made at the first.
  final var memories: [(steps: Int, slots: [NDArray])]
  /// Where each parameter's next numbers go; what it held before serves for the step after.
  private final var spares: [NDArray?]

  /// - Parameters:
  ///   - parameters: what is changed; none at all, or one that is there twice, stops the program.
  ///   - learningRate: from 0.
  ///   - slots: the names of the arrays that are remembered of each parameter, zeros of its shape
  ///     before the first step; `stateDict` writes them down as `0.<name>`, `1.<name>`, …
  public init(_ parameters: [Parameter], learningRate: Double, slots: [String] = []) {
    guard !parameters.isEmpty else { wrongUse("\(Self.self): no parameters") }
    var places: [ObjectIdentifier: Int] = [:]
    for (place, parameter) in parameters.enumerated() {
      // It would take two steps at once.
      if let first = places.updateValue(place, forKey: ObjectIdentifier(parameter)) {
        wrongUse(
          "\(Self.self): parameters \(first) and \(place) are one, of shape \(parameter.shape)")
      }
    }
    self.parameters = parameters
    slotNames = slots
    memories = Array(repeating: (0, []), count: parameters.count)
    spares = Array(repeating: nil, count: parameters.count)
    checkNotNegative(("learningRate", learningRate))
    groups = [ParameterGroup(0..<parameters.count, learningRate, weightDecay: nil)]
  }

  /// How far a step goes; schedules change it. Of several groups it is the first one's rate; to set
  /// it keeps the others' proportion to that one. While a parameter takes its step, it is the rate of
  /// its group.
  public final var learningRate: Double {
    get { groups[turn].learningRate }
    set {
      let share = newValue / groups[0].learningRate
      groups[0].learningRate = newValue
      if share.isFinite { for group in groups.dropFirst() { group.learningRate *= share } }
    }
  }

  /// The weight decay of the parameter that is taking its step: its group's, or the optimizer's own.
  public final func weightDecay(or own: Double) -> Double { groups[turn].weightDecay ?? own }

  /// Takes further parameters in, with a learning rate and a weight decay of their own (PyTorch's
  /// `add_param_group`); nil: the optimizer's.
  ///
  ///     let optimizer = Adam(encoder.parameters(), learningRate: 1e-4)
  ///     optimizer.addGroup(head.parameters(), learningRate: 1e-3, weightDecay: 0)
  ///
  /// Add groups before schedules are made: a schedule scales the rate that each group has then.
  public final func addGroup(
    _ added: [Parameter], learningRate rate: Double? = nil, weightDecay: Double? = nil
  ) {
    guard !added.isEmpty else { wrongUse("\(Self.self): a group of no parameters") }
    for (place, parameter) in added.enumerated()
    where (parameters + added[..<place]).contains(where: { $0 === parameter }) {
      wrongUse(
        "\(Self.self): parameter \(place) of the new group, \(parameter.shape), is there already")
    }
    let rate = rate ?? groups[0].learningRate
    checkNotNegative(("learningRate", rate), ("weightDecay", weightDecay ?? 0))
    groups.append(
      ParameterGroup(
        parameters.count..<parameters.count + added.count, rate, weightDecay: weightDecay))
    parameters += added
    memories += added.map { _ in (0, []) }
    spares += added.map { _ in nil }
  }

  /// One step of every parameter that has a gradient.
  ///
  /// Stops the program where `checkedStep` throws.
  public final func step() {
    do { try checkedStep() } catch { wrongUse("\(error)") }
  }

  /// One step of every parameter that has a gradient, or none at all: a step that would write a NaN
  /// or an infinite number over a finite one leaves every parameter as it was.
  ///
  /// - Throws: `NonFiniteStep`. A NaN or infinite gradient leaves what the optimizer remembers as it
  ///   was, too; where finite numbers were too large, it has taken the gradient in.
  public final func checkedStep() throws(NonFiniteStep) {
    guard groups.allSatisfy(\.learningRate.isFinite) else {
      throw refusal(nil, "the learning rate is not finite")
    }
    // Of some only rows (see Rows.swift): then what stands here is those rows'.
    let ofRows = gradientsOfRows()
    let gradients = parameters.enumerated().map { place, parameter in
      (ofRows[place]?.values ?? parameter.grad)?.contiguous
    }
    for (place, gradient) in gradients.enumerated() {
      guard let gradient else { continue }
      let parameter = parameters[place], shape = ofRows[place]?.shape ?? gradient.shape
      guard shape == parameter.shape, gradient.dtype == parameter.dtype else {
        wrongUse(
          "\(Self.self): a gradient \(gradient.dtype) \(shape) for parameter \(place), "
            + "\(parameter.dtype) \(parameter.shape)")
      }
    }
    // What an optimizer remembers must not take such a gradient in; one that remembers nothing can
    // wait for what becomes of the parameter.
    for (place, gradient) in gradients.enumerated() where !slotNames.isEmpty {
      guard let gradient else { continue }
      if !gradient.isFinite {
        let all = ofRows[place]?.dense ?? gradient
        throw refusal(place, "its gradient has \(all.firstNonFinite!)")
      }
    }
    var next: [NDArray?] = [], slotsOfRows: [Int: [NDArray]] = [:]
    next.reserveCapacity(gradients.count)
    defer { turn = 0 }
    for (place, gradient) in gradients.enumerated() {
      if place >= groups[turn].places.upperBound { turn += 1 }
      if let rows = ofRows[place] {
        let (after, slots) = try stepped(place, rows)
        next.append(after)
        slotsOfRows[place] = slots
      } else if let gradient {
        next.append(try stepped(place, gradient))
      } else {
        next.append(nil)
      }
    }
    for (place, value) in next.enumerated() {
      guard let value else { continue }
      memories[place].steps += 1
      if let rows = ofRows[place]?.rows {
        parameters[place].value.put(value, rows: rows)
        for (slot, values) in slotsOfRows[place]!.enumerated() {
          memories[place].slots[slot].put(values, rows: rows)
        }
      } else {
        spares[place] = parameters[place].value
        parameters[place].value = value
      }
    }
  }

  /// What this optimizer does with the gradient of a table's rows: those of one's own take it filled
  /// with zeros.
  var rowsUse: RowsUse { .asDense }
  /// Whether any other gradient is refused.
  var takesRowsAlone: Bool { false }

  /// The gradients that parameters take a step by as rows, by the parameter's place.
  private final func gradientsOfRows() -> [Int: RowGradient] {
    var found: [Int: RowGradient] = [:]
    defer { turn = 0 }
    for (place, parameter) in parameters.enumerated() where parameter.hasRows {
      turn = groups.firstIndex { $0.places.contains(place) }!
      guard let rows = parameter.fewRows else { continue }
      switch rowsUse {
      case .asRows: found[place] = rows
      case .asDense: break
      case .refused(let reason) where rows.isSparse:
        wrongUse(
          "\(Self.self): parameter \(place), \(parameter.shape), has a sparse gradient: \(reason)")
      case .refused: break
      }
    }
    guard takesRowsAlone else { return found }
    for (place, parameter) in parameters.enumerated()
    where found[place] == nil && parameter.grad != nil {
      wrongUse(
        "\(Self.self): the gradient of parameter \(place), \(parameter.shape), is not of rows alone: "
          + "use Adam, or Embedding(…, sparse: true)")
    }
    return found
  }

  /// Memory for what is remembered of a parameter, at its first step.
  private final func makeSlots(_ place: Int) {
    guard memories[place].slots.count < slotNames.count else { return }
    let parameter = parameters[place]
    memories[place].slots = slotNames.map { _ in .zeros(parameter.shape, dtype: parameter.dtype) }
  }

  /// What some rows of a parameter, and of what is remembered of it, hold after the step.
  private final func stepped(
    _ place: Int, _ gradient: RowGradient
  ) throws(NonFiniteStep) -> (after: NDArray, slots: [NDArray]) {
    makeSlots(place)
    let rows = Indices(gradient.rows), g = gradient.values.contiguous
    let before = parameters[place].value.take(rows)
    var slots = memories[place].slots.map { $0.take(rows) }
    let step = memories[place].steps + 1
    var after = NDArray.uninitialized(before.shape, before.dtype)
    let it = Update(
      step: step, dtype: before.dtype.kernel, count: before.count, gradient: g.storage.pointer,
      before: before.storage.pointer, after: after.storage.pointer,
      slots: slots.map(\.storage.pointer))
    let fused = ck_is_plain() ? nil : update(it)
    if fused == nil { after = updated(before, gradient: g, slots: &slots, step: step).contiguous }
    if !(fused ?? after.isFinite), let wrong = after.firstNonFinite(finiteIn: before) {
      let inGradient = gradient.dense.firstNonFinite.map { "its gradient has \($0)" }
      throw refusal(place, inGradient ?? "a row would become \(wrong)")
    }
    return (after, slots)
  }

  /// What a parameter holds after the step.
  private final func stepped(_ place: Int, _ gradient: NDArray) throws(NonFiniteStep) -> NDArray {
    let parameter = parameters[place]
    makeSlots(place)
    let slots = slotNames.indices.map { slot in
      memories[place].slots[slot].makeWritable()
      return memories[place].slots[slot].storage.pointer
    }
    let before = parameter.value.contiguous
    var after = room(place)
    var isFinite = true
    let step = memories[place].steps + 1
    if !ck_is_plain(),
      let fused = update(
        Update(
          step: step, dtype: parameter.dtype.kernel, count: parameter.count,
          gradient: gradient.storage.pointer, before: before.storage.pointer,
          after: after.storage.pointer, slots: slots))
    {
      isFinite = fused
    } else {
      after = plainStep(place, before, gradient, step)
      isFinite = after.isFinite
    }
    // What was not finite before may stay so.
    if !isFinite, let wrong = after.firstNonFinite(finiteIn: before) {
      let inGradient = gradient.firstNonFinite.map { "its gradient has \($0)" }
      throw refusal(place, inGradient ?? "it would become \(wrong)")
    }
    return after
  }

  /// The step as `updated` has it, its results checked.
  private final func plainStep(
    _ place: Int, _ before: NDArray, _ gradient: NDArray, _ step: Int
  ) -> NDArray {
    let after = updated(before, gradient: gradient, slots: &memories[place].slots, step: step)
    let slots = memories[place].slots
    guard slots.count == slotNames.count else {
      wrongUse("\(Self.self): updated leaves \(slots.count) slots of \(slotNames.count)")
    }
    for (name, array) in [("the parameter", after)] + Array(zip(slotNames, slots))
    where array.shape != before.shape || array.dtype != before.dtype {
      wrongUse(
        "\(Self.self): updated makes \(name) \(array.dtype) \(array.shape) of "
          + "\(before.dtype) \(before.shape)")
    }
    return after.contiguous
  }

  /// Memory for a parameter's next numbers: what it held before the last step, if no one else has it.
  private final func room(_ place: Int) -> NDArray {
    let parameter = parameters[place]
    if var spare = spares[place].take(), spare.isOwned, spare.shape == parameter.shape,
      spare.dtype == parameter.dtype
    {
      return spare
    }
    return .uninitialized(parameter.shape, parameter.dtype)
  }

  private final func refusal(_ place: Int?, _ reason: String) -> NonFiniteStep {
    NonFiniteStep(
      optimizer: "\(Self.self)", parameter: place, shape: place.map { parameters[$0].shape } ?? [],
      step: (place.map { memories[$0].steps } ?? memories.map(\.steps).max()!) + 1,
      learningRate: learningRate, reason: reason)
  }

  /// One parameter's turn.
  struct Update {
    /// The number of the step, from 1.
    let step: Int
    let dtype: ck_dtype
    let count: Int
    let gradient, before, after: UnsafeMutableRawPointer
    let slots: [UnsafeMutableRawPointer]
  }

  /// What a parameter holds after a step: the algorithm. It is asked for one parameter after the other.
  ///
  /// It is given the parameter's numbers before the step; their gradient, of the same shape and element
  /// type; in `slots` what is remembered of this parameter, in the order of `slotNames`, to be changed as
  /// the algorithm says, in the parameter's shape and element type; and the number of this parameter's
  /// step, from 1.
  open func updated(
    _ parameter: NDArray, gradient: NDArray, slots: inout [NDArray], step: Int
  ) -> NDArray { wrongUse("\(Self.self): updated is not overridden, so it has no step to take") }

  /// The twin of `updated`, in one pass over the memory, where an optimizer has a kernel for it: whether
  /// all numbers written are finite. Nil where there is none, with nothing done.
  func update(_ it: Update) -> Bool? { nil }

  /// Forgets the gradients.
  public final func zeroGrad() {
    for parameter in parameters { parameter.zeroGrad() }
  }

  final func checkNotNegative(_ options: (name: String, value: Double)...) {
    checkOptions("\(Self.self)", options)
  }
}

/// Parameters of an optimizer that share a learning rate and a weight decay of their own.
public final class ParameterGroup {
  /// Where they stand among the optimizer's `parameters`.
  public let places: Range<Int>
  /// The rate of this group's steps; schedules set it.
  public var learningRate: Double
  /// Nil: the optimizer's.
  public let weightDecay: Double?
  /// The rate before any schedule changed it.
  var unscheduledRate: Double?

  init(_ places: Range<Int>, _ learningRate: Double, weightDecay: Double?) {
    (self.places, self.learningRate, self.weightDecay) = (places, learningRate, weightDecay)
  }
}

/// A step that was refused: it would have written a NaN or an infinite number into a parameter. The
/// learning rate is too high, or the loss has no gradient where the model stands.
public struct NonFiniteStep: Error, CustomStringConvertible {
  /// The optimizer's type.
  public let optimizer: String
  /// The parameter's place among the optimizer's, and its shape; nil where none is to blame.
  public let parameter: Int?
  /// The shape of that parameter; `[]` where none is to blame.
  public let shape: [Int]
  /// The number of the step, from 1.
  public let step: Int
  /// The rate of the step that was refused.
  public let learningRate: Double
  let reason: String

  public var description: String {
    "\(optimizer): step \(step) with learning rate \(learningRate) is refused: "
      + (parameter.map { "parameter \($0) of shape \(shape): " } ?? "") + reason
  }
}

/// Stops the program where one of the options is negative, NaN or infinite.
func checkOptions(_ owner: String, _ options: [(name: String, value: Double)]) {
  for (name, value) in options where !(value >= 0 && value < .infinity) {
    wrongUse(
      "\(owner): \(name) \(value) is \(value < 0 ? "negative" : "not a finite number")")
  }
}

extension NDArray {
  /// Whether no number is NaN or infinite.
  var isFinite: Bool {
    let x = contiguous
    if ck_is_plain() { return doubles.allSatisfy(\.isFinite) }
    return ck_all_finite(x.dtype.kernel, x.count, x.storage.pointer)
  }

  /// Σ x², in Double.
  var sumOfSquares: Double {
    let x = contiguous
    if ck_is_plain() { return doubles.reduce(0) { $0 + $1 * $1 } }
    return ck_sum_squares(x.dtype.kernel, x.count, x.storage.pointer)
  }

  /// Whether the memory is this array's alone, row-major and its own.
  fileprivate var isOwned: Bool {
    mutating get { isContiguous && storage.ownsMemory && isKnownUniquelyReferenced(&storage) }
  }

  /// The first NaN or infinite number, in words, with its place.
  fileprivate var firstNonFinite: String? { firstNonFinite(finiteIn: nil) }

  /// The same, of those places that hold a finite number in the other array.
  fileprivate func firstNonFinite(finiteIn other: NDArray?) -> String? {
    let before = other?.doubles
    let places = doubles.enumerated()
    guard
      let (place, number) = places.first(where: { place, number in
        !number.isFinite && before?[place].isFinite ?? true
      })
    else { return nil }
    var rest = place
    let index = shape.rowMajorStrides.map { step in
      defer { rest %= step }
      return rest / step
    }
    return "\(number) at \(index)"
  }
}
