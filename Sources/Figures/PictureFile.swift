import Foundation

/// The kind of file that a picture is written as, which the extension of its name decides.
enum PictureFormat: String, CaseIterable {
  case png, svg, pdf

  /// A name without its extension, and the format that it asks for: PNG if it names none.
  static func split(_ name: String) -> (stem: String, format: PictureFormat) {
    for format in allCases where name.lowercased().hasSuffix("." + format.rawValue) {
      let stem = String(name.dropLast(format.rawValue.count + 1))
      if !stem.isEmpty { return (stem, format) }
    }
    return (name, .png)
  }

  /// The command that makes gnuplot write it, after the one for PNG in the shared style. Text is in
  /// points, of which there are 96 × 4 / 3 to the inch of a picture on a screen.
  var terminal: String? {
    switch self {
    case .png: nil
    case .svg:
      "set terminal svg noenhanced size figure_width,figure_height background rgb '#ffffff'"
        + " font 'DejaVu Sans,'.figure_text fontscale 1.333 rounded"
    case .pdf:
      "set terminal pdfcairo noenhanced size (figure_width/96.)in,(figure_height/96.)in"
        + " background rgb '#ffffff' font 'DejaVu Sans,'.figure_text fontscale 1 linewidth 0.5 rounded"
    }
  }

  /// A script's commands as the terminal needs them. Into an SVG gnuplot writes a font's name as it is:
  /// who reads it is told which fonts have what DejaVu Sans has not, as Chinese, and `:Bold` means
  /// nothing there. `&#x` in a text, alone of all, would not come out as it stands.
  func adapted(_ commands: String) -> String {
    guard self == .svg else { return commands }
    return commands.replacing("&#x", with: "&#x26;#x").replacing(Self.font) { match in
      "\(match.before)'\(Self.families)\(match.bold == nil ? "" : " Bold"),"
    }
  }

  /// With `&#44;` for commas, since gnuplot's own ends the name.
  private static let families = [
    "DejaVu Sans", "Noto Sans CJK SC", "WenQuanYi Micro Hei", "PingFang SC", "Microsoft YaHei",
    "sans-serif",
  ].joined(separator: "&#44; ")

  // A text is no such thing: before its quote stands another word.
  nonisolated(unsafe) private static let font =
    #/(?<before>font(?: =)? )'DejaVu Sans(?<bold>:Bold)?,/#

  /// The width that gnuplot takes for a letter when it counts margins and legends, in ems.
  var letterEms: Double { self == .svg ? 0.52 : 0.63 }

  /// What is wrong with a file, or nil if it is a whole picture of that size in pixels.
  func flaw(in data: Data, width: Int, height: Int) -> String? {
    if data.isEmpty { return "the file is empty" }
    let end = data.suffix(32)
    switch self {
    case .png: return PNG.flaw(in: data, width: width, height: height)
    case .svg:
      if !data.starts(with: Data("<?xml".utf8)) { return "it does not begin as an SVG does" }
      return end.contains(Data("</svg>".utf8)) ? nil : "it is cut off after \(data.count) bytes"
    case .pdf:
      if !data.starts(with: Data("%PDF-".utf8)) { return "it does not begin as a PDF does" }
      return end.contains(Data("%%EOF".utf8)) ? nil : "it is cut off after \(data.count) bytes"
    }
  }
}

extension Data {
  fileprivate func contains(_ other: Data) -> Bool { range(of: other) != nil }
}

/// The little of PNG (RFC 2083) that tells a whole picture from half of one.
enum PNG {
  /// What is wrong with the file, or nil if it is a picture of that size from first to last chunk.
  static func flaw(in data: Data, width: Int, height: Int) -> String? {
    let bytes = [UInt8](data)
    guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else {
      return bytes.isEmpty ? "the file is empty" : "it does not begin as a PNG does"
    }
    var at = 8
    var sawPixels = false
    while at + 12 <= bytes.count {
      let length = bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
      let kind = String(decoding: bytes[at + 4..<at + 8], as: UTF8.self)
      guard at + 12 + length <= bytes.count else { break }
      if at == 8 {
        guard kind == "IHDR", length == 13 else { return "it has no header" }
        let sides = [16, 20].map { bytes[$0..<$0 + 4].reduce(0) { $0 << 8 | Int($1) } }
        guard sides == [width, height] else {
          return "it is \(sides[0]) × \(sides[1]) pixels instead of \(width) × \(height)"
        }
      }
      if kind == "IDAT" { sawPixels = true }
      at += 12 + length
      if kind == "IEND" {
        if at != bytes.count { return "bytes follow its end" }
        return sawPixels && bytes.count > 1000 ? nil : "it is nearly empty"
      }
    }
    return "it is cut off after \(bytes.count) bytes"
  }
}
