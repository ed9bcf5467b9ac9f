import Testing

/// Every public operation of Autograd has values from elsewhere and a gradient that is checked.
struct OperationListTests {
  /// What has no golden case, and why.
  static let withoutGoldenCase = [
    "dropout": "what it sets to 0 is drawn; FunctionTests counts",
    "layerNorm": "the layer, which is no more than this, has cases of its own (layers.json)",
    "narrow": "a view of the same numbers, as slice is; ShapeTests compares it by a loop",
    "select": "a view of the same numbers, as slice is; ShapeTests compares it by a loop",
    "squeezed": "a change of shape, as reshape is; ShapeTests compares it by a loop",
    "unsqueezed": "a change of shape, as reshape is; ShapeTests compares it by a loop",
  ]
  /// What has no gradient check, and why.
  static let withoutGradientCheck = [
    "argmax": "its results are whole numbers",
    "argmin": "its results are whole numbers",
    "dropout":
      "a difference would be between two draws; FunctionTests compares with the numbers kept",
  ]

  /// Functions that are no operations on numbers.
  static let noOperations: Set = [
    "backward", "detach", "zeroGrad", "noGrad", "gradientCheck", "outputs", "zeros", "ones",
    "posterior",  // of a lattice of plain numbers
  ]

  /// The names of the public functions on tensors, and of the free ones.
  private func operations() throws -> Set<String> {
    var names: Set<String> = []
    for file in try Checkout.sources(below: "Sources/Autograd") {
      let text = try Checkout.text(file).withoutComments
      for match in text.matches(
        of: #/public (?:static )?(?:prefix )?(?:final )?func (`?[a-zA-Z]\w*`?|[^\s\w(]+)/#)
      {
        names.insert(String(match.1.filter { $0 != "`" }))
      }
    }
    return names.subtracting(Self.noOperations)
  }

  private func text(below folder: String) throws -> String {
    try Checkout.sources(below: folder).map { try Checkout.text($0).withoutComments }
      .joined(separator: "\n")
  }

  private func isUsed(_ name: String, in text: String) -> Bool {
    guard name.first!.isLetter else {
      return text.contains(" \(name) ") || text.contains("\(name)$0")
    }
    // Not \b, which finds no word's beginning behind the point of `x.tanh()`.
    return text.contains(try! Regex(#"\W\#(name)\("#))
  }

  @Test func everyOperationHasAGoldenCase() throws {
    let golden = try text(below: "Tests/GoldenTests")
    let missing = try operations().filter { !isUsed($0, in: golden) }
    #expect(missing.sorted() == Self.withoutGoldenCase.keys.sorted())
  }

  @Test func everyOperationHasAGradientCheck() throws {
    let text = try text(below: "Tests/AutogradTests")
    // The calls of `check` and `gradientCheck` with their closures, but what values are compared with.
    var checked = ""
    for match in text.matches(of: #/\b(?:check|gradientCheck)\(/#) {
      var end = text.index(after: text.closing(after: match.range.upperBound))
      checked += text[match.range.upperBound..<end]
      if let closure = text[end...].prefixMatch(of: #/\s*\{/#) {
        let start = closure.range.upperBound
        end = text.closing(after: start)
        checked += text[start..<end]
      }
    }
    let missing = try operations().filter { !isUsed($0, in: checked) }
    #expect(missing.sorted() == Self.withoutGradientCheck.keys.sorted())
  }
}
