extension String {
  /// The width of the widest line in ems of DejaVu Sans, the font of every figure: text of so many
  /// points is as many times that wide. gnuplot cannot be asked before it draws.
  var ems: Double {
    lines.map { $0.unicodeScalars.reduce(0) { $0 + $1.ems } }.max() ?? 0
  }

  /// How many letters of the usual width it is as wide as: a Chinese character is two.
  var letters: Int { unicodeScalars.count(where: \.isWide) + count }

  /// The width in pixels at a size in points (96 pixels to the inch).
  func pixels(at points: Double) -> Double { ems * points * 96 / 72 }
}

extension Unicode.Scalar {
  /// The advance of a printable ASCII character is the font's own; others are told by their kind.
  var ems: Double {
    if let width = Self.ascii[safe: Int(value) - 32] { return width / 1000 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: return isWide ? 1 : 0.7
    }
  }

  /// Chinese, Japanese, Korean and pictures: as wide as high.
  var isWide: Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F000...0x1FAFF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }

  /// The advance widths of ' ' to '~' in DejaVu Sans, thousandths of an em.
  private static let ascii: [Double] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337,
    636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531,
    1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787,
    603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500,
    500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612,
    635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
  ]
}

extension Array {
  subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
