import Foundation
import PlainText

/// What a training run measured, epoch by epoch: plain numbers, one column a name.
///
///     history["val_loss"]?.min()
///     try history.csv.write(to: url, atomically: true, encoding: .utf8)
public struct History: Codable, Equatable, Sendable {
  /// The columns' names, in the order in which they first appeared.
  public private(set) var names: [String] = []
  /// The epochs measured, from 0.
  public private(set) var epochs: [Int] = []
  private var columns: [String: [Double]] = [:]

  /// No epoch yet.
  public init() {}

  /// A column, one number an epoch; NaN where an epoch did not measure it. Nil if none did.
  public subscript(name: String) -> [Double]? { columns[name] }

  private enum CodingKeys: CodingKey { case names, epochs, columns }

  /// Reads what was encoded, if it is a table: rising epochs from 0, and for each name a column.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    names = try container.decode([String].self, forKey: .names)
    epochs = try container.decode([Int].self, forKey: .epochs)
    columns = try container.decode([String: [Double]].self, forKey: .columns)
    let isRising = zip(epochs, epochs.dropFirst()).allSatisfy { $0 < $1 }
    guard names.count == columns.count, Set(names).count == names.count,
      epochs.first ?? 0 >= 0, isRising,
      names.allSatisfy({ columns[$0]?.count == epochs.count })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .columns, in: container, debugDescription: "the history is no table")
    }
  }

  /// The last epoch's numbers.
  public var last: [String: Double] { columns.compactMapValues(\.last) }

  /// Adds an epoch.
  public mutating func append(_ logs: Logs, epoch: Int) {
    for name in logs.names where columns[name] == nil {
      names.append(name)
      columns[name] = [Double](repeating: .nan, count: epochs.count)
    }
    epochs.append(epoch)
    for name in names { columns[name]!.append(logs[name] ?? .nan) }
  }

  /// The table as comma-separated values: `epoch` and the columns, numbers in full precision.
  public var csv: String {
    let rows = epochs.indices.map { row in
      csvRecord(["\(epochs[row])"] + names.map { "\(columns[$0]![row])" })
    }
    return csvRecord(["epoch"] + names) + rows.joined()
  }
}

/// The numbers of one epoch by name, in the order they were measured.
public struct Logs: Equatable, Sendable, ExpressibleByDictionaryLiteral, CustomStringConvertible {
  /// In the order in which they were first set.
  public private(set) var names: [String] = []
  private var values: [String: Double] = [:]

  public init(dictionaryLiteral elements: (String, Double)...) {
    for (name, value) in elements { self[name] = value }
  }

  /// A number; nil if there is none of this name.
  public subscript(name: String) -> Double? {
    get { values[name] }
    set {
      if values.updateValue(newValue ?? .nan, forKey: name) == nil { names.append(name) }
    }
  }

  /// `loss 0.1234  val_loss 0.2345`: what the line of a run shows.
  public var description: String {
    names.map { "\($0) \(plainFormat("%.4g", values[$0]!))" }.joined(separator: "  ")
  }
}

extension History: CustomStringConvertible {
  /// A table with a line for each epoch, counted from 1; of more than a dozen the first and the last
  /// few.
  public var description: String {
    let rows = epochs.indices.map { row in
      ["\(epochs[row] + 1)"] + names.map { plainFormat("%.4g", columns[$0]![row]) }
    }
    let headed = [["epoch"] + names] + rows
    let widths = headed[0].indices.map { column in headed.map { $0[column].count }.max()! }
    var lines = headed.map { row in
      zip(row, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }
        .joined(separator: "  ")
    }
    if lines.count > 13 { lines.replaceSubrange(7..<(lines.count - 6), with: ["⋯"]) }
    return lines.joined(separator: "\n")
  }
}
