import CGnuplot
import Foundation

/// Numbers in rows and columns, as a block of a gnuplot script.
struct Table: Sendable {
  var values: [Double]
  var columns: Int

  /// Row-major values. Infinite ones become NaN, which gnuplot leaves out as a gap.
  init(_ values: [Double], columns: Int) {
    self.values = values.map { $0.isFinite ? $0 : .nan }
    self.columns = columns
  }

  /// Columns of one length side by side.
  init(columns: [[Double]]) {
    let rows = columns.first?.count ?? 0
    var values = [Double](repeating: .nan, count: rows * columns.count)
    for (place, column) in columns.enumerated() {
      for row in 0..<rows where column[row].isFinite {
        values[row * columns.count + place] = column[row]
      }
    }
    self.values = values
    self.columns = columns.count
  }

  var rows: Int { values.count / columns }
}

/// A gnuplot script in the making: lines of commands and named blocks of numbers.
struct Script: Sendable {
  enum Piece: Sendable {
    case commands(String)
    case table(Table)
    /// Where the output is named: the one line in which the kept script and the one that is
    /// sent to gnuplot differ, because the picture is drawn beside its place and then renamed.
    case output
  }

  private(set) var pieces: [Piece] = []
  private var tables = 0

  mutating func add(_ commands: String...) {
    for command in commands { pieces.append(.commands(command + "\n")) }
  }

  mutating func addOutput() { pieces.append(.output) }

  /// How `plot` names blocks of numbers.
  struct Data {
    /// The name, or a loop over names.
    var name: String
    /// The number of the first, in a loop.
    fileprivate var first: Int?

    /// The name of the series in the legend, once however many blocks there are.
    func title(_ text: String) -> String {
      first.map { "title (i == \($0) ? \(text.quoted) : '')" } ?? "title \(text.quoted)"
    }
  }

  /// Adds blocks that are plotted alike.
  mutating func add(_ blocks: [Table]) -> Data {
    let first = tables + 1
    for block in blocks {
      tables += 1
      add("", "$data\(tables) << e")
      pieces.append(.table(block))
    }
    if blocks.count == 1 { return Data(name: "$data\(first)") }
    return Data(name: "for [i=\(first):\(tables)] '$data'.i", first: first)
  }

  /// The same with its commands changed, and its numbers as they are.
  func mapCommands(_ change: (String) -> String) -> Script {
    var script = self
    script.pieces = pieces.map { piece in
      if case .commands(let text) = piece { .commands(change(text)) } else { piece }
    }
    return script
  }

  /// The commands, without the numbers.
  var text: String {
    pieces.map { if case .commands(let text) = $0 { text } else { "" } }.joined()
  }

  /// Sends all of it, the picture to be called `picture`. False if it did not arrive.
  func send(to session: OpaquePointer, picture: String) -> Bool {
    for piece in pieces {
      let sent =
        switch piece {
        case .commands(let text): Self.send(text, to: session)
        case .output: Self.send("set output \(picture.quoted)\n", to: session)
        case .table(let table):
          gnuplot_send_table(session, table.values, table.rows, table.columns)
        }
      if !sent { return false }
    }
    return true
  }

  private static func send(_ text: String, to session: OpaquePointer) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { gnuplot_send(session, $0.baseAddress, $0.count) }
    }
  }
}
