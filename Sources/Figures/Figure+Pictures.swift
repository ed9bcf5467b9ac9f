extension Figure {
  /// Small gray pictures in a grid, such as drawn digits: 0 is paper, the largest value ink.
  ///
  /// - Parameters:
  ///   - pictures: each row by row, of one size.
  ///   - width: pixels in a row, as 28.
  ///   - captions: a text below each.
  ///   - columns: pictures in a row of the grid.
  public mutating func pictures(
    _ pictures: [[Double]], width: Int, captions: [String]? = nil, columns: Int = 8
  ) {
    if width < 1 || columns < 1 {
      fatalError("Figure.pictures: width \(width) and columns \(columns) must be at least 1")
    }
    requireSameCount(
      "pictures", ("pictures", pictures.count), ("captions", captions?.count ?? pictures.count))
    let pixels = pictures.first?.count ?? 0
    for (index, picture) in pictures.enumerated()
    where picture.count != pixels || pixels % width != 0 {
      fatalError(
        "Figure.pictures: picture \(index) has \(picture.count) pixels, picture 0 has \(pixels);"
          + " they must be as many and whole rows of \(width)")
    }
    let height = pixels / width
    let (stepX, stepY) = (width + width / 7 + 1, height + height / (captions == nil ? 7 : 3) + 1)
    let across = Swift.min(columns, Swift.max(pictures.count, 1))
    let down = (pictures.count + columns - 1) / columns
    let (wide, high) = (stepX * across, stepY * down)
    var mosaic = [Double](repeating: .nan, count: wide * high)
    var commands: [String] = []
    for (index, picture) in pictures.enumerated() {
      let (left, top) = (index % columns * stepX, index / columns * stepY)
      for pixel in picture.indices {
        mosaic[(top + pixel / width) * wide + left + pixel % width] = picture[pixel]
      }
      commands.append(
        "set object rectangle from \(left.edge),\(top.edge) to"
          + " \((left + width).edge),\((top + height).edge)"
          + " front fs empty border rgb '#cfd5dc' lw 1")
    }
    let places = pictures.indices.map { index in
      "\(index % columns * stepX + width / 2),\(index / columns * stepY + height)"
    }
    (x.min, x.max, y.min, y.max) = (-1, Double(wide), Double(high), -1)
    let numbers = pictures.flatMap { $0 }
    (colorBar.min, colorBar.max) = (0, Swift.max(numbers.filter(\.isFinite).max() ?? 1, 1e-300))
    // One or two would fill a page of their own.
    if across < 3 { size.width = size.width * across / 3 }
    size.height = Swift.min(1800, 150 + Int(Double(size.width) * Double(high) / Double(wide)))
    marks.append(
      Mark(
        label: nil, kind: "\(pictures.count) pictures of \(width) × \(height) pixels",
        table: Table(mosaic, columns: wide), plots: ["matrix using 1:2:3 with image"],
        commands: commands, styles: [.pictures, .gray], texts: captions ?? [],
        fitted: { _, mark in
          zip(mark.texts, places).map { caption, place in
            "set label \(caption.quoted) at \(place) center offset 0,-0.55 front textcolor rgb ink"
          }
        }, values: numbers))
  }
}

extension Int {
  /// Where the pixel of this number begins: pixels are drawn around whole numbers.
  fileprivate var edge: String { (Double(self) - 0.5).text }
}
