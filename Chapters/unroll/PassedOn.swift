import Foundation
import Notebook
import ThisBook

/// A command line taken apart: what `unroll` understands itself, and the options of the chapters'
/// own that it hands on. Those may stand anywhere, and after `--` all that follows is the chapters'.
struct PassedOn {
  private(set) var own: [String] = []
  /// What to hand on, in order; `option` is the name that a chapter must know, or nil for a word
  /// that goes to every chapter as it is.
  private var words: [(option: String?, words: [String])] = []

  /// Asked of the programs when an option is met that isn't `unroll`'s.
  private static let options: [String: [String: Bool]] = Dictionary(
    uniqueKeysWithValues: Book.unroll.programs.map { ($0, Book.ownOptions(of: $0)) })

  init(_ arguments: [String]) {
    var isAfterDashes = false
    var rest = arguments[...]
    while let word = rest.popFirst() {
      let name = String(word.prefix { $0 != "=" })
      func withValue(_ isFollowed: Bool) -> [String] {
        isFollowed && name == word ? [word] + (rest.popFirst().map { [$0] } ?? []) : [word]
      }
      if word == "--", !isAfterDashes {
        isAfterDashes = true
        while let next = rest.first, !next.hasPrefix("-") {
          own.append(next)
          rest.removeFirst()
        }
      } else if !isAfterDashes, CommonOptions.valued.contains(name) {
        own += withValue(true)
      } else if !isAfterDashes, !word.hasPrefix("-") || CommonOptions.flags.contains(name) {
        own.append(word)
      } else if let isFollowed = Self.options.values.lazy.compactMap({ $0[name] }).first {
        words.append((name, withValue(isFollowed)))
      } else if isAfterDashes {
        words.append((nil, [word]))
      } else {
        own.append(word)
      }
    }
  }

  /// The own options that are handed to a chapter's program.
  func arguments(for program: String) -> [String] {
    words.flatMap { option, words in
      option.map { Self.options[program]?[$0] != nil } ?? true ? words : []
    }
  }

  /// What is wrong with handing the options to these programs and no others.
  func problem(for programs: [String]) -> String? {
    for case (let option?, let words) in words
    where words == [option] && Self.options.values.contains(where: { $0[option] == true }) {
      return "Missing value for '\(option)'"
    }
    for case (let option?, _) in words
    where !programs.contains(where: { Self.options[$0]?[option] != nil }) {
      let owners = Book.unroll.programs.filter { Self.options[$0]?[option] != nil }
      return "'\(option)' is an option of \(owners.joined(separator: ", ")), which isn't run here."
    }
    if programs.isEmpty, let word = words.first?.words.first {
      return "'\(word)' is for a chapter, and none is run here."
    }
    return nil
  }

  /// The first word among `own` that looks like an option and is none, with what may have been meant.
  var unknownOption: String? {
    var rest = own[...]
    while let word = rest.popFirst() {
      let name = String(word.prefix { $0 != "=" })
      if CommonOptions.valued.contains(name), name == word { _ = rest.popFirst() }
      guard name.hasPrefix("--"), name.count > 2,
        !CommonOptions.valued.contains(name), !CommonOptions.flags.contains(name),
        !name.contains("completion"), !name.contains("experimental")
      else { continue }
      let known = CommonOptions.valued.union(CommonOptions.flags)
        .union(Self.options.values.flatMap(\.keys))
      return "Unknown option '\(name)'" + suggestion(for: name, among: known.sorted())
    }
    return nil
  }
}
