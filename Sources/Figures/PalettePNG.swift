import CZlib
import Foundation

/// A PNG with a palette of at most 256 colors instead of three bytes a pixel: a drawing has few, and a
/// page that holds its pictures is a third as large.
package enum PalettePNG {
  /// The picture with a palette; as it was if that is no smaller, or if so few colors would be seen.
  package static func smaller(_ png: Data) -> Data {
    guard let picture = Pixels(png) else { return png }
    var counts = ColorCounts()
    counts.add(picture.colors)
    guard let palette = counts.palette(most: 256),
      let packed = deflated(palette.places(of: picture.colors), width: picture.width)
    else { return png }
    var small = Data(signature)
    small.append(
      chunk: "IHDR", bigEndian(picture.width) + bigEndian(picture.height) + [8, 3, 0, 0, 0])
    small.append(chunk: "PLTE", palette.bytes)
    small.append(chunk: "IDAT", packed)
    small.append(chunk: "IEND", [])
    return small.count < png.count ? small : png
  }

  package static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Rows of `width` bytes, unfiltered, as the body of a chunk of pixels.
  static func deflated(_ bytes: [UInt8], width: Int) -> [UInt8]? {
    var rows = [UInt8]()
    rows.reserveCapacity(bytes.count + bytes.count / max(width, 1))
    for start in stride(from: 0, to: bytes.count, by: max(width, 1)) {
      rows.append(0)
      rows += bytes[start..<start + width]
    }
    var length = compressBound(uLong(rows.count))
    var packed = [UInt8](repeating: 0, count: Int(length))
    guard compress2(&packed, &length, rows, uLong(rows.count), 9) == Z_OK else { return nil }
    return Array(packed[..<Int(length)])
  }
}

/// How often each color comes, in one picture or in several.
struct ColorCounts {
  private var counts: [UInt32: Int] = [:]

  mutating func add(_ pixels: [UInt32]) {
    var last = pixels.first ?? 0, run = 0
    for pixel in pixels {
      if pixel != last {
        counts[last, default: 0] += run
        (last, run) = (pixel, 0)
      }
      run += 1
    }
    counts[last, default: 0] += run
  }

  /// At most so many colors: those that come most often stay as they are, and of the others each is drawn
  /// as the nearest of these. 64 where the eye passes over it, as it does over shades at the edge of a
  /// line; nil where even `most` would be seen.
  func palette(most: Int) -> ColorPalette? {
    let known = counts.sorted { ($0.value, $0.key) > ($1.value, $1.key) }.map(\.key)
    guard
      let chosen = Self.few(of: known, atMost: min(64, most), within: [0, 4, 8, 12, 16])
        ?? Self.few(of: known, atMost: most, within: [4, 8, 12, 16, 24, 32])
    else { return nil }
    let colors = chosen.sorted()
    let places = known.reduce(into: [UInt32: UInt8]()) { places, color in
      let nearest = colors.indices.min {
        Self.distance(colors[$0], color) < Self.distance(colors[$1], color)
      }
      places[color] = UInt8(nearest!)
    }
    return ColorPalette(colors: colors, places: places)
  }

  /// The first of `known`, from often to seldom, of which no two are as near as the smallest of `steps`
  /// that leaves so few.
  private static func few(of known: [UInt32], atMost limit: Int, within steps: [Int]) -> [UInt32]? {
    for step in steps {
      var chosen: [UInt32] = []
      for color in known where !chosen.contains(where: { distance($0, color) <= step }) {
        chosen.append(color)
        if chosen.count > limit { break }
      }
      if chosen.count <= limit { return chosen }
    }
    return nil
  }

  /// By how much two colors differ where they differ most, of 255.
  private static func distance(_ one: UInt32, _ other: UInt32) -> Int {
    func part(_ shift: UInt32) -> Int { abs(Int(one >> shift & 255) - Int(other >> shift & 255)) }
    return max(part(16), part(8), part(0))
  }
}

/// A few colors, and which of them stands for each color of a picture.
struct ColorPalette {
  let colors: [UInt32]
  fileprivate let places: [UInt32: UInt8]

