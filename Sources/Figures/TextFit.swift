/// How much text fits where. gnuplot cannot say; the widths of DejaVu Sans are close enough.
extension String {
  /// Broken so that no line is wider than `ems`: between words, within a word that is wider than a
  /// line, and anywhere in Chinese or Japanese, but before what closes and after what opens.
  func wrapped(to ems: Double) -> String {
    lines.flatMap { $0.broken(to: Swift.max(ems, 1)) }.joined(separator: "\n")
  }

  private func broken(to ems: Double) -> [String] {
    var lines: [String] = []
    var line = ""
    var width = 0.0
    for word in split(separator: " ", omittingEmptySubsequences: false) {
      let (space, wide) = (lines.isEmpty && line.isEmpty ? 0 : " ".ems, String(word).ems)
      let isMixed = word.unicodeScalars.contains(where: \.isWide)
      if wide <= ems, !isMixed {
        if width + space + wide <= ems || line.isEmpty {
          line += line.isEmpty ? word : " " + word
          width += line.isEmpty ? wide : space + wide
        } else {
          lines.append(line)
          (line, width) = (String(word), wide)
        }
        continue
      }
      if !line.isEmpty {
        line += " "
        width += space
      }
      for part in isMixed ? word.units(to: ems) : word.map(String.init) {
        let wide = part.ems
        if width + wide > ems, !line.isEmpty {
          lines.append(isMixed && line.hasSuffix(" ") ? String(line.dropLast()) : line)
          (line, width) = ("", 0)
        }
        line += part
        width += wide
      }
    }
    return lines + [line]
  }

  /// A line's beginning and end, no wider than `ems`, with a mark for what is left out between.
  func shortened(to ems: Double) -> String {
    if self.ems <= ems { return self }
    let room = Swift.max(0, ems - "…".ems)
    return start(to: room * 0.6) + "…"
      + String(String(reversed()).start(to: room * 0.4).reversed())
  }

  /// As much of the beginning as is no wider than `ems`.
  private func start(to ems: Double) -> String {
    var (kept, width) = ("", 0.0)
    for character in self {
      width += String(character).ems
      if width > ems { break }
      kept.append(character)
    }
    return kept
  }
}

extension Substring {
  /// The pieces between which a line of Chinese may end: a character with what closes behind it and what
  /// opens before it, or a word of letters if it is no wider than a line.
  fileprivate func units(to ems: Double) -> [String] {
    var units: [String] = []
    var (isWide, isOpening) = (true, false)
    for character in self {
      let wide = character.unicodeScalars.contains(where: \.isWide)
      let closes = Self.closing.contains(character)
      if let last = units.last,
        closes || isOpening || !wide && !isWide && last.ems + String(character).ems <= ems
      {
        units[units.count - 1].append(character)
      } else {
        units.append(String(character))
      }
      (isWide, isOpening) = (wide, Self.opening.contains(character))
    }
    return units
  }

  private static let closing = Set("，。、；：？！）》」』】〕”’…)]},.;:?!%")
  private static let opening = Set("（《「『【〔“‘([{")
}

extension Figure {
  /// A letter's width in pixels at a text size in points (96 to the inch).
  static func letterWidth(_ points: Double) -> Double { points * 0.78 }

  /// The size in points of the numbers and names at the axes.
  var tickSize: Double { (Double(textSize) * 0.9).rounded(.down) }

  /// The largest text, in points and up to nine tenths of the figure's, whose `letters` fit in
  /// `pixels`.
  func textSize(fitting letters: Int, in pixels: Double) -> Int {
    let most = Double(textSize) * 0.9
    return Int(Swift.max(6, Swift.min(most, pixels / Self.letterWidth(Double(letters)))))
  }

  /// The width of the plot within its axes, in pixels.
  var plotWidth: Double {
    var names = "0.0001"
    if case .at(let places) = y.ticks {
      names = places.map(\.1).max { $0.ems < $1.ems } ?? ""
    }
    let text = Double(textSize)
    var beside = names.pixels(at: tickSize) + text * 3.5
    if !y.label.isEmpty { beside += text * 2 * Double(y.label.lines.count) }
    if marks.contains(where: { $0.styles.contains(.heatmap) }) { beside += text * 9 }
    if legend == .right { beside += legendWidth }
    let wide = Double(size.width) - beside
    return Swift.max(100, Swift.min(wide, aspect.map { $0 * Double(size.height) * 0.75 } ?? wide))
  }

  /// The height of the plot within its axes, in pixels, about.
  var plotHeight: Double {
    let em = Double(textSize) * 96 / 72
    var beside = em * (x.label.isEmpty ? 3.5 : 5)
    if legend == .above { beside += legendText().height }
    let title = fittedTitle
    beside += Double(title.text.lines.count - 1) * title.points * 96 / 72 * 1.2
    return Swift.max(em * 2, Double(size.height) * 0.98 - beside)
  }

  /// The title in as many lines as it needs, and the size of its letters in points: a little larger
  /// than other text if it is one line, smaller where it is so long that it would push the plot out
  /// of the picture. What does not fit then is left out.
  var fittedTitle: (text: String, points: Double) {
    let isWide = categories == nil && aspect == nil && legend != .right
    let whole = isWide ? Double(size.width) * 0.84 : plotWidth
    let middle = legend == .right ? plotWidth * 0.75 : Swift.max(plotWidth, whole)
    let text = Double(textSize)
    let most = Double(size.height) * 0.3
    for scale in [1.12, 1, 0.85, 0.7] {
      let points = (text * scale).rounded(.down)
      // Bold letters are wider.
      let lines = title.wrapped(to: middle / (points * 96 / 72 * 1.14)).lines
      if lines.count > 1 && scale > 1 { continue }
      let room = Int(most / (points * 96 / 72 * 1.2))
      if lines.count <= Swift.max(room, 1) { return (lines.joined(separator: "\n"), points) }
      if scale == 0.7 {
        let kept = lines.prefix(Swift.max(room, 1))
        return (kept.joined(separator: "\n") + " …", points)
      }
    }
    return (title, text)
  }
}
