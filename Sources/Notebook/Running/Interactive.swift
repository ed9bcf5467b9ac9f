import Figures
import Foundation
import PageStyle

/// What the reader of an HTML page moves with a finger or with keys: a component, the data that it shows,
/// and the figure that stands in its place wherever no script runs: in the notebook, in Markdown, in
/// the terminal, on paper.
///
///     try page.interactive(Interactive(.cell, data: run, fallback: figure))
///
/// The page holds it all: it fetches nothing, and its content security policy refuses to.
public struct Interactive {
  /// A script that builds on a figure of the page and is known by its name.
  ///
  /// Those of this library stand in `Sources/Notebook/Style`, one file each, and `live.js` there says
  /// what a component gets to build on: sliders, a drawing, a line of text for screen readers. One of
  /// your own:
  ///
  ///     let counter = Interactive.Component("counter", script: """
  ///       unroll.component("counter", (stage) => {
  ///         const count = stage.slider({label: "how many", max: stage.data.most});
  ///         stage.onUpdate(() => stage.say(`${count.value} of ${stage.data.most}`));
  ///       });
  ///       """)
  public struct Component: Sendable, Equatable {
    public let name: String
    /// In the order in which they are needed.
    let scripts: [String]

    /// - Parameters:
    ///   - name: what the script calls itself, and the page its cells of this kind.
    ///   - script: plain JavaScript that calls `unroll.component` with the same name.
    public init(_ name: String, script: String) {
      self.init(name, scripts: [script])
    }

    init(_ name: String, scripts: [String]) {
      for sign in ["</script", "<!--"] where scripts.joined().lowercased().contains(sign) {
        fatalError("Interactive.Component '\(name)': '\(sign)' in a script would end it in a page")
      }
      (self.name, self.scripts) = (name, scripts)
    }
  }

  let component: Component
  let data: any Encodable
  let fallback: Figure

  /// - Parameters:
  ///   - component: what the reader moves.
  ///   - data: what the component's script finds as `stage.data`, encoded as JSON. Texts in it are
  ///     shown as text whatever they hold.
  ///   - fallback: the figure that shows as much of it as paper can; its title is the caption.
  public init(_ component: Component, data: any Encodable, fallback: Figure) {
    (self.component, self.data, self.fallback) = (component, data, fallback)
  }

  /// The data as JSON that holds nothing which a page could take for markup, and no sign that steers
  /// the text around it. The same data give the same bytes.
  func json() throws -> String {
    do { return try Self.json(data) } catch EncodingError.invalidValue(let value, let context) {
      let path = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
      throw NotebookError(
        "page.interactive: '\(component.name)' has no JSON for \(value) at "
          + path.joined(separator: "."))
    }
  }

  static func json(_ data: any Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(data), as: UTF8.self)
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      // Outside strings JSON has none of these, and inside they may be written so.
      switch scalar {
      case "<", ">", "&", "\u{7F}"..."\u{9F}", "\u{200E}"..."\u{200F}", "\u{2028}"..."\u{202E}",
        "\u{2066}"..."\u{2069}", "\u{FEFF}", "\u{FFFE}"..."\u{FFFF}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension Interactive.Component {
  /// A recurrent cell at every step of a run and on the gradient's way back. Data: `CellRun`.
  public static let cell = Self("cell", script: PageStyle.cell)

  /// A network unrolled over time and the gradient on its way back, whole or cut. Data: an orthogonal
  /// matrix `recurrent` in rows, `input` with a weight for each unit, `inputs` with a number for each step,
  /// and where its sliders stand at first: `factor`, `size`, `length`.
  public static let unrolled = Self("unrolled", script: PageStyle.unrolled)

  /// The error of one recurrent unit over its two weights, and two descents from a start that is dragged.
  /// Data: the unit's `steps`, `start` and `target`; `rate`, `updates` and `clip` of the descents; the
  /// ranges `w` and `b`; `from`, where they start; `levels`, the errors whose lines are drawn.
  public static let surface = Self("surface", script: PageStyle.surface)

  /// Windows cut from a series, for learning and for validation. Data: `values` in their `unit`,
  /// `keys` with a random number for each value, and where its sliders stand at first: `width`,
  /// `stride`, `horizon`.
  public static let windows = Self("windows", script: PageStyle.windows)

  /// A batch of sequences, padded and packed. Data: their `lengths` and `names`, and `values`, a list for
  /// each with a number for each step.
  public static let packing = Self("packing", script: PageStyle.packing)

  /// Draw a digit, and a network reads it row by row. Data: a `model` from `image` `[1, 28, 28]` to
  /// `shares` `[1, 28, 10]`, and `examples`, images in base64 with a byte a pixel.
  public static let digit = running("digit", PageStyle.digit)

  /// Type a name, and languages are weighed letter by letter. Data: a `model` from `letters`
  /// `[time, 1, letters]`, a row with a single 1 each, to `shares` `[time, 1, languages]`; the
  /// `letters`, the first of which stands for all others, the `languages`, and a `name` to begin with.
  public static let name = running("name", PageStyle.name)

  /// Type a beginning, choose a temperature, and a network writes on. Data: a `model` from `ids`
  /// `[time, 1]` and `h_0` `[1, 1, hidden]` to `logits` `[time, 1, characters]` and `h_n`; the
  /// `characters`, the first of which stands for all others, `hidden`, a `beginning`, and the `length`
  /// of what is written.
  public static let writer = running("writer", PageStyle.writer)

  /// Type a date, and attention shows where a network looks that writes it anew. Data: the models `read`,
  /// from `ids` `[time, 1]` to `keys`, `projected` and `state`, and `step`, from these and `last` `[1]`
  /// to `logits`, `state` and `weights` `[1, time]`; the characters `source` and `target`, a `text` to
  /// begin with, and the `length` of an answer at most.
  public static let date = running("date", PageStyle.date)

  /// A component that runs models.
  private static func running(_ name: String, _ script: String) -> Self {
    Self(name, scripts: [PageStyle.modelScript, script])
  }
}

extension Record {
  /// What the page's reader moves, in its order.
  var interactives: [InteractiveRecord] {
    cells.flatMap(\.outputs).compactMap { output in
      if case .figure(let figure) = output { figure.interactive } else { nil }
    }
  }
}
