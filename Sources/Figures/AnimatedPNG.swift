import Foundation

/// Pictures of one size as one that moves (PNG, third edition, 2025, chapter 11.3.5): each frame is the
/// part of the picture that has changed. What knows no animation shows the last.
enum AnimatedPNG {
  /// - Parameters:
  ///   - pictures: as cairo writes them.
  ///   - delays: how long each is shown, in milliseconds.
  ///   - plays: how often all are shown; 0 for ever again.
  /// - Returns: nil if a picture cannot be read, or is of another size.
  static func data(_ pictures: [Data], delays: [Int], plays: Int) -> Data? {
    guard let last = pictures.last.flatMap(Pixels.init) else { return nil }
    // Read twice: all of them at once would be hundreds of megabytes.
    var counts = ColorCounts()
    for picture in pictures {
      guard let frame = Pixels(picture), (frame.width, frame.height) == (last.width, last.height)
      else { return nil }
      counts.add(frame.colors)
    }
    // One place is left for what has not changed.
    let palette = counts.palette(most: 255)
    var file = Data(PalettePNG.signature)
    file.append(
      chunk: "IHDR",
      bigEndian(last.width) + bigEndian(last.height) + [8, palette == nil ? 2 : 3, 0, 0, 0])
    file.append(chunk: "acTL", bigEndian(pictures.count) + bigEndian(plays))
    if let palette {
      file.append(chunk: "PLTE", palette.bytes + [0, 0, 0])
      file.append(chunk: "tRNS", palette.colors.map { _ in 255 } + [0])
    }
    let whole = Area(left: 0, top: 0, width: last.width, height: last.height)
    guard let still = packed(last, whole, since: nil, palette) else { return nil }
    file.append(chunk: "IDAT", still)
    var number = 0
    var before: Pixels?
    for (picture, delay) in zip(pictures, delays) {
      guard let frame = Pixels(picture) else { return nil }
      let area = before.map { Area(changedFrom: $0, to: frame) } ?? whole
      guard let pixels = packed(frame, area, since: before, palette) else { return nil }
      let sides = [area.width, area.height, area.left, area.top].flatMap(bigEndian)
      // In thousandths of a second; the picture stays, and the next frame goes over it.
      let times = bigEndian(delay)[2...] + bigEndian(1000)[2...] + [0, palette == nil ? 0 : 1]
      file.append(chunk: "fcTL", bigEndian(number) + sides + times)
      file.append(chunk: "fdAT", bigEndian(number + 1) + pixels)
      number += 2
      before = frame
    }
    file.append(chunk: "IEND", [])
    return file
  }

  /// A part of a picture.
  private struct Area {
    var left, top, width, height: Int

    init(left: Int, top: Int, width: Int, height: Int) {
      (self.left, self.top, self.width, self.height) = (left, top, width, height)
    }

    /// The least that holds all pixels that differ; one pixel where none does.
    init(changedFrom before: Pixels, to after: Pixels) {
      var (left, right, top, bottom) = (after.width, -1, after.height, -1)
      for row in 0..<after.height {
        let line = row * after.width..<(row + 1) * after.width
        guard let first = line.first(where: { before.colors[$0] != after.colors[$0] }),
          let last = line.last(where: { before.colors[$0] != after.colors[$0] })
        else { continue }
        (top, bottom) = (Swift.min(top, row), row)
        left = Swift.min(left, first - line.lowerBound)
        right = Swift.max(right, last - line.lowerBound)
      }
      if bottom < 0 { (left, right, top, bottom) = (0, 0, 0, 0) }
      self.init(left: left, top: top, width: right - left + 1, height: bottom - top + 1)
    }
  }

  /// The pixels of an area, packed; with a palette, those that are as they were are let through.
  private static func packed(
    _ picture: Pixels, _ area: Area, since before: Pixels?, _ palette: ColorPalette?
  ) -> [UInt8]? {
    let rows = (area.top..<area.top + area.height).map { row in
      row * picture.width + area.left..<row * picture.width + area.left + area.width
    }
    guard let palette else {
      let bytes = rows.flatMap { row in picture.colors[row].flatMap(\.rgb) }
      return PalettePNG.deflated(bytes, width: 3 * area.width)
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(area.width * area.height)
    let unchanged = UInt8(palette.colors.count)
    for row in rows {
      var places = palette.places(of: Array(picture.colors[row]))
      if let before {
        for (place, index) in row.enumerated() where before.colors[index] == picture.colors[index] {
          places[place] = unchanged
        }
      }
      bytes += places
    }
    return PalettePNG.deflated(bytes, width: area.width)
  }
}
