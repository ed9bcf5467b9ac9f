import Notebook
import Testing

@Suite struct FigureCodeTests {
  private func parts(_ code: String) -> [String] {
    FigureCode.parts(of: code).map { ($0.kind == .computing ? "" : "\($0.kind): ") + $0.code }
  }

  @Test func whatDrawsIsToldFromWhatComputes() {
    #expect(
      parts(
        """
        let errors = train()

        var loss = Figure("Loss", x: "epoch")
        loss.line(y: errors)
        try page.figure(loss)
        page.result("loss", errors.last!)
        """) == [
          "let errors = train()",
          """
          drawing: var loss = Figure("Loss", x: "epoch")
          loss.line(y: errors)
          try page.figure(loss)
          """,
          #"page.result("loss", errors.last!)"#,
        ])
  }

  /// What a reader moves is made as a figure is.
  @Test func whatIsMovedIsDrawnToo() {
    let code = """
      var loss = Figure("Loss", x: "epoch")
      loss.line(y: errors)
      try page.interactive(
        Interactive(.cell, data: run, fallback: loss))
      """
    #expect(
      parts(code + "\npage.result(\"loss\", 1)") == [
        "drawing: " + code, #"page.result("loss", 1)"#,
      ])
  }

  /// What moves is made of figures.
  @Test func whatMovesIsDrawnToo() {
    let code = """
      let learning = Animation(3) { step in
        var frame = Figure("Step")
        frame.line(y: answers[step])
        return frame
      }
      try page.animation("Learning", learning)
      """
    #expect(
      parts("let answers = learn()\n" + code) == ["let answers = learn()", "drawing: " + code])
  }

  @Test func aCallOfSeveralLinesIsOneAndTwoFiguresFoldTogether() {
    let code = """
      var a = Figure("A")
      try page.figure(
        .grid("Two", [
          a,
        ]))

      let b = Figure.grid("B", [])
      try page.figure(b)
      """
    #expect(parts(code).count == 1 && parts(code)[0].hasPrefix("drawing: "))
    #expect(parts("try page.figure(a)\nlet x = 1") == ["drawing: try page.figure(a)", "let x = 1"])
  }

  @Test func whatMeasuresOnTheWayIsShown() {
    for code in [
      "var a = Figure(\"A\")\npage.result(\"a\", 1)\ntry page.figure(a)\nlet b = 1",
      "var a = Figure(\"A\")\na.line(y: x)",
      "for kind in kinds {\n  var a = Figure(\"A\")\n  a.line(y: x)\n}",
      "",
    ] {
      let parts = FigureCode.parts(of: code)
      #expect(parts.allSatisfy { $0.kind != .drawing } || code.contains("result"))
      #expect(
        parts.map(\.code).joined(separator: "\n") == code, "nothing is lost")
    }
  }

  @Test func loopsThatDrawFoldAsAWhole() {
    let code = "var a = Figure(\"A\")\nfor k in 0..<3 {\n  a.line(y: [k])\n}\ntry page.figure(a)"
    #expect(parts(code) == ["drawing: " + code])
  }

  /// The sentence stands below, with what it came to.
  @Test func whatClaimsFolds() {
    let claim = "page.claim(\n  \"The LSTM (32 units) wins.\",\n  holds: lstm < rnn)"
    #expect(
      parts("let rnn = 1\n\n\(claim)\npage.claim(\"a\", holds: true)\nlet b = 2") == [
        "let rnn = 1", "claiming: \(claim)\npage.claim(\"a\", holds: true)", "let b = 2",
      ])
    #expect(parts("for k in 0..<3 {\n  \(claim)\n}").count == 1, "it needs its loop")
  }

  /// The answer stands below, folded, too; the code of the question stays.
  @Test func whatRevealsFolds() {
    let reveal = "page.reveal(\n  guess, right: gain > 5 ? 2 : 0,\n  \"\\(gain) times as fast.\")"
    let asked = "let guess = page.predict(\"How fast?\", [\"as fast\", \"faster\"])\nlet gain = 3"
    let claim = "page.claim(\"a\", holds: gain > 2)"
    #expect(
      parts("\(asked)\n\(reveal)\n\(claim)\nlet b = 2") == [
        asked, "claiming: \(reveal)\n\(claim)", "let b = 2",
      ])
    let figure = "var a = Figure(\"A\")\n\(reveal)\ntry page.figure(a)"
    #expect(
      parts(figure) == [
        "var a = Figure(\"A\")", "claiming: \(reveal)", "drawing: try page.figure(a)",
      ])
  }
}
