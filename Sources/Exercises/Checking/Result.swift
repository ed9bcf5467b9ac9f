import Arrays
import Foundation

/// A result of any form, taken apart: numbers, matrices, lists of them, structures.
indirect enum Result {
  case number(Double)
  case word(String)
  case list([Result])
  case matrix(shape: [Int], numbers: [Double])
  case record([String: Result])
  case missing

  /// From the JSON of a list that holds it alone.
  init(_ data: Data) throws {
    guard let json = try? JSON(data), case .list(let list) = Result(json), list.count == 1 else {
      throw Stop.wrong("What came back from the program is no result.")
    }
    self = list[0]
  }

  private init(_ json: JSON) {
    switch json {
    case .null: self = .missing
    case .bool(let flag): self = .word("\(flag)")
    case .number(let text): self = .number(Double(text) ?? .nan)
    // Numbers that JSON has no form for.
    case .string("nan"): self = .number(.nan)
    case .string("inf"): self = .number(.infinity)
    case .string("-inf"): self = .number(-.infinity)
    case .string(let text): self = .word("“\(text)”")
    case .array(let elements): self = .list(elements.map { Result($0) })
    case .object(let members):
      let fields = Dictionary(members.map { ($0.name, Result($0.value)) }) { $1 }
      if case .number(let rows)? = fields["rows"], case .number(let columns)? = fields["columns"],
        case .list(let elements)? = fields["numbers"]
      {
        self = .matrix(shape: [Int(rows), Int(columns)], numbers: elements.flatMap(\.numbers))
      } else {
        self = .record(fields)
      }
    }
  }

  /// All numbers, in order.
  var numbers: [Double] {
    switch self {
    case .number(let value): [value]
    case .word, .missing: []
    case .list(let elements): elements.flatMap(\.numbers)
    case .matrix(_, let numbers): numbers
    case .record(let fields): fields.sorted { $0.key < $1.key }.flatMap(\.value.numbers)
    }
  }

  // MARK: - Comparing

  /// The first difference in words: where, what is expected here, what came. Nil for none.
  func difference(
    from got: Result, name: String, axes: [String], tolerance: Double
  ) -> String? {
    switch (self, got) {
    case (.number(let expected), .number(let value)):
      if Self.agree(expected, value, tolerance) { return nil }
      return "\(name): expected \(Self.text(expected)), got \(Self.text(value, beside: expected))"
    case (.word(let expected), .word(let text)):
      return expected == text ? nil : "\(name): expected \(expected), got \(text)"
    case (.missing, .missing): return nil
    case (.matrix(let shape, let numbers), .matrix(let gotShape, let gotNumbers)):
      if shape != gotShape { return "\(name): expected shape \(shape), got \(gotShape)" }
      if numbers.count != gotNumbers.count {
        return "\(name): shape \(shape) needs \(numbers.count) numbers, got \(gotNumbers.count)"
      }
      return zip(numbers, gotNumbers).enumerated().lazy.compactMap { place, pair in
        Result.number(pair.0).difference(
          from: .number(pair.1), name: "\(name) [\(place / shape[1]), \(place % shape[1])]",
          axes: [], tolerance: tolerance)
      }.first
    case (.list(let elements), .list(let others)):
      if let problem = zip(elements, others).enumerated().lazy.compactMap({ place, pair in
        pair.0.difference(
          from: pair.1, name: name + (axes.first.map { " at \($0) = \(place)" } ?? " [\(place)]"),
          axes: Array(axes.dropFirst()), tolerance: tolerance)
      }).first, elements.count == others.count {
        return problem
      }
      if elements.count == others.count { return nil }
      return "\(name): expected \(Self.count(elements.count)), got \(others.count)"
    case (.record(let fields), .record(let others)):
      return fields.sorted { $0.key < $1.key }.lazy.compactMap { field, value in
        value.difference(
          from: others[field] ?? .missing, name: name + field, axes: axes, tolerance: tolerance)
      }.first
    default:
      return "\(name.isEmpty ? "the result" : name): expected \(kind), got \(got.kind)"
    }
  }

  private static func agree(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
    a == b || a.isNaN && b.isNaN || a.isFinite && abs(a - b) <= tolerance * max(1, abs(a))
  }

  private static func count(_ count: Int) -> String {
    count == 1 ? "1 element" : "\(count) elements"
  }

  private var kind: String {
    switch self {
    case .number(let value): Self.text(value)
    case .word(let text): text
    case .list: "a list"
    case .matrix: "a matrix"
    case .record: "a structure"
    case .missing: "nil"
    }
  }

  /// With as many digits as tell it from the number beside it, four at least.
  static func text(_ value: Double, beside other: Double? = nil) -> String {
    if value == value.rounded(), abs(value) < 1e6 { return "\(Int(value))" }
    func text(_ number: Double, _ digits: Int) -> String { String(format: "%.\(digits)g", number) }
    let digits = (4...16).first { digits in
      other.map { text($0, digits) != text(value, digits) } ?? true
    }
    return text(value, digits ?? 17)
  }

  // MARK: - What can be seen without knowing the exercise

  /// What the whole of the numbers tells, if it tells something.
  func observation(of got: Result, tolerance: Double) -> String? {
    let (expected, numbers) = (self.numbers, got.numbers)
    func are(_ function: (Double) -> Double) -> Bool {
      expected.count == numbers.count
        && zip(expected, numbers).allSatisfy { Self.agree(function($0), $1, tolerance) }
    }
    if numbers.contains(where: { $0.isNaN }), !expected.contains(where: { $0.isNaN }) {
      return
        "There are results that are no numbers (nan): 0/0, ∞ − ∞ or the logarithm of a negative."
    }
    if case .matrix(let shape, let values) = self, case .matrix(let other, let others) = got,
      other == shape.reversed(), shape[0] != shape[1],
      values.indices.allSatisfy({ place in
        Self.agree(
          values[place], others[place % shape[1] * shape[0] + place / shape[1]], tolerance)
      })
    {
      return "The numbers are right and stand transposed: rows and columns are swapped."
    }
    guard expected.contains(where: { $0 != 0 }), expected.count > 1 else { return nil }
    if !numbers.isEmpty, numbers.allSatisfy({ $0 == 0 }) { return "All of it is 0." }
    if are({ -$0 }) { return "The size is right everywhere, the sign is turned around." }
    if let place = expected.indices.max(by: { abs(expected[$0]) < abs(expected[$1]) }),
      numbers.count == expected.count
    {
      let factor = numbers[place] / expected[place]
      if factor.isFinite, are({ $0 * factor }) {
        return "Everything is \(Self.text(factor)) times what it should be."
      }
    }
    return nil
  }
}