  /// As a PNG keeps them.
  var bytes: [UInt8] { colors.flatMap(\.rgb) }

  /// The place of each pixel's color.
  func places(of pixels: [UInt32]) -> [UInt8] {
    var (seen, number) = (pixels.first ?? 0, places[pixels.first ?? 0] ?? 0)
    return pixels.map { pixel in
      if pixel != seen { (seen, number) = (pixel, places[pixel]!) }
      return number
    }
  }
}

extension UInt32 {
  /// Red, green and blue of 0xRRGGBB.
  var rgb: [UInt8] { [16, 8, 0].map { UInt8(truncatingIfNeeded: self >> $0) } }
}

/// The pixels of a PNG of three bytes each (RFC 2083, without interlacing), which is what cairo writes.
struct Pixels {
  let width, height: Int
  /// Row by row, as 0xRRGGBB.
  let colors: [UInt32]

  init?(_ png: Data) {
    let bytes = [UInt8](png)
    guard bytes.count > 33, bytes.starts(with: PalettePNG.signature) else { return nil }
    func number(_ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
    let header = bytes[24..<29]
    (width, height) = (number(16), number(20))
    guard header.elementsEqual([8, 2, 0, 0, 0]), width > 0, height > 0, width * height < 1 << 26
    else { return nil }
    var packed: [UInt8] = [], at = 8
    while at + 12 <= bytes.count {
      let length = number(at)
      guard at + 12 + length <= bytes.count else { return nil }
      if bytes[at + 4..<at + 8].elementsEqual("IDAT".utf8) {
        packed += bytes[at + 8..<at + 8 + length]
      }
      at += 12 + length
    }
    let stride = 3 * width
    var rows = [UInt8](repeating: 0, count: (stride + 1) * height)
    var count = uLong(rows.count)
    guard uncompress(&rows, &count, packed, uLong(packed.count)) == Z_OK, Int(count) == rows.count
    else { return nil }
    let (width, height) = (width, height)
    var colors = [UInt32](repeating: 0, count: width * height)
    let isKnown = rows.withUnsafeMutableBufferPointer { rows in
      colors.withUnsafeMutableBufferPointer { colors in
        for row in 0..<height {
          let start = row * (stride + 1) + 1, above = start - stride - 1
          let filter = rows[start - 1]
          guard filter <= 4 else { return false }
          for k in 0..<stride where filter > 0 {
            let left = k < 3 ? 0 : Int(rows[start + k - 3])
            let up = row == 0 ? 0 : Int(rows[above + k])
            let corner = row == 0 || k < 3 ? 0 : Int(rows[above + k - 3])
            let guess =
              switch filter {
              case 1: left
              case 2: up
              case 3: (left + up) / 2
              default: Self.nearest(left, up, corner)
              }
            rows[start + k] = UInt8(truncatingIfNeeded: Int(rows[start + k]) + guess)
          }
          for column in 0..<width {
            let place = start + 3 * column
            colors[row * width + column] =
              UInt32(rows[place]) << 16 | UInt32(rows[place + 1]) << 8 | UInt32(rows[place + 2])
          }
        }
        return true
      }
    }
    guard isKnown else { return nil }
    self.colors = colors
  }

  /// Paeth's guess.
  private static func nearest(_ left: Int, _ up: Int, _ corner: Int) -> Int {
    let guess = left + up - corner
    let (toLeft, toUp, toCorner) = (abs(guess - left), abs(guess - up), abs(guess - corner))
    if toLeft <= toUp && toLeft <= toCorner { return left }
    return toUp <= toCorner ? up : corner
  }
}

func bigEndian(_ number: Int) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
}

extension Data {
  mutating func append(chunk name: String, _ body: [UInt8]) {
    let content = Array(name.utf8) + body
    append(contentsOf: bigEndian(body.count))
    append(contentsOf: content)
    append(contentsOf: bigEndian(Int(crc32(0, content, uInt(content.count)))))
  }
}
