import Arrays

/// A numbered set of examples, and how several of them become one batch.
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
