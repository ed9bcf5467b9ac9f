import Foundation
import Notebook
import Testing

@Suite struct TeXTests {
  @Test(arguments: [
    (
      #"r_t = \sigma(W_{ir} x_t), z_t = \sigma(W_{iz} x_t)"#,
      "r_t = σ(W_{ir} x_t), z_t = σ(W_{iz} x_t)"
    ),
    (#"f''_z(x^2)"#, "f_z′′(x²)"),
    (#"h_t = \tanh(W_{ih} x_t + b_{ih} + W_{hh} h_{t-1})"#, "hₜ = tanh(Wᵢₕ xₜ + bᵢₕ + Wₕₕ hₜ₋₁)"),
    (#"C_t = F_t \odot C_{t-1} + I_t \odot \tilde{C}_t"#, "Cₜ = Fₜ ⊙ Cₜ₋₁ + Iₜ ⊙ C̃ₜ"),
    (#"\frac{\partial L}{\partial W_{hh}}"#, "∂L/∂Wₕₕ"),
    (#"\frac{a + b}{2}"#, "(a + b)/2"),
    (#"\frac{1}{\frac{a}{b}}"#, "1/(a/b)"),
    (#"\sum_{t=1}^{T} x_t^2"#, "∑ₜ₌₁ᵀ xₜ²"),
    (#"\hat y_t = \sigma(z)"#, "ŷₜ = σ(z)"),
    (#"x^{\top} y, \quad \sqrt{2\pi}"#, "xᵀ y, √(2π)"),
    (#"\max_k z_k"#, "maxₖ zₖ"),
    (#"-1 \le x \ne -y"#, "−1 ≤ x ≠ −y"),
    (#"\mathbf{W} \in \mathbb{R}^{n \times m}"#, "W ∈ ℝ^{n×m}"),
    (#"\left( \frac{a}{b} \right)^2"#, "(a/b)²"),
    (#"\begin{bmatrix} a & b \\ c & d \end{bmatrix} x"#, "[a b; c d] x"),
    (#"\text{if } x \ge 0"#, "if x ≥ 0"),
    (#"\operatorname{softmax}(o)_j"#, "softmax(o)ⱼ"),
    (#"10\,\% \text{ of } \$5"#, "10% of $5"),
    (#"f'(x)"#, "f′(x)"),
    (#"\overline{x}"#, "x̅"),
    (#"\underbrace{W x}_{\text{input}}"#, "Wx [input]"),
    (#"e^{-x/2}"#, "e^{−x/2}"),
    (#"\log p(x \mid y)"#, "log p(x ∣ y)"),
  ])
  func plainText(tex: String, text: String) {
    #expect(UnicodeMath.text(tex) == text)
  }

  @Test func longFormulasHavePlacesToBreak() throws {
    func pieces(_ tex: String) -> [Int]? { MathML.broken(tex)?.map(\.count) }
    #expect(pieces(#"h_t = \tanh(x_t W + b + h_{t-1} U + c)"#) == [5])
    #expect(pieces(#"a = b, \qquad c = d"#) == [2, 2])
    #expect(pieces(#"\begin{aligned} a &= b + c \\ d &= -e, & f &= g \end{aligned}"#) == [3, 2, 2])
    // One piece, and what cannot be read.
    #expect(pieces(#"\frac{a + b}{c}"#) == nil)
    #expect(pieces(#"\unknown{a} = b"#) == nil)
    #expect(pieces("-a") == nil)
    // A sign that begins a line stands between two terms.
    let line = try #require(MathML.broken("a - b")?.first)
    #expect(line[1].contains(#"<mo form="infix">−</mo>"#))
  }

  @Test func formulasThatAreReadTogetherHaveOneNotation() {
    let math = UnicodeMath(for: ["W_{ir} x^2", "W_{iz}"])
    #expect(math.text("W_{ir} x^2") == "W_{ir} x²")
    let cell = CellRecord(id: "a", prose: Markdown.parse("# $W_{hn}$\n\n- $W_{ir}$\n- $W_{iz}$"))
    var told = ""
    Terminal(width: 80, colors: false) { told += $0 }.begin(cell)
    #expect(told == "W_{hn}\n──────\n\n• W_{ir}\n• W_{iz}\n\n")
  }

  @Test func displayedRowsAreAligned() {
    let tex = #"\begin{aligned} i_t &= \sigma(a) \\ \tilde c_t &= \tanh(b) \end{aligned}"#
    #expect(UnicodeMath.lines(tex) == ["iₜ = σ(a)", "c̃ₜ = tanh(b)"])
    let cases = #"|x| = \begin{cases} x & \text{if } x > 0 \\ -x & \text{otherwise} \end{cases}"#
    #expect(
      UnicodeMath.lines(cases) == ["|x| = ⎧ x    if x > 0", "      ⎩ −x   otherwise"])
  }

  @Test(arguments: [
    (#"x_t^2"#, "<msubsup><mi>x</mi><mi>t</mi><mn>2</mn></msubsup>"),
    (#"\frac12"#, "<mfrac><mn>1</mn><mn>2</mn></mfrac>"),
    (#"\mathbf{W}"#, "<mi mathvariant=\"normal\">𝐖</mi>"),
    (#"\mathrm{ih}"#, "<mi>ih</mi>"),
    (#"\hat{y}"#, "<mover accent=\"true\"><mi>y</mi><mo stretchy=\"false\">ˆ</mo></mover>"),
    (#"\sum_{i=1}^n"#, "<munderover><mo>∑</mo>"),
    (#"a < b"#, "<mo>&lt;</mo>"),
    (#"\text{a < b}"#, "<mtext>a\u{A0}&lt;\u{A0}b</mtext>"),
    (#"\begin{pmatrix} 1 \\ 2 \end{pmatrix}"#, "<mtr><mtd><mn>1</mn></mtd></mtr>"),
    (#"\left[ x \right)"#, "<mo fence=\"true\" form=\"prefix\">[</mo>"),
    (#"= -1"#, "<mo>=</mo><mo form=\"prefix\">−</mo><mn>1</mn>"),
    (#"\sqrt[3]{x}"#, "<mroot><mi>x</mi><mn>3</mn></mroot>"),
    (#"\odot"#, "<mo>⊙</mo>"),
    (#"\mathcal{L}"#, "ℒ"),
  ])
  func mathML(tex: String, part: String) {
    #expect(MathML.element(tex, display: false).contains(part))
  }

  @Test(arguments: [
    (#"\nosuchthing x"#, "unknown command \\nosuchthing"),
    (#"\begin{tikzpicture}\end{tikzpicture}"#, "unknown environment tikzpicture"),
    (#"\frac{1}"#, "\\frac: nothing to apply it to"),
    (#"{x"#, "{: expected “}”, found “the end”"),
    (#"x}"#, "“}” without its opening"),
    (#"x_1_2"#, "two “_” on one base"),
    (#"\left( x"#, "\\left: expected “\\right”, found “the end”"),
    (#"\begin{aligned} x \end{cases}"#, "\\begin{aligned} closed by \\end{cases}"),
    (#"a $ b"#, "“$” needs a backslash inside a formula"),
    (#"\text{x"#, "\\text: “{” without its “}”"),
    ("x \\", "unknown command \\"),
    (String(repeating: "{", count: 5000), "groups nested too deep"),
    (#"x^"#, "^: nothing to apply it to"),
  ])
  func whatIsNotUnderstoodIsAnError(tex: String, message: String) {
    #expect(throws: TeXError(description: message)) { try TeX(parsing: tex) }
    // A page shows it as it was written.
    #expect(MathML.element(tex, display: false).hasPrefix("<code class=\"unread\">"))
    #expect(UnicodeMath.text(tex) == tex)
  }

  /// Markup that is not closed in order would break the page.
  @Test func mathMLIsWellFormed() throws {
    for tex in try ChapterSources.formulas() {
      let element = MathML.element(tex, display: true)
      #expect(throws: Never.self, "\(tex)") { try Markup.check(element) }
    }
  }
}

/// Whether tags are closed in order.
enum Markup {
  struct Unbalanced: Error { var tag: String }

  static func check(_ text: String) throws {
    var open: [String] = []
    for match in text.matches(of: #/<(/?)([a-zA-Z][a-z0-9]*)[^>]*>/#) {
      let tag = String(match.2)
      if ["meta", "link", "img", "hr", "br", "input", "source", "wbr"].contains(tag) { continue }
      if match.1.isEmpty {
        open.append(tag)
      } else if open.popLast() != tag {
        throw Unbalanced(tag: tag)
      }
    }
    if let tag = open.last { throw Unbalanced(tag: tag) }
  }
}
