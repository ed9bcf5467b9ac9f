import TestSupport
import Testing

/// What the components say, in both languages and of odd things.
extension TouchedPagesTests {
  /// Between Chinese sentences is no space, and what the reader types keeps its own.
  @Test(.enabled(if: Browser.path != nil, "no Chromium in PATH"))
  func sentencesInChinese() throws {
    let scratch = Scratch(), browser = try Browser()
    try browser.show(width: 1400)
    try browser.open(page(components(), in: scratch, language: "zh"))
    let texts = try browser.evaluate(
      "[...document.querySelectorAll('.said, .hint')].map((one) => one.textContent)",
      as: [String].self)
    #expect(texts.count == 22)
    for text in texts {
      #expect(text.contains(#/\p{Han}/#) && !text.contains(#/[。：；] /#), "\(text)")
    }
    let name = "document.querySelector('[data-component=name]')"
    _ = try browser.evaluate(
      "(\(name).querySelector('input[type=text]').select(), 1)", as: Int.self)
    try browser.type("王。 王")
    let said = try browser.evaluate(
      "\(name).querySelector('.said').textContent", as: String.self)
    #expect(said.hasPrefix("读完“王。 王”之后：") && said.contains("。它从未见过“王”、“。”"), "\(said)")
  }

  @Test(.enabled(if: Browser.path != nil, "no Chromium in PATH"))
  func oddThings() throws {
    let scratch = Scratch(), browser = try Browser()
    try browser.show(width: 1400)
    try browser.open(page(components(), in: scratch))
    // A probability that rounds to 0 or 1 is neither.
    let shares = try browser.evaluate(
      "[0.0049, 0.006, 0.5, 0.99, 0.9999].map(unroll.share)", as: [String].self)
    #expect(shares == ["< 0.01", "0.01", "0.50", "0.99", "> 0.99"])
    func said(_ component: String, typing text: String) throws -> String {
      let figure = "document.querySelector('[data-component=\(component)]')"
      _ = try browser.evaluate(
        "((field) => { field.value = ''; field.dispatchEvent(new Event('input')); field.focus(); return 1 })"
          + "(\(figure).querySelector('input[type=text]'))", as: Int.self)
      try browser.type(text)
      // Some write for several frames.
      return try browser.evaluate(
        """
        new Promise(done => { const look = () => { const text = \(figure).querySelector('.said').textContent;
          if (text.endsWith('…')) requestAnimationFrame(look); else done(text) }; look() })
        """, as: String.self)
    }
    #expect(try said("writer", typing: "").hasPrefix("Without a beginning: 160 characters, "))
    #expect(try said("writer", typing: "on 王王").hasSuffix(". It never met “王”."))
    #expect(try said("name", typing: "王王").hasSuffix(". It never met “王”."))
    #expect(try said("date", typing: "3.5.1999 王").hasSuffix(". It never met “王”."))
    #expect(
      try said("date", typing: "3.5.1999").hasPrefix("It writes ")
        && said("date", typing: "3.5.1999").contains(#/, with probability [<>]? ?0\.\d\d\. For /#))
    // Narrower than any telephone, nothing is drawn with less than no width.
    try browser.show(width: 60)
    try browser.settle()
    #expect(browser.console == [])
  }
}
