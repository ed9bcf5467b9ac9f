/// A drawing of boxes, circles and arrows: an unrolled network, a stack of layers, a packed batch.
///
///     var diagram = Diagram("A recurrent unit, unrolled")
///     let input = diagram.circle("x₁", x: 0, y: 0)
///     let unit = diagram.box("tanh", x: 0, y: 1.5)
///     diagram.arrow(from: input, to: unit, label: "W")
///     try Figure(diagram).write(to: folder, name: "unrolled")
///
/// Coordinates are in a unit of one's own, x to the right and y up; the drawing is scaled to the
/// picture, and text to its boxes. What is drawn later lies above.
public struct Diagram: Sendable {
  /// Something that arrows can start and end at.
  public struct Node: Sendable {
    /// What stands in it.
    public var text: String
    /// Its center, in the drawing's unit, to the right.
    public var x: Double
    /// Its center, in the drawing's unit, upwards.
    public var y: Double
    /// From left to right, in the drawing's unit.
    public var width: Double
    /// From bottom to top, in the drawing's unit.
    public var height: Double
    var isRound: Bool
  }

  struct Shape: Sendable {
    var node: Node
    var color: Color
    var opacity: Double
  }

  struct Arrow: Sendable {
    /// From point to point; two for a straight arrow.
    var points: [(x: Double, y: Double)]
    var label: String?
    var color: Color
    var style: LineStyle
    var hasHead: Bool
    /// Names of what it joins, for the description.
    var ends: (String, String)?
  }

  struct Text: Sendable {
    var text: String
    var x: Double
    var y: Double
    var color: Color
    var scale: Double
  }

  /// What stands above the drawing.
  public var title: String
  var shapes: [Shape] = []
  var arrows: [Arrow] = []
  var texts: [Text] = []

  /// An empty drawing.
  public init(_ title: String) { self.title = title }

  /// A box with its text, around (x, y).
  @discardableResult
  public mutating func box(
    _ text: String, x: Double, y: Double, width: Double = 1.4, height: Double = 0.8,
    color: Color = .blue, opacity: Double = 0.16
  ) -> Node {
    let node = Node(text: text, x: x, y: y, width: width, height: height, isRound: false)
    shapes.append(Shape(node: node, color: color, opacity: opacity))
    return node
  }

  /// A circle with its text, around (x, y).
  @discardableResult
  public mutating func circle(
    _ text: String, x: Double, y: Double, radius: Double = 0.4, color: Color = .gray,
    opacity: Double = 0.16
  ) -> Node {
    let node = Node(
      text: text, x: x, y: y, width: 2 * radius, height: 2 * radius, isRound: true)
    shapes.append(Shape(node: node, color: color, opacity: opacity))
    return node
  }

  /// A row of square cells with a text each, the first around (x, y); nil is left empty.
  @discardableResult
  public mutating func cells(
    _ texts: [String?], x: Double, y: Double, size: Double = 1, color: Color = .blue,
    opacity: Double = 0.3
  ) -> [Node] {
    texts.enumerated().compactMap { index, text in
      guard let text else { return nil }
      return box(
        text, x: x + Double(index) * size, y: y, width: size * 0.94, height: size * 0.94,
        color: color, opacity: opacity)
    }
  }

  /// Free text around (x, y), `scale` times as large as usual.
  public mutating func text(
    _ text: String, x: Double, y: Double, color: Color = .black, scale: Double = 1
  ) {
    texts.append(Text(text: text, x: x, y: y, color: color, scale: scale))
  }

  /// An arrow from edge to edge of two nodes. `bend` pushes its middle that far to the left of its
  /// way.
  public mutating func arrow(
    from start: Node, to end: Node, label: String? = nil, bend: Double = 0, color: Color = .black,
    style: LineStyle = .solid
  ) {
    let points = Self.curve(from: (start.x, start.y), to: (end.x, end.y), bend: bend)
    let first = start.edge(toward: points[1])
    let last = end.edge(toward: points[points.count - 2])
    arrows.append(
      Arrow(
        points: Self.curve(from: first, to: last, bend: bend), label: label, color: color,
        style: style, hasHead: true, ends: (start.text, end.text)))
  }

  /// An arrow between two points, or a plain line.
  public mutating func arrow(
    from start: (x: Double, y: Double), to end: (x: Double, y: Double), label: String? = nil,
    bend: Double = 0, color: Color = .black, style: LineStyle = .solid, head: Bool = true
  ) {
    arrows.append(
      Arrow(
        points: Self.curve(from: start, to: end, bend: bend), label: label, color: color,
        style: style, hasHead: head, ends: nil))
  }

  /// Where a loop leaves its node.
  public enum Side: Sendable {
    /// Above the node, or to its right.
    case top, right
  }

  /// An arrow that leaves a node and comes back to it on the same side: a recurrent connection.
  public mutating func loop(
    on node: Node, label: String? = nil, side: Side = .right, reach: Double = 0.8,
    color: Color = .black
  ) {
    let (along, across) =
      side == .top ? (node.width / 4, node.height / 2) : (node.height / 4, node.width / 2)
    // A circle has turned away from its bounding box where the arrow leaves.
    let start = node.isRound ? across * 0.9 : across + 0.03
    let points = (0...20).map { step -> (x: Double, y: Double) in
      let turn = Double(step) / 20
      let rise = 4 * turn * (1 - turn)
      let (a, b) = (along * (1 - 2 * turn) * (1 + 1.6 * rise), start + rise * reach)
      return side == .top ? (node.x + a, node.y + b) : (node.x + b, node.y + a)
    }
    arrows.append(
      Arrow(
        points: points, label: label, color: color, style: .solid, hasHead: true,
        ends: (node.text, node.text)))
  }

  /// Points of a parabola through the pushed-out middle.
  private static func curve(
    from start: (x: Double, y: Double), to end: (x: Double, y: Double), bend: Double
  ) -> [(x: Double, y: Double)] {
    if bend == 0 { return [start, end] }
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    let length = Swift.max((dx * dx + dy * dy).squareRoot(), 1e-9)
    return (0...16).map { step in
      let way = Double(step) / 16
      let push = 4 * way * (1 - way) * bend
      return (start.x + dx * way - dy / length * push, start.y + dy * way + dx / length * push)
    }
  }
}

extension Diagram.Node {
  /// Where a line from the middle toward a point leaves the node, and a little further.
  func edge(toward point: (x: Double, y: Double)) -> (x: Double, y: Double) {
    let (dx, dy) = (point.x - x, point.y - y)
    let length = (dx * dx + dy * dy).squareRoot()
    if length == 0 { return (x, y) }
    let reach =
      isRound
      ? width / 2 / length
      : Swift.min(
        dx == 0 ? .infinity : width / 2 / abs(dx), dy == 0 ? .infinity : height / 2 / abs(dy))
    let part = reach + 0.04 / length
    return (x + dx * part, y + dy * part)
  }
}
