import Foundation

/// The lines of a forward pass. Values are numbered; an expression that is used once stands where it is
/// used, others get a name.
struct ForwardText {
  private enum Value {
    case fixed(String)
    case expression(String, name: String, isCompound: Bool)
    /// Given by a group of lines.
    case named(String)
  }
  private enum Step {
    case value(Int)
    case group([Int], [String])
  }
  private var values: [Value] = []
  private var steps: [Step] = []
  private var claimed: Set<String> = []
  private static let width = 92

  static func mark(_ number: Int) -> String { "\u{2}\(number)\u{2}" }

  /// A name of its own for an argument.
  mutating func claim(_ name: String) -> String {
    let free = Python.free(Python.identifier(name), besides: claimed)
    claimed.insert(free)
    return free
  }

  mutating func add(fixed text: String) -> Int {
    values.append(.fixed(text))
    return values.count - 1
  }

  mutating func add(_ expression: String, _ name: String, isCompound: Bool) -> Int {
    values.append(.expression(expression, name: name, isCompound: isCompound))
    steps.append(.value(values.count - 1))
    return values.count - 1
  }

  mutating func add(_ names: [String], _ made: ([String]) -> [String]) -> [Int] {
    let numbers = Array(values.count..<values.count + names.count)
    values += names.map { .named($0) }
    steps.append(.group(numbers, made(numbers.map(Self.mark))))
    return numbers
  }

  /// All lines, the last one giving these back.
  func lines(returning results: [String]) -> [String] {
    let last = "return " + results.joined(separator: ", ")
    var uses = [Int](repeating: 0, count: values.count)
    func count(_ text: String) {
      for part in Self.parts(text) { if case .value(let number) = part { uses[number] += 1 } }
    }
    count(last)
    for step in steps {
      switch step {
      case .value(let number):
        if case .expression(let text, _, _) = values[number] { count(text) }
      case .group(_, let lines): lines.forEach(count)
      }
    }
    var texts = [(text: String, isCompound: Bool)?](repeating: nil, count: values.count)
    for (number, value) in values.enumerated() {
      if case .fixed(let text) = value { texts[number] = (text, text.hasPrefix("-")) }
    }
    var taken = claimed, lines: [String] = []
    func named(_ number: Int, _ name: String) -> String {
      let free = Python.free(Python.identifier(name), besides: taken)
      taken.insert(free)
      texts[number] = (free, false)
      return free
    }
    for step in steps {
      switch step {
      case .group(let numbers, let made):
        for number in numbers {
          guard case .named(let name) = values[number] else { continue }
          // Mentioned once: where it is made.
          if uses[number] == 1 { texts[number] = ("_", false) } else { _ = named(number, name) }
        }
        lines += made.map { Self.filled($0, texts) }
      case .value(let number):
        guard case .expression(let template, let name, let isCompound) = values[number] else {
          continue
        }
        let text = Self.filled(template, texts)
        if uses[number] == 0 { continue }
        if uses[number] == 1, text.count < Self.width - 40 {
          texts[number] = (text, isCompound)
        } else {
          lines.append("\(named(number, name)) = \(text)")
        }
      }
    }
    return lines + [Self.filled(last, texts)]
  }

  private enum Part {
    case text(Substring)
    case value(Int)
  }

  private static func parts(_ text: String) -> [Part] {
    text.split(separator: "\u{2}", omittingEmptySubsequences: false).enumerated().map {
      $0.offset % 2 == 0 ? .text($0.element) : .value(Int($0.element)!)
    }
  }

  private static func filled(
    _ template: String, _ texts: [(text: String, isCompound: Bool)?]
  ) -> String {
    let parts = parts(template)
    var filled = ""
    for (place, part) in parts.enumerated() {
      switch part {
      case .text(let text): filled += text
      case .value(let number):
        guard let (text, isCompound) = texts[number] else { continue }
        var after: Character?
        if place + 1 < parts.count, case .text(let next) = parts[place + 1] { after = next.first }
        // Alone between brackets and commas it needs none of its own.
        let isAlone =
          (filled.isEmpty || "([".contains(filled.last!) || filled.hasSuffix(", ")
            || filled == "return ") && (after.map { "),]".contains($0) } ?? true)
        filled += isCompound && !isAlone ? "(\(text))" : text
      }
    }
    return filled
  }
}
