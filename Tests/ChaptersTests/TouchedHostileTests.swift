import Foundation
import Notebook
import TestSupport
import Testing

/// Data of the components that would be something else, and pages in which no script runs.
extension TouchedPagesTests {
  private static let hostile = [
    "</script><img src=x onerror='window.ran = 1'>",
    "\"quotes\" 'and' `ticks` ${window.ran = 1}", "]]> <![CDATA[ <!--",
    "\u{202E}rtl\u{202C} \u{5E9}\u{5DC} \u{645}\u{631}", "👩‍👩‍👧 é", "%@ %1$@ \\ \u{0} \u{2028}",
    "__proto__",
    "<b>bold</b>&amp;",
  ]

  /// JSON whose texts that are shown are others.
  private static func spoiled(_ value: Any, key: String = "") -> Any {
    switch value {
    case let list as [Any] where !["examples", "nodes"].contains(key):
      return list.enumerated().map { place, part in
        part is String && place % 3 == 1 ? hostile[place % hostile.count] : spoiled(part, key: key)
      }
    case let object as [String: Any] where object["nodes"] == nil:
      return Dictionary(
        uniqueKeysWithValues: object.map { ($0.key, spoiled($0.value, key: $0.key)) })
    case is String where !["kind", "examples"].contains(key): return hostile.joined(separator: " ")
    default: return value
    }
  }

  @Test(.enabled(if: Browser.path != nil, "no Chromium in PATH"))
  func hostileTextsAreText() throws {
    let scratch = Scratch()
    let all = try components().map { component, data in
      let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(AnyData(data)))
      return (component, JSON(Self.spoiled(json)) as any Encodable)
    }
    let page = try page(all, in: scratch), browser = try Browser()
    try browser.show(width: 390)
    try browser.open(page)
    for text in Self.hostile + ["\\ud800 lone \\udc00"] {
      let literal = try String(decoding: JSONEncoder().encode(text), as: UTF8.self)
        .replacingOccurrences(of: "\\\\u", with: "\\u")
      _ = try browser.evaluate(
        """
        document.querySelectorAll(".field input").forEach((field) => {
          field.value = \(literal); field.dispatchEvent(new Event("input")) })
        """, as: Int?.self)
      try browser.settle()
      let found = try browser.evaluate(
        """
        [document.querySelectorAll(".interactive.open").length, window.ran ?? 0,
          document.querySelectorAll(".stage :is(img, script, iframe, style, .said b)").length,
          [...document.querySelectorAll(".stage")]
            .filter((stage) => /[\\u202a-\\u202e\\u0000]/.test(stage.textContent)).length,
          document.documentElement.scrollWidth]
        """, as: [Int].self)
      #expect(found == [all.count, 0, 0, 0, 390], "\(text)")
    }
    #expect(browser.console == [])
  }

  @Test(.enabled(if: Browser.path != nil, "no Chromium in PATH"))
  func withoutScriptsThePrintedFigures() throws {
    let scratch = Scratch(), all = try components(), page = try page(all, in: scratch)
    let browser = try Browser()
    try browser.allowScripts(false)
    try browser.open(page)
    try browser.allowScripts(true)
    let shown = try browser.evaluate(
      """
      [document.querySelectorAll(".stage, .open").length,
        [...document.querySelectorAll(".interactive img")]
          .filter((image) => image.getClientRects().length).length]
      """, as: [Int].self)
    #expect(shown == [0, all.count])
  }
}

/// Data of any type.
private struct AnyData: Encodable {
  let data: any Encodable
  init(_ data: any Encodable) { self.data = data }
  func encode(to encoder: any Encoder) throws { try data.encode(to: encoder) }
}

/// What was read as JSON.
private enum JSON: Encodable {
  case text(String), number(Double), list([JSON]), object([String: JSON]), none

  init(_ value: Any) {
    switch value {
    case let text as String: self = .text(text)
    case let list as [Any]: self = .list(list.map(JSON.init))
    case let object as [String: Any]: self = .object(object.mapValues(JSON.init))
    case let number as NSNumber: self = .number(number.doubleValue)
    default: self = .none
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .number(let number): try container.encode(number)
    case .list(let list): try container.encode(list)
    case .object(let object): try container.encode(object)
    case .none: try container.encodeNil()
    }
  }
}
