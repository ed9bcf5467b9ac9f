import Foundation
import Unroll

/// A network that reads what is drawn in the page: the data of `Interactive.Component.digit`.
package struct DrawnDigit: Encodable {
  let model: PageModel
  /// Images in base64, a byte a pixel.
  let examples: [String]

  /// - Parameter examples: images `[count, 28, 28]` from 0 to 1.
  package init(_ reader: RowReader, examples: NDArray) throws {
    model = try PageModel { graph in
      let image = graph.input("image", ["batch", 28, 28])
      let states = graph.lstm(reader.lstm, image).output
      graph.output("shares", graph.softmax(graph.apply(reader.output, states), axis: 2))
    }
    self.examples = (0..<examples.shape[0]).map { place in
      let bytes = examples[place].doubles.map { UInt8((255 * min(max($0, 0), 1)).rounded()) }
      return Data(bytes).base64EncodedString()
    }
  }
}
