import CZlib
import Foundation
import Testing

/// A PNG, moving or not, as a viewer shows it: after the specification, by its own way.
struct MovingPicture {
  var width = 0, height = 0, plays = -1
  var delays: [Int] = []
  /// Red, green and blue of each pixel, row by row.
  var still: [UInt8] = []
  var frames: [[UInt8]] = []

  init(_ png: Data) throws {
    let bytes = [UInt8](png)
    func number(_ at: Int, _ count: Int = 4) -> Int {
      bytes[at..<at + count].reduce(0) { $0 << 8 | Int($1) }
    }
    var (at, type, palette, packed) = (8, 0, [UInt8](), [UInt8]())
    var (sequence, count, area) = (0, 0, [Int]())
    var (overlay, canvas) = (false, [UInt8]())
    func pixels(_ packed: [UInt8], _ width: Int, _ height: Int) throws -> [[UInt8]] {
      let size = type == 3 ? 1 : 3
      var rows = [UInt8](repeating: 0, count: (width * size + 1) * height)
      var length = uLong(rows.count)
      try #require(uncompress(&rows, &length, packed, uLong(packed.count)) == Z_OK)
      try #require(Int(length) == rows.count)
      for row in 0..<height {
        let start = row * (width * size + 1)
        for k in 1...width * size where rows[start] > 0 {
          let left = k <= size ? 0 : Int(rows[start + k - size])
          let up = row == 0 ? 0 : Int(rows[start + k - width * size - 1])
          let corner = row == 0 || k <= size ? 0 : Int(rows[start + k - width * size - 1 - size])
          let paeth = [left, up, corner].min {
            abs($0 - (left + up - corner)) < abs($1 - (left + up - corner))
          }!
          let guess = [0, left, up, (left + up) / 2, paeth][Int(rows[start])]
          rows[start + k] = UInt8((Int(rows[start + k]) + guess) & 255)
        }
      }
      return (0..<height).flatMap { row in
        (0..<width).map { column in
          let place = row * (width * size + 1) + 1 + column * size
          if type == 2 { return Array(rows[place..<place + 3]) }
          let color = 3 * Int(rows[place])
          // The last place of the palette lets through what was there.
          let isClear = overlay && color + 3 == palette.count
          return isClear ? [] : Array(palette[color..<color + 3])
        }
      }
    }
    func showFrame() throws {
      guard !area.isEmpty else { return }
      for (place, color) in try pixels(packed, area[0], area[1]).enumerated() where !color.isEmpty {
        let row = area[3] + place / area[0], column = area[2] + place % area[0]
        canvas.replaceSubrange(
          3 * (row * width + column)..<3 * (row * width + column) + 3, with: color)
      }
      frames.append(canvas)
      packed = []
    }
    while at < bytes.count {
      let length = number(at), body = at + 8
      let content = Array(bytes[at + 4..<body + length])
      #expect(crc32(0, content, uInt(content.count)) == uLong(number(body + length)))
      switch String(decoding: content[..<4], as: UTF8.self) {
      case "IHDR":
        (width, height, type) = (number(body), number(body + 4), Int(bytes[body + 9]))
        canvas = [UInt8](repeating: 0, count: width * height * 3)
      case "acTL": (count, plays) = (number(body), number(body + 4))
      case "PLTE": palette = Array(content[4...])
      case "IDAT": packed += content[4...]
      case "fcTL":
        if still.isEmpty {
          still = try pixels(packed, width, height).flatMap { $0 }
          packed = []
        }
        try showFrame()
        #expect(number(body) == sequence)
        sequence += 1
        area = [4, 8, 12, 16].map { number(body + $0) }
        try #require(area[0] + area[2] <= width && area[1] + area[3] <= height)
        #expect(number(body + 22, 2) == 1000)
        delays.append(number(body + 20, 2))
        overlay = bytes[body + 25] == 1
      case "fdAT":
        #expect(number(body) == sequence)
        sequence += 1
        packed += content[8...]
      case "IEND":
        if still.isEmpty { still = try pixels(packed, width, height).flatMap { $0 } }
        try showFrame()
      default: break
      }
      at = body + length + 4
    }
    #expect(frames.count == count)
  }
}
