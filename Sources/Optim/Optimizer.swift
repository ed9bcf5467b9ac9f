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
/// A parameter without a gradient (frozen, or not used) is passed by.
public class Optimizer {
  public let parameters: [Parameter]
  /// How far a step goes; schedules change it.
  public final var learningRate: Double
  /// The rate before any schedule changed it.
  final var unscheduledRate: Double?
  /// What is remembered of each parameter, by PyTorch's names.
  let slotNames: [String]
  /// How many steps each parameter has taken, and its slots, which are made at the first.
  final var memories: [(steps: Int, slots: [NDArray])]

  init(_ parameters: [Parameter], learningRate: Double, slots: [String]) {
    guard !parameters.isEmpty else { wrongUse("\(Self.self): no parameters") }
    self.parameters = parameters
    self.learningRate = learningRate
    slotNames = slots
    memories = Array(repeating: (0, []), count: parameters.count)
    checkNotNegative(("learningRate", learningRate))
  }

  /// One step of every parameter that has a gradient.
  public final func step() {
    for (place, parameter) in parameters.enumerated() {
      guard let gradient = parameter.grad?.contiguous else { continue }
      if memories[place].slots.count < slotNames.count {
        memories[place].slots = slotNames.map { _ in
          .zeros(parameter.shape, dtype: parameter.dtype)
        }
      }
      memories[place].steps += 1
      parameter.value.makeWritable()
      let slots = slotNames.indices.map { slot in
        memories[place].slots[slot].makeWritable()
        return memories[place].slots[slot].storage.pointer
      }
      update(
        Update(
          step: memories[place].steps, dtype: parameter.dtype.kernel, count: parameter.count,
          gradient: gradient.storage.pointer, parameter: parameter.value.storage.pointer,
          slots: slots))
    }
  }

  /// One parameter's turn.
  struct Update {
    /// The number of the step, from 1.
    let step: Int
    let dtype: ck_dtype
    let count: Int
    let gradient, parameter: UnsafeMutableRawPointer
    let slots: [UnsafeMutableRawPointer]
  }

  /// Every optimiser has its own.
  func update(_ it: Update) { wrongUse("\(Self.self) has no update") }

  /// Forgets the gradients.
  public final func zeroGrad() {
    for parameter in parameters { parameter.zeroGrad() }
  }

  final func checkNotNegative(_ options: (name: String, value: Double)...) {
    for (name, value) in options where !(value >= 0) {
      wrongUse("\(Self.self): \(name) \(value) is negative")
    }
  }
}
