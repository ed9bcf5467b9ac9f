import TestSupport
import Testing

/// The components without eyes or without a mouse.
extension TouchedPagesTests {
  @Test(.enabled(if: Browser.path != nil, "no Chromium in PATH"))
  func reachedAndNamed() throws {
    let scratch = Scratch(), all = try components()
    let browser = try Browser()
    try browser.show(width: 390)
    try browser.open(try page(all, in: scratch))
    try browser.settle()
    // What a screen reader finds is what there is, and each has its name.
    let counts = try browser.evaluate(
      """
      ["[type=range]", "[type=radio]", "[type=text]", "button", "svg.drawing"]
        .map((kind) => document.querySelectorAll(".stage " + kind).length)
      """, as: [Int].self)
    let tree = try browser.accessibilityTree()
    for (roles, count) in zip(
      [["slider"], ["radio"], ["textbox"], ["button"], ["image", "img"]], counts)
    {
      let found = tree.filter { roles.contains($0.role) }
      #expect(found.count == count && count > 0, "\(roles)")
      for node in found {
        #expect(!node.name.isEmpty, "a \(node.role) without a name")
        if roles == ["slider"] {
          #expect(node.properties["valuetext"]?.isEmpty == false, "\(node.name)")
        }
        // A drawing says what it shows now.
        if roles.contains("img") { #expect(!node.description.isEmpty, "\(node.name)") }
      }
    }
    let groups = tree.count { $0.role == "group" && $0.name.contains("The printed figure") }
    #expect(groups == all.count)
    #expect(tree.count { $0.role == "status" } == all.count)
    try checkOrder(browser)
    try checkTargets(browser)
    try checkNews(browser)
  }

  private struct Focus: Decodable {
    var place: Int
    var isSeen: Bool
  }

  /// Tab leads to every control in the order in which they stand, and each shows that it has been reached.
  private func checkOrder(_ browser: Browser) throws {
    let expected = try browser.evaluate(
      """
      (() => { window.controls = [...document.querySelectorAll(".stage input, .stage button")]
          .filter((input) => input.type !== "radio" || input.checked);
        controls[0].focus(); return controls.length })()
      """, as: Int.self)
    // The page has other places to stop at between them.
    var reached = [0]
    for _ in 0..<4 * expected where reached.last! < expected - 1 {
      try browser.press("Tab", code: 9)
      let focus = try browser.evaluate(
        """
        ({place: controls.indexOf(document.activeElement),
          isSeen: getComputedStyle(document.activeElement).outlineStyle !== "none"})
        """, as: Focus.self)
      #expect(focus.isSeen)
      if focus.place >= 0 { reached.append(focus.place) }
    }
    #expect(reached == Array(0..<expected))
  }

  /// 24 pixels each way for a finger, as WCAG 2.2 (AA) asks for.
  private func checkTargets(_ browser: Browser) throws {
    let small = try browser.evaluate(
      """
      [...document.querySelectorAll(
        ".stage :is(input:not([type=radio]), label:has([type=radio]), button, .grip, .strip)")]
        .map((one) => [one.getBoundingClientRect(), one])
        .filter(([box]) => box.width < 24 || box.height < 24)
        .map(([box, one]) => `${one.outerHTML.slice(0, 60)} ${box.width} ${box.height}`)
      """, as: [String].self)
    #expect(small == [])
  }

  /// A digit without drawing; and screen readers are told what is shown, once nothing moves any more.
  private func checkNews(_ browser: Browser) throws {
    let stage = "document.querySelector('[data-component=digit]').stage"
    let sheet = "\(stage).root.querySelector('image').getAttribute('href')"
    let before = try browser.evaluate(
      "(\(stage).root.querySelectorAll('button')[1].focus(), \(sheet))", as: String.self)
    try browser.press(" ", code: 32)
    #expect(try browser.evaluate(sheet, as: String.self) != before)
    let isTold = try browser.evaluate(
      """
      (() => { const stage = \(stage);
        stage.sliders[0].value = 3; stage.update();
        const isEarly = stage.heard.textContent === stage.said.textContent;
        return new Promise((done) => {
          const look = () => stage.heard.textContent === stage.said.textContent
            ? done([isEarly, true]) : requestAnimationFrame(look);
          look();
        }) })()
      """, as: [Bool].self)
    #expect(isTold == [false, true])
  }
}
