import Foundation
import Unroll

/// A shape as a caption names it.
package struct DrawnShape: Hashable, Sendable {
  package let size: Int, shade: Int, form: Int

  package static let sizes = ["small", "large"]
  package static let shades = ["white", "gray", "black"]
  package static let forms = ["circle", "square", "triangle"]
  package static let all = sizes.indices.flatMap { size in
    shades.indices.flatMap { shade in
      forms.indices.map { DrawnShape(size: size, shade: shade, form: $0) }
    }
  }

  package init(size: Int, shade: Int, form: Int) {
    (self.size, self.shade, self.form) = (size, shade, form)
  }

  package var words: [String] {
    ["a", Self.sizes[size], Self.shades[shade], Self.forms[form]]
  }

  /// Half its width, in pixels.
  var radius: Double { size == 0 ? 3.6 : 5.6 }

  /// How far a point is outside its outline, or (negative) inside, from its middle.
  private func distance(_ x: Double, _ y: Double, _ radius: Double) -> Double {
    switch Self.forms[form] {
    case "circle": (x * x + y * y).squareRoot() - radius
    case "square": max(abs(x), abs(y)) - radius
    default: max(y - 0.8 * radius, 0.88 * abs(x) - 0.47 * y - 0.5 * radius)
    }
  }

  /// Draws it into a picture, its middle at (x, y): a white one is its outline.
  func draw(into picture: inout [Double], x: Double, y: Double, radius: Double) {
    let side = Scene.side
    for row in max(0, Int(y - radius - 2))..<min(side, Int(y + radius + 3)) {
      for column in max(0, Int(x - radius - 2))..<min(side, Int(x + radius + 3)) {
        var outside = distance(Double(column) - x, Double(row) - y, radius)
        if shade == 0 { outside = abs(outside + 0.6) - 0.6 }
        let covered = min(1, max(0, 0.5 - outside))
        let pixel = row * side + column
        picture[pixel] = max(picture[pixel], covered * (shade == 1 ? 0.45 : 1))
      }
    }
  }
}

/// Two shapes and how the first lies to the second. A caption names the larger one first, and of two
/// of one size the upper or the left one, so that each picture has one caption.
package struct Scene: Hashable, Sendable {
  package let first, second: DrawnShape
  package let relation: Int

  package static let relations = ["above", "left of", "below", "right of"]
  /// Pixels in a row, and rows.
  package static let side = 28

  /// All that can be said: 648 captions.
  package static let all = DrawnShape.all.flatMap { first in
    DrawnShape.all.flatMap { second -> [Scene] in
      // Of one size: the upper or left one first, which leaves the first two relations.
      if first.size < second.size { return [] }
      return (0..<(first.size == second.size ? 2 : 4)).map {
        Scene(first: first, second: second, relation: $0)
      }
    }
  }

  package init(first: DrawnShape, second: DrawnShape, relation: Int) {
    (self.first, self.second, self.relation) = (first, second, relation)
  }

  package var words: [String] { first.words + Self.relations[relation].listed + second.words }
  package var caption: String { words.joined(separator: " ") }

  /// A picture of it, row by row, 0 paper and 1 ink: places and sizes a little different every time,
  /// and noise over all.
  package func picture(generator: Generator = .default) -> [Double] {
    func evenly(_ low: Double, _ high: Double) -> Double {
      low + (high - low) * generator.uniform()
    }
    // The one above or to the left, then the other.
    let shapes = relation < 2 ? [first, second] : [second, first]
    let radii = shapes.map { $0.radius + evenly(-0.3, 0.3) }
    let apart = radii[0] + radii[1] + evenly(1.5, 2.5)
    let reach = radii[0] + apart + radii[1]
    let start = evenly(0, max(0.1, Double(Self.side) - 1 - reach)) + radii[0]
    var picture = [Double](repeating: 0, count: Self.side * Self.side)
    let middle = evenly(13, 14)
    for (place, shape) in shapes.enumerated() {
      let along = start + (place == 0 ? 0 : apart)
      let across = middle + evenly(-1, 1)
      let (x, y) = relation % 2 == 0 ? (across, along) : (along, across)
      shape.draw(into: &picture, x: x, y: y, radius: radii[place])
    }
    return Self.noisy(picture, generator)
  }

  static func noisy(_ picture: [Double], _ generator: Generator) -> [Double] {
    picture.map { min(1, max(0, $0 + 0.08 * (generator.uniform() - 0.5))) }
  }
}

/// Which captions are learned and which only asked for: one in five, drawn at random.
package struct SceneSplit: Sendable {
  package let learned, unseen: [Scene]

  package init(seed: UInt64) {
    let order = Generator(seed: seed).permutation(Scene.all.count).map { Scene.all[$0] }
    unseen = Array(order.prefix(order.count / 5))
    learned = Array(order.dropFirst(order.count / 5))
  }
}

/// Scenes and a picture of each.
package struct DrawnScenes: Sendable {
  package let scenes: [Scene]
  package let pictures: [[Double]]

  package init(_ count: Int, of choice: [Scene], generator: Generator = .default) {
    scenes = (0..<count).map { _ in choice[Int(generator.uniform() * Double(choice.count))] }
    pictures = scenes.map { $0.picture(generator: generator) }
  }
}
