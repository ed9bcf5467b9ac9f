import Foundation

/// What a figure is drawn on.
public enum Theme: Sendable, CaseIterable {
  /// Ink on white.
  case light
  /// The same hues on the near-black of a dark page.
  case dark

  /// A script's commands with every color as it is on this ground.
  func applied(to commands: String) -> String {
    guard self == .dark else { return commands }
    // Texts stand between the same quotes; a color comes after one of these words.
    return commands.replacing(Self.colors) { match in
      // A palette keeps its order from light to dark, turned round; elsewhere a color must stand out.
      let isPalette =
        match.before.last?.isWhitespace == true && match.before.first?.isNumber == true
      return
        "\(match.before)'#\(match.alpha)\(Self.dark(String(match.hex), standsOut: !isPalette))'"
    }
  }

  nonisolated(unsafe) private static let colors =
    #/(?<before>rgb |ink = |\d )'#(?<alpha>(?:[0-9a-f]{2})?)(?<hex>[0-9a-f]{6})'/#

  /// The pages' own ground, and its lightness; and that of what is darkest on light paper.
  private static let ground = "16181d", paper = 0.21, ink = 0.90

  /// Lightness turned round, hue as it was (OKLab, Ottosson 2020).
  private static func dark(_ hex: String, standsOut: Bool) -> String {
    let number = Int(hex, radix: 16)!
    var color = OKLab(red: number >> 16 & 255, green: number >> 8 & 255, blue: number & 255)
    let isGray = hypot(color.a, color.b) < 0.03
    if color.lightness > 0.998 { return ground }
    let depth = max(0, 1 - color.lightness) / (1 - 0.28)
    var lightness = paper + pow(depth, 0.8) * (ink - paper)
    if standsOut, !isGray { lightness = max(lightness, 0.66) }
    color.lightness = min(lightness, 0.97)
    // Between black and the lightest there is less room for color.
    while !color.isInGamut, hypot(color.a, color.b) > 0.001 {
      (color.a, color.b) = (color.a * 0.95, color.b * 0.95)
    }
    return color.rgb.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

/// A color by lightness and two opponent hues (bottosson.github.io/posts/oklab).
private struct OKLab {
  var lightness, a, b: Double

  init(red: Int, green: Int, blue: Int) {
    let (r, g, b) = (Self.linear(red), Self.linear(green), Self.linear(blue))
    let l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    let m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    let s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    lightness = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s
    a = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s
    self.b = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
  }

  private static func linear(_ byte: Int) -> Double {
    let part = Double(byte) / 255
    return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
  }

  private var linear: [Double] {
    let l = pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3)
    let m = pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3)
    let s = pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3)
    return [
      4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
      -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
      -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
    ]
  }

  var isInGamut: Bool { linear.allSatisfy { (-0.001...1.001).contains($0) } }

  /// Red, green and blue from 0 to 255.
  var rgb: [Int] {
    linear.map { part in
      let part = min(max(part, 0), 1)
      let coded = part <= 0.0031308 ? 12.92 * part : 1.055 * pow(part, 1 / 2.4) - 0.055
      return Int((255 * coded).rounded())
    }
  }
}
