extension SourceFile {
  /// A call of `prose` or `show` before its code is known: its first and last token.
  struct Call {
    let kind: Mark.Call
    let first: Int
    let last: Int
  }

  /// The calls on a page in their order. Whether a variable is a page its declared type says, not
  /// its name; where the file says nothing of it, it is one if the call looks like a page's.
  func findCalls() -> [Call] {
    let names = PageNames(self)
    var calls: [Call] = []
    var index = 0
    while index + 2 < tokens.count {
      defer { index += 1 }
      guard let kind: Mark.Call = ["prose": .prose, "show": .show][text(tokens[index])],
        text(tokens[index + 1]) == "(", let end = self.end(ofBracketAt: index + 1)
      else { continue }
      let isMember = index > 1 && text(tokens[index - 1]) == "."
      let first: Int
      if isMember {
        let receiver = last(before: index - 1, notIn: ["?", "!"])
        guard names.isPage(receiver) ?? looksLikePages(kind, index + 2) else { continue }
        first = beginning(ofMemberAt: index - 1, after: calls.last?.last ?? -1)
      } else {
        let isDeclaration = index > 0 && text(tokens[index - 1]) == "func"
        guard names.isInside(index), !isDeclaration else { continue }
        first = index
      }
      calls.append(Call(kind: kind, first: withTry(first), last: end))
      index = end
    }
    return calls
  }

  /// A page's methods take a text without a label first; of `show` there are more in the world.
  private func looksLikePages(_ kind: Mark.Call, _ argument: Int) -> Bool {
    let token = tokens[argument]
    return kind == .prose || token.kind == .string
      || token.kind == .name && argument + 1 < tokens.count && text(tokens[argument + 1]) != ":"
  }

  /// Where `a.b(c)[d]?.prose` begins, the dot before `prose` being given.
  private func beginning(ofMemberAt dot: Int, after floor: Int) -> Int {
    var dot = dot
    while true {
      var start = last(before: dot, notIn: ["?", "!"])
      while start > floor + 1, let opening = openings[start] {
        // What is called or looked into stands before the bracket.
        let before = opening - 1
        guard before > floor, tokens[before].kind != .punctuation || openings[before] != nil,
          tokens[before].kind != .keyword || text(tokens[before]) == "self"
        else { return opening }
        start = before
      }
      guard start - 1 > floor + 1, text(tokens[start - 1]) == "." else { return start }
      dot = start - 1
    }
  }

  private func last(before index: Int, notIn marks: Set<String>) -> Int {
    var index = index - 1
    while index > 0, marks.contains(text(tokens[index])) { index -= 1 }
    return index
  }

  /// The place of a `try` or `await` before, if there is one.
  private func withTry(_ first: Int) -> Int {
    var first = first
    while first > 0, ["try", "await"].contains(text(tokens[first - 1])) { first -= 1 }
    return first
  }
}

/// Which names of a file are pages by their declared types, and where a page's own methods stand.
private struct PageNames {
  private let file: SourceFile
  /// Whether a name is declared to be a page; one that is both is one.
  private var declared: [String: Bool] = [:]
  /// For each token in how many extensions of `Page` it stands.
  private var extensionDepth: [Int]

  init(_ file: SourceFile) {
    self.file = file
    let tokens = file.tokens
    func text(_ index: Int) -> String { index < tokens.count ? file.text(tokens[index]) : "" }
    var types: Set = ["Page"]
    extensionDepth = [Int](repeating: 0, count: tokens.count + 1)
    for index in tokens.indices where tokens[index].kind == .keyword {
      if text(index) == "typealias", text(index + 2) == "=", text(index + 3) == "Page" {
        types.insert(text(index + 1))
      }
      if text(index) == "extension", text(index + 1) == "Page",
        let open = tokens.indices[index...].prefix(64).first(where: { text($0) == "{" }),
        let close = file.end(ofBracketAt: open)
      {
        extensionDepth[open] += 1
        extensionDepth[close] -= 1
      }
    }
    for index in tokens.indices.dropFirst() { extensionDepth[index] += extensionDepth[index - 1] }
    for index in tokens.indices.dropLast(2)
    where tokens[index].kind == .name && text(index + 1) == ":" {
      var type = index + 2
      while ["inout", "borrowing", "consuming", "sending"].contains(text(type)) { type += 1 }
      while text(type + 1) == ".", type + 2 < tokens.count, tokens[type + 2].kind == .type {
        type += 2
      }
      guard type < tokens.count, tokens[type].kind == .type else { continue }
      declared[text(index), default: false] =
        declared[text(index)] == true || types.contains(text(type))
    }
  }

  /// Nil where the file doesn't say.
  func isPage(_ receiver: Int) -> Bool? {
    switch file.tokens[receiver].kind {
    case .name: declared[file.text(file.tokens[receiver])]
    case .keyword: isInside(receiver) ? true : nil
    case .type: false
    default: nil
    }
  }

  /// Whether a token stands in an extension of `Page`, where its methods need no receiver.
  func isInside(_ index: Int) -> Bool { extensionDepth[index] > 0 }
}
