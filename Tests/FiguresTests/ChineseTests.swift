import CZlib
import Foundation
import FoundationXML
import TestSupport
import Testing

import Figures

/// Chinese in every text of a figure, in every kind of picture.
@Suite struct ChineseTests {
  /// What XML and gnuplot read otherwise stands between the characters.
  private static let odd = #"<&"'>&#x41;"#

  private static let figure = {
    var figure = Figure("训练与验证的损失\(odd)", x: Axis("步\(odd)"), y: "均方误差")
    figure.line(x: [0, 1, 2], y: [3, 2, 1], label: "训练\(odd)")
    figure.line(x: [0, 1, 2], y: [3, 2.5, 2.2], label: "验证")
    figure.x.ticks = .at([(0, "一月\(odd)"), (1, "二月"), (2, "三月")])
    figure.annotate("过拟合\(odd)", x: 1, y: 2.5)
    return figure
  }()

  private static let texts = [
    "训练与验证的损失\(odd)", "步\(odd)", "均方误差", "训练\(odd)", "验证", "一月\(odd)", "二月", "三月",
    "过拟合\(odd)",
  ]

  @Test func anSVGHasItAsText() throws {
    let files = try Self.figure.write(to: Folder.gallery().url, name: "chinese.svg")
    let texts = try SVGTexts(Data(contentsOf: files.picture))
    for text in Self.texts { #expect(texts.fonts[text] != nil, "\(text) in \(texts.fonts.keys)") }
    #expect(!texts.fonts.values.contains { $0.isBold })
    for (text, font) in texts.fonts {
      let families = font.families.split(separator: ",").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      #expect(families.first == "DejaVu Sans" && families.last == "sans-serif", "\(text)")
      #expect(families.contains("Noto Sans CJK SC"), "\(text)")
    }
  }

  /// Every kind of text has its own way of asking for a font.
  @Test(arguments: Gallery.figures.map(\.name))
  func anSVGOfEveryKindNamesFontsForIt(_ name: String) throws {
    let figure = try #require(Gallery.figures.first { $0.name == name }).figure
    let files = try figure.write(to: Folder().url, name: "it.svg")
    let texts = try SVGTexts(Data(contentsOf: files.picture))
    for (text, font) in texts.fonts {
      #expect(font.families.hasPrefix("DejaVu Sans, Noto Sans CJK SC, "), "\(text)")
      #expect(!font.families.contains(":"), "\(text)")
    }
  }

  @Test func aPDFHasTheGlyphsAndWhatTheyMean() throws {
    let files = try Self.figure.write(to: Folder.gallery().url, name: "chinese.pdf")
    let pdf = try PDFContents(Data(contentsOf: files.picture))
    let fonts = pdf.text.matches(of: #/\/FontName\s*\/(\S+)/#).map(\.1)
    #expect(fonts.count > 1, "DejaVu Sans has no Chinese: \(fonts)")
    #expect(pdf.text.matches(of: #/\/FontFile[23]?\s/#).count == fonts.count, "\(fonts)")
    #expect(fonts.allSatisfy { $0.contains("+") }, "each is a part of a font, and inside: \(fonts)")
    // What is copied out of it, or searched in it.
    for character in Self.texts.joined().unicodeScalars where character.value >= 0x2E80 {
      let code = String(character.value, radix: 16)
      #expect(pdf.text.lowercased().contains("<\(code)>"), "\(character)")
    }
  }

  /// A box with a number in it, in place of what no font has, has as much ink for one as for the other.
  @Test func aPNGHasTheGlyphs() throws {
    func ink(_ title: String) throws -> Int {
      try Self.inkOfTitle(
        Data(contentsOf: Self.titled(title).write(to: Folder().url, name: "it").picture))
    }
    #expect(try ink("龘龘龘龘") > 4 * ink("一一一一"))
  }

  /// Only of other titles a bold font is asked for, in one plot, under a legend and over panels.
  @Test(arguments: ["Loss", "训练与验证的损失", "LSTM 的损失"])
  func aTitleOfItIsNotThickened(_ title: String) throws {
    var legend = Self.titled(title)
    legend.legend = .above
    legend.line(y: [2, 1], label: "a")
    let panels = Figure.grid(title, [Self.titled("a \(title)"), Self.titled("b")])
    for figure in [Self.titled(title), legend, panels] {
      let files = try figure.write(to: Folder().url, name: "it.svg")
      let fonts = try SVGTexts(Data(contentsOf: files.picture)).fonts
      let own = fonts.filter { $0.key.hasSuffix(title) }
      #expect(own.count == (figure.parts.isEmpty ? 1 : 2))
      #expect(own.values.allSatisfy { $0.isBold == (title == "Loss") })
    }
  }

  @Test func anAnimationHasTheGlyphs() throws {
    let training = Animation(["一一一一", "龘龘龘龘"].map(Self.titled))
    let files = try training.write(to: Folder.gallery().url, name: "chinese-training")
    let moving = try MovingPicture(Data(contentsOf: files.picture))
    let ink = moving.frames.map { Self.inkOfTitle($0, width: moving.width, height: moving.height) }
    #expect(ink.count == 2 && ink[1] > 4 * ink[0])
    let script = try String(contentsOf: files.script, encoding: .utf8)
    #expect(script.contains("'一一一一'") && script.contains("'龘龘龘龘'"))
  }

  private static func titled(_ title: String) -> Figure {
    var figure = Figure(title)
    figure.line(y: [1, 2])
    figure.size = Figure.Size(width: 600, height: 360)
    return figure
  }

  /// The dark pixels of the upper part, where the title stands alone.
  private static func inkOfTitle(_ png: Data) throws -> Int {
    let picture = try MovingPicture(png)
    return inkOfTitle(picture.still, width: picture.width, height: picture.height)
  }

  private static func inkOfTitle(_ pixels: [UInt8], width: Int, height: Int) -> Int {
    (0..<width * (height / 7)).count { pixels[3 * $0] < 128 }
  }
}

/// The texts of an SVG by a reader of XML, each with the font that it is asked to be shown in.
private final class SVGTexts: NSObject, XMLParserDelegate {
  struct Font {
    var families: String
    var isBold: Bool
  }
  private(set) var fonts: [String: Font] = [:]
  private var open: [Font] = []
  private var text: String?

  init(_ svg: Data) throws {
    super.init()
    let parser = XMLParser(data: svg)
    parser.delegate = self
    try #require(parser.parse(), "\(String(describing: parser.parserError))")
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    var font = open.last ?? Font(families: "", isBold: false)
    font.families = attributes["font-family"] ?? font.families
    font.isBold = attributes["font-weight"].map { $0 == "bold" } ?? font.isBold
    open.append(font)
    if name == "text" { text = "" }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text? += string }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    if name == "text", let text { (fonts[text], self.text) = (open.last, nil) }
    open.removeLast()
  }
}

/// What is written in a PDF, streams unpacked.
private struct PDFContents {
  var text = ""

  init(_ pdf: Data) {
    var rest = pdf[...]
    while let start = rest.firstRange(of: Data("stream\n".utf8)),
      let end = rest[start.upperBound...].firstRange(of: Data("endstream".utf8))
    {
      text += Self.latin(rest[..<start.lowerBound])
      let packed = [UInt8](rest[start.upperBound..<end.lowerBound])
      var bytes = [UInt8](repeating: 0, count: 1 << 20)
      var length = uLong(bytes.count)
      if uncompress(&bytes, &length, packed, uLong(packed.count)) == Z_OK {
        text += Self.latin(bytes[..<Int(length)])
      }
      rest = rest[end.upperBound...]
    }
    text += Self.latin(rest)
  }

  private static func latin(_ bytes: some Sequence<UInt8>) -> String {
    String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }
}
