import CZlib
import Figures
import Foundation
import Notebook
import TestSupport
import Testing

@Suite struct PalettePNGTests {
  /// The chunks of a PNG whose checksums are right.
  private func chunks(_ png: Data) throws -> [String: [UInt8]] {
    let bytes = [UInt8](png)
    func number(_ at: Int) -> UInt32 { bytes[at..<at + 4].reduce(0) { $0 << 8 | UInt32($1) } }
    var chunks: [String: [UInt8]] = [:], at = 8
    while at < bytes.count {
      let length = Int(number(at))
      let content = Array(bytes[at + 4..<at + 8 + length])
      #expect(crc32(0, content, uInt(content.count)) == uLong(number(at + 8 + length)))
      chunks[String(decoding: content[..<4], as: UTF8.self), default: []] += content[4...]
      at += 12 + length
    }
    return chunks
  }

  /// The colors of a picture, row by row, of either kind.
  private func colors(_ png: Data, width: Int, height: Int) throws -> [[UInt8]] {
    let chunks = try chunks(png)
    let size = chunks["PLTE"] == nil ? 3 : 1
    var rows = [UInt8](repeating: 0, count: (width * size + 1) * height)
    var count = uLong(rows.count)
    let packed = try #require(chunks["IDAT"])
    #expect(uncompress(&rows, &count, packed, uLong(packed.count)) == Z_OK)
    try #require(size == 1, "only pictures with a palette are read here")
    let palette = try #require(chunks["PLTE"])
    return (0..<height).flatMap { row in
      (0..<width).map { column in
        let place = 3 * Int(rows[row * (width + 1) + 1 + column])
        return Array(palette[place..<place + 3])
      }
    }
  }

  @Test func aDrawingIsSmallerAndLooksTheSame() throws {
    var figure = Figure("A drawing", x: "x", y: "y")
    figure.line(y: (0..<200).map { sin(Double($0) / 9) }, label: "sine")
    figure.line(y: (0..<200).map { cos(Double($0) / 9) }, label: "cosine")
    let scratch = Scratch()
    let png = try Data(contentsOf: try figure.write(to: scratch.url, name: "a").png)
    let small = PalettePNG.smaller(png)
    #expect(small.count * 2 < png.count, "\(png.count) → \(small.count)")
    let (width, height) = (figure.size.width, figure.size.height)
    let colors = try colors(small, width: width, height: height)
    #expect(colors[0] == [255, 255, 255], "the ground is white")
    // The palette's own blue is there as it was drawn.
    #expect(colors.contains([0x16, 0x68, 0xA8]))
    #expect(Set(colors).count <= 256)
  }

  @Test func otherFilesStayAsTheyAre() {
    for bytes in [[], [1, 2, 3], PalettePNG.signature + [UInt8](repeating: 0, count: 40)] {
      #expect(PalettePNG.smaller(Data(bytes)) == Data(bytes))
    }
  }
}
