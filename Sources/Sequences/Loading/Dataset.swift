import Arrays

/// A numbered set of examples, and how several of them become one batch.
///
/// A set of one's own gives `count`, a subscript and `batch`, most often by one of the ready
/// functions: `stackPairs`, `padPairs`.
public protocol Dataset<Element> {
  /// One example.
  associatedtype Element
  /// What a network is given at once.
  associatedtype Batch
  /// How many examples there are.
  var count: Int { get }
  /// The example at a place, 0 ..< `count`.
  subscript(place: Int) -> Element { get }
  /// The examples at some places, as one batch.
  func batch(_ places: [Int]) -> Batch
}

/// Inputs and what is to be predicted from each, kept as two arrays with the examples along axis 0.
/// The targets are numbers (`NDArray`) or classes (`Indices`).
public struct ArrayDataset<Targets: BatchArray>: Dataset {
  /// `[examples, …]`.
  public let inputs: NDArray
  /// `[examples, …]`.
  public let targets: Targets

  /// Inputs `[examples, …]` with as many targets; another number stops the program.
  public init(_ inputs: NDArray, _ targets: Targets) {
    guard inputs.rank > 0, inputs.shape[0] == targets.exampleCount else {
      wrongUse(
        "ArrayDataset: inputs \(inputs.shape) for \(targets.exampleCount) targets")
    }
    (self.inputs, self.targets) = (inputs, targets)
  }

  public var count: Int { inputs.shape[0] }

  /// The example's input and target, without the examples' axis.
  public subscript(place: Int) -> (input: NDArray, target: Targets) {
    (inputs[place], targets.example(place))
  }

  public func batch(_ places: [Int]) -> (inputs: NDArray, targets: Targets) {
    (inputs.examples(places), targets.examples(places))
  }
}

extension ArrayDataset: Sendable where Targets: Sendable {}

/// Arrays with one example after the other along axis 0.
public protocol BatchArray {
  /// How many examples there are.
  var exampleCount: Int { get }
  /// One example, without the examples' axis.
  func example(_ place: Int) -> Self
  /// Some examples, in the order given.
  func examples(_ places: [Int]) -> Self
}

extension NDArray: BatchArray {
  public var exampleCount: Int { rank > 0 ? shape[0] : 0 }
  public func example(_ place: Int) -> NDArray { self[place] }
  public func examples(_ places: [Int]) -> NDArray {
    // Of a view over a long series only the rows asked for are copied.
    isContiguous ? take(Indices(places)) : NDArray.stack(places.map { self[$0] })
  }
}

extension Indices: BatchArray {
  public var exampleCount: Int { shape.first ?? 0 }
  public func example(_ place: Int) -> Indices {
    Indices(examples([place]).values, shape: Array(shape.dropFirst()))
  }
  public func examples(_ places: [Int]) -> Indices {
    let size = shape.dropFirst().reduce(1, *)
    return Indices(
      places.flatMap { values[$0 * size..<($0 + 1) * size] }, shape: [places.count] + shape[1...])
  }
}

/// Part of a data set: the examples at some places of it, in that order.
public struct Subset<Base: Dataset>: Dataset {
  /// The set that these are a part of.
  public let base: Base
  /// Places of it, in the order in which the part has them.
  public let places: [Int]

  /// The part of a set at these places, which may repeat; one that it does not have stops the
  /// program.
  public init(_ base: Base, _ places: some Sequence<Int>) {
    self.base = base
    self.places = Array(places)
    if let wrong = self.places.first(where: { !(0..<base.count).contains($0) }) {
      wrongUse("Subset: place \(wrong) of a data set of \(base.count)")
    }
  }

  public var count: Int { places.count }
  public subscript(place: Int) -> Base.Element { base[places[place]] }
  public func batch(_ places: [Int]) -> Base.Batch {
    base.batch(places.map { self.places[$0] })
  }
}

extension Dataset {
  /// Two parts drawn at random: for examples that do not depend on one another. What comes in time
  /// order is split by `split(fraction:)` instead, before it is cut into windows.
  public func randomSplit(
    fraction: Double, generator: Generator = .default
  ) -> (first: Subset<Self>, rest: Subset<Self>) {
    let order = generator.permutation(count)
    let parts = splitRanges(count: count, fractions: [fraction])
    return (Subset(self, order[parts[0]]), Subset(self, order[parts[1]]))
  }
}
