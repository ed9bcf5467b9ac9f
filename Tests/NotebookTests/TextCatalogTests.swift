import PlainText
import Testing

/// Texts found by their English.
@Suite struct TextCatalogTests {
  private func catalog(_ entries: String) -> TextCatalog {
    TextCatalog(reading: "<!-- texts -->\n" + entries, file: "A.zh.md")
  }

  @Test func aTextIsFoundWhole() {
    let texts = catalog("loss\n: 损失\n\nGRU\n: =\n")
    #expect(texts.translation(of: "loss") == "损失")
    #expect(texts.translation(of: "GRU") == "GRU")
    #expect(texts.translation(of: "losses") == nil)
    #expect(texts.translation(of: "") == nil)
    #expect(texts.problems == [])
  }

  @Test func valuesStandWhereTheTranslationHasThem() {
    let texts = catalog(
      """
      step %@ of %@
      : 共 %2$@ 步，第 %1$@ 步
      %@ steps
      : %@ 步
      the %@ wins
      : %@ 胜出
      better
      : 更好
      """)
    #expect(texts.translation(of: "step 3 of 12") == "共 12 步，第 3 步")
    #expect(texts.translation(of: "7 steps") == "7 步")
    // A value that is a word is translated by its own entry, another kept.
    #expect(texts.translation(of: "the better wins") == "更好 胜出")
    #expect(texts.translation(of: "the 7 steps wins") == "7 步 胜出")
    #expect(texts.translation(of: "the GRU wins") == "GRU 胜出")
  }

  @Test func aValueIsNeverEmpty() {
    let texts = catalog("a%@b\n: 甲%@乙\n%@-%@-\n: %2$@、%1$@\nx%@%@\n: %2$@又%1$@\n")
    #expect(texts.translation(of: "ab") == nil)
    #expect(texts.translation(of: "a b") == "甲 乙")
    #expect(texts.translation(of: "--") == nil)
    #expect(texts.translation(of: "---") == nil)
    #expect(texts.translation(of: "1-2-") == "2、1")
    // The first takes as little as can be, a whole character.
    #expect(texts.translation(of: "x长短期") == "短期又长")
    #expect(texts.translation(of: "x长") == nil)
  }

  @Test func theEntryWithMostLettersIsTaken() {
    let texts = catalog(
      """
      %@ of the state
      : 状态的 %@
      %@ of the state of %@
      : %2$@ 的状态的 %1$@
      half of the state
      : 状态的一半
      the %@
      : 这个 %@
      """)
    #expect(texts.translation(of: "half of the state") == "状态的一半")
    #expect(texts.translation(of: "part of the state of GRU") == "GRU 的状态的 part")
    #expect(texts.translation(of: "the end of the state") == "状态的 这个 end")
  }

  @Test func signsOfOtherLanguagesAreSigns() {
    let texts = catalog(
      #"""
      (a|b)* costs [%@]? 100%
      : （甲）花费 %@，占 100%
      $\frac{\nabla L}{%@}$ falls
      : $\frac{\nabla L}{%@}$ 下降
      a\nb
      : 甲\n乙
      %d is %@
      : %d 是 %@
      """#)
    #expect(texts.translation(of: "(a|b)* costs [3]? 100%") == "（甲）花费 3，占 100%")
    #expect(texts.translation(of: #"$\frac{\nabla L}{2}$ falls"#) == #"$\frac{\nabla L}{2}$ 下降"#)
    #expect(texts.translation(of: "a\nb") == "甲\n乙")
    #expect(texts.translation(of: "%d is x") == "%d 是 x")
    #expect(texts.problems == [])
  }

  /// A few letters that any sentence may have are no pattern of sentences.
  @Test func weakPatternsTakeNoProse() {
    let texts = catalog("%@ to %@\n: %@ 至 %@\nthe sea\n: 海\nlong enough, %@\n: 够长，%@\n")
    #expect(texts.translation(of: "1 to 3") == "1 至 3")
    #expect(texts.translation(of: "Oslo to Rome") == "Oslo 至 Rome")
    #expect(texts.translation(of: "2012-01-01 00:00 to the sea") == "2012-01-01 00:00 至 海")
    #expect(texts.translation(of: "he goes to the shop") == nil)
    #expect(texts.translation(of: "long enough, he goes") == "够长，he goes")
  }

  /// Prose comes in lines, its entry stands in one.
  @Test func linesOfProseAreOneText() {
    let texts = catalog("one two %@\n: 一二 %@\n")
    #expect(texts.translation(of: "one\n  two 3") == "一二 3")
  }

  @Test func filesOfAllKindsAreRead() {
    let text = "\u{FEFF}<!-- cell: a -->\r\nloss\r\n: none\r\n<!-- texts -->\r\nloss\r\n: 损失\r\n"
    let texts = TextCatalog(reading: text, file: "A.zh.md")
    #expect(texts.translation(of: "loss") == "损失")
    #expect(texts.entries.map(\.line) == [5])
    #expect(texts.problems == [])
    // What stands in a cell again is none.
    #expect(
      TextCatalog(reading: "<!-- texts -->\n<!-- cell: a -->\nb\n: 乙\n", file: "").isEmpty)
  }

  @Test func whatIsNearerIsTaken() {
    var texts = catalog("loss\n: 损失\n")
    texts.add(catalog("loss\n: 误差\nstep\n: 步\n"))
    #expect(texts.translation(of: "loss") == "损失")
    #expect(texts.translation(of: "step") == "步")
  }

  @Test(arguments: [
    ("a\n\nb\n: 乙\n", "A.zh.md:2: “a” has no translation below"),
    (": 甲\n", "A.zh.md:2: a translation stands here without its English"),
    ("a\n: 甲\na\n: 乙\n", "A.zh.md:4: “a” stands in line 2 already"),
    ("a %@\n: 甲\n", "A.zh.md:2: “a %@” has 1 values"),
    ("a %@ %@\n: 甲 %1$@ %1$@\n", "A.zh.md:2: “a %@ %@” has 2 values"),
    ("a %@ b %@\n: 甲 %@ %2$@\n", "A.zh.md:2: “a %@ b %@” has 2 values"),
    ("a\n: 甲 %@\n", "A.zh.md:2: “a” has 0 values"),
    ("a\n:\n", "A.zh.md:2: “a” has an empty translation"),
    ("%@ %@\n: %@ %@\n", "A.zh.md:2: “%@ %@” has values alone"),
    ("a", "A.zh.md:2: “a” has no translation below"),
  ])
  func whatIsWrongIsNamed(text: String, problem: String) {
    let texts = catalog(text)
    #expect(texts.problems.count == 1)
    #expect(texts.problems.first?.hasPrefix(problem) == true, "\(texts.problems)")
  }

  /// Thousands of entries, thousands of texts: what few entries can fit is tried alone.
  @Test func manyAreFound() {
    let texts = catalog(
      (0..<3000).map { "word\($0) has %@ steps\n: 词\($0) 有 %@ 步\n" }.joined())
    for number in 0..<3000 {
      #expect(texts.translation(of: "word\(number) has 5 steps") == "词\(number) 有 5 步")
    }
  }
}
