import Foundation
import TestSupport
import Testing
import TextModels

@Suite struct LabeledTextsTests {
  private func read(_ files: [String: String]) throws -> LabeledTexts {
    try withTemporaryFolder { folder in
      try write(files, folder)
      return try LabeledTexts(folder: folder)
    }
  }

  private func write(_ files: [String: String], _ folder: URL) throws {
    for (name, text) in files {
      let file = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(
        at: name.hasSuffix("/") ? file : file.deletingLastPathComponent(),
        withIntermediateDirectories: true)
      if !name.hasSuffix("/") { try Data(text.utf8).write(to: file) }
    }
  }

  @Test func aFileIsAClassAndALineAText() throws {
    let texts = try read([
      "中文.txt": "\u{FEFF}白日依山盡\r\n黃河入海流\r\n", "عربي.txt": "سلام\n\n  \nمرحبا  ",
      "emoji.txt": "👩‍👩‍👧 🇨🇭\rcafe\u{301}", ".DS_Store": "\0", "notes.md": "# read me",
    ])
    #expect(texts.classes == ["emoji", "عربي", "中文"])
    #expect(texts.counts == [2, 2, 2])
    #expect(
      Set(texts.texts) == ["白日依山盡", "黃河入海流", "سلام", "مرحبا", "👩‍👩‍👧 🇨🇭", "café"])
    #expect(texts.sources[texts.texts.firstIndex(of: "مرحبا")!] == "عربي.txt, line 4")
    #expect(texts.notes == ["passed over 1: notes.md", "left out 2 empty lines"])
  }

  @Test func aFolderIsAClassAndAFileAText() throws {
    let texts = try read([
      "ham/1.txt": "hello\nthere\n", "ham/2.txt": " \n", "ham/3.txt": "", "ham/old/4.txt": "no",
      "spam/a.TXT": "buy", "spam/b.csv": "1,2", "spam/.hidden.txt": "no", "README": "of all",
    ])
    #expect(texts.classes == ["ham", "spam"])
    #expect(
      texts.texts == ["hello\nthere", "buy"] && texts.sources == ["ham/1.txt", "spam/a.TXT"])
    #expect(
      texts.notes == [
        "passed over 3: README, ham/old, spam/b.csv",
        "left out empty files, 2: ham/2.txt, ham/3.txt",
      ])
  }

  @Test func withoutATextFileAllFilesAreTaken() throws {
    let texts = try read(["polarity.neg": "bad\nworse\n", "polarity.pos": "good\n"])
    // Two files of one name are told apart by their endings.
    #expect(texts.classes == ["polarity.neg", "polarity.pos"] && texts.counts == [2, 1])
    #expect(try read(["a/1": "x", "b/2": "y"]).texts == ["x", "y"])
  }

  @Test func whatIsNoSetOfClassesIsRefused() throws {
    for (files, message) in [
      ([:], ": there are no text files in it"),
      ([".x": "a"], ": there are no text files in it"),
      (["one.txt": "a\nb"], ": has one class only, one: there is nothing to tell apart"),
      (["a/1.txt": "x"], ": has one class only, a: there is nothing to tell apart"),
      (
        ["a/1.txt": "x", "b.txt": "y"],
        ": has folders (a) and text files (b.txt): a class is the one or the other"
      ),
      (["a.txt": "x", "b.txt": " \n\n"], "b: the class has no text"),
      (["a.txt": "x", "b.txt": ""], "b: the class has no text"),
      (["a/1.txt": "x", "b/": ""], "b: the class has no text"),
      (["a/1.txt": "x", "b/2.txt": "\0"], "b/2.txt: is no text: it holds bytes that are zero"),
    ] as [([String: String], String)] {
      do {
        _ = try read(files)
        Issue.record("\(files) were read")
      } catch { #expect("\(error)".hasSuffix(message), "\(error)") }
    }
    try withTemporaryFile([65], name: "a.txt") { file in
      #expect(throws: TextError(file: file.path, problem: "is no folder")) {
        try LabeledTexts(folder: file)
      }
      let none = file.appendingPathComponent("none")
      #expect(throws: TextError(file: none.path, problem: "there is no such folder")) {
        try LabeledTexts(folder: none)
      }
    }
    try withTemporaryFolder { folder in
      try Data([0x61, 0x0A, 0xE9, 0x0A]).write(to: folder.appendingPathComponent("a.txt"))
      #expect(throws: TextError(file: "a.txt", line: 2, problem: "is not UTF-8 here")) {
        try LabeledTexts(folder: folder)
      }
    }
  }

  private let uneven = LabeledTexts(
    (0..<111).map { "text \($0)" }, labels: (0..<111).map { $0 < 100 ? 0 : $0 < 110 ? 1 : 2 },
    classes: ["many", "some", "one"])

  @Test func everyClassGivesItsShare() {
    let (training, heldOut) = uneven.split(holdingOut: 0.2, seed: 3)
    #expect(training.counts == [80, 8, 1] && heldOut.counts == [20, 2, 0])
    #expect(Set(training.texts + heldOut.texts).count == 111)
    #expect(uneven.split(holdingOut: 0.2, seed: 3).heldOut == heldOut)
    #expect(uneven.split(holdingOut: 0.2, seed: 4).heldOut != heldOut)
  }

  @Test func copiesStayTogether() {
    let texts = LabeledTexts(
      (0..<90).map { "text \($0 % 30)" }, labels: (0..<90).map { $0 % 30 < 15 ? 0 : 1 },
      classes: ["a", "b"])
    let (training, heldOut) = texts.split(holdingOut: 0.2, seed: 1)
    #expect(training.counts == [36, 36] && heldOut.counts == [3, 3])
    #expect(Set(training.texts).isDisjoint(with: heldOut.texts))
    let folds = texts.folds(5, seed: 1)
    #expect(folds.joined().sorted() == Array(0..<90) && folds.allSatisfy { $0.count == 18 })
    for fold in folds { #expect(Set(fold.map { texts.texts[$0] }).count == 6) }
  }

  @Test func whatIsLearnedFromIsNotTestedOn() throws {
    let other = LabeledTexts(
      ["text 0", "text 0", "text 105", "new"], labels: [1, 0, 1, 1], classes: ["some", "many"])
    // In another class the same text is a question of its own.
    #expect(other.removing(uneven).texts == ["text 0", "text 105", "new"])
    let renumbered = try other.renumbered(uneven.classes)
    #expect(renumbered.labels == [0, 1, 0, 0] && renumbered.classes == uneven.classes)
    #expect(throws: TextError.self) { try uneven.renumbered(other.classes) }
  }
}
