/// The commands that stand for one sign, and the words for accents, alphabets and environments.
enum TeXSymbols {
  static func symbol(_ name: String) -> TeX? { table[name] }

  static func character(_ character: Character) -> TeX {
    switch character {
    case "(", "[": .sign(String(character), .opening)
    case ")", "]", "!": .sign(String(character), .closing)
    case ",", ";": .sign(String(character), .punctuation)
    case "-": .sign("−", .relation)
    case "*": .sign("∗", .relation)
    case "~": .space(em: 0.33)
    case "=", "<", ">", "+", ":", "≤", "≥", "≠", "≈", "∈", "→", "·", "×", "⊙", "±":
      .sign(String(character), .relation)
    case "∑", "∏", "∫": .sign(String(character), .large)
    default: .sign(String(character), .ordinary)
    }
  }

  static let accents: [String: (sign: String, wide: Bool)] = [
    "hat": ("^", false), "widehat": ("^", true), "tilde": ("~", false), "widetilde": ("~", true),
    "bar": ("¯", false), "vec": ("→", false), "dot": ("˙", false), "ddot": ("¨", false),
    "check": ("ˇ", false), "breve": ("˘", false),
  ]

  static let alphabets: [String: TeX.Alphabet] = [
    "mathbf": .bold, "boldsymbol": .bold, "bm": .bold, "mathrm": .upright, "mathsf": .upright,
    "mathit": .upright, "mathcal": .calligraphic, "mathscr": .calligraphic,
    "mathbb": .blackboard, "mathtt": .monospaced,
  ]

  static let environments: [String: TeX.Grid] = [
    "aligned": .aligned, "align": .aligned, "align*": .aligned, "split": .aligned,
    "gathered": .aligned, "alignedat": .aligned,
    "matrix": .matrix(left: "", right: ""), "array": .matrix(left: "", right: ""),
    "smallmatrix": .matrix(left: "", right: ""),
    "bmatrix": .matrix(left: "[", right: "]"), "pmatrix": .matrix(left: "(", right: ")"),
    "Bmatrix": .matrix(left: "{", right: "}"), "vmatrix": .matrix(left: "|", right: "|"),
    "Vmatrix": .matrix(left: "‖", right: "‖"), "cases": .cases,
  ]

  private static let table: [String: TeX] = {
    var table: [String: TeX] = [:]
    for (name, letter) in pairs(greek) {
      table[name] = .name(letter, upright: letter.first!.isUppercase)
    }
    for (name, sign) in pairs(ordinary) { table[name] = .sign(sign, .ordinary) }
    for (name, sign) in pairs(relations) { table[name] = .sign(sign, .relation) }
    for (name, sign) in pairs(large) { table[name] = .sign(sign, .large) }
    for (name, sign) in pairs(opening) { table[name] = .sign(sign, .opening) }
    for (name, sign) in pairs(closing) { table[name] = .sign(sign, .closing) }
    for name in functions.split(separator: " ") {
      table[String(name)] = .name(String(name), upright: true)
    }
    table["argmax"] = .name("arg max", upright: true)
    table["argmin"] = .name("arg min", upright: true)
    for (name, width) in spaces { table[name] = .space(em: width) }
    return table
  }()

  private static func pairs(_ text: String) -> [(String, String)] {
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    return stride(from: 0, to: words.count, by: 2).map { (words[$0], words[$0 + 1]) }
  }

  private static let spaces: [String: Double] = [
    ",": 0.17, ":": 0.22, ">": 0.22, ";": 0.28, "!": -0.17, " ": 0.33, "quad": 1, "qquad": 2,
  ]

  private static let functions = """
    tanh sinh cosh sin cos tan exp log ln max min sup inf lim arg det dim gcd Pr sec csc cot \
    arcsin arccos arctan ker deg hom
    """

  private static let greek = """
    alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι
    kappa κ lambda λ mu μ nu ν xi ξ pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ
    upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π
    Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω ell ℓ hbar ℏ imath ı jmath ȷ
    """

  private static let ordinary = """
    partial ∂ nabla ∇ infty ∞ forall ∀ exists ∃ emptyset ∅ varnothing ∅ top ⊤ bot ⊥ neg ¬ lnot ¬
    prime ′ dots … ldots … cdots ⋯ vdots ⋮ ddots ⋱ dotsc … dotsb ⋯ Re ℜ Im ℑ aleph ℵ angle ∠
    triangle △ square □ checkmark ✓ degree ° % % $ $ & & # # _ _ | ‖ Vert ‖ vert | backslash \\
    """

  private static let relations = """
    odot ⊙ cdot · times × otimes ⊗ oplus ⊕ ominus ⊖ pm ± mp ∓ ast ∗ star ⋆ circ ∘ bullet • div ÷
    setminus ∖ wedge ∧ land ∧ vee ∨ lor ∨ cap ∩ cup ∪ to → rightarrow → longrightarrow ⟶
    leftarrow ← gets ← leftrightarrow ↔ mapsto ↦ Rightarrow ⇒ implies ⟹ Leftarrow ⇐
    Leftrightarrow ⇔ iff ⟺ uparrow ↑ downarrow ↓ in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃
    supseteq ⊇ ne ≠ neq ≠ le ≤ leq ≤ ge ≥ geq ≥ ll ≪ gg ≫ approx ≈ sim ∼ simeq ≃ cong ≅
    propto ∝ equiv ≡ triangleq ≜ coloneqq ≔ colon : mid ∣ parallel ∥ perp ⊥ lt < gt >
    leqslant ⩽ geqslant ⩾ lesssim ≲ gtrsim ≳
    """

  private static let large = """
    sum ∑ prod ∏ coprod ∐ int ∫ oint ∮ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigodot ⨀
    """

  private static let opening = "{ { lbrace { lbrack [ langle ⟨ lfloor ⌊ lceil ⌈ lvert | lVert ‖"
  private static let closing = "} } rbrace } rbrack ] rangle ⟩ rfloor ⌋ rceil ⌉ rvert | rVert ‖"
}
