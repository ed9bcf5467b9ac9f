import ChapterTools
import Foundation
import Unroll

extension RNNFromScratch {
  /// Gradients that vanish and explode, and the cliff that they come from.
  func gradients(_ page: Page) throws {
    page.prose(
      #"""
      ## Gradients that vanish and gradients that explode

      On the way back through time the gradient is multiplied by $W_{hh}$ and by the slope of the tanh,
      once a step. A hundred factors of 0.9 leave $0.9^{100} \approx 2.7 \cdot 10^{-5}$; a hundred of
      1.1 make $1.1^{100} \approx 1.4 \cdot 10^4$. In numbers: a matrix makes no vector longer than by its
      largest *singular value* $\sigma_1$, and the slope is at most 1, so that over $k$ steps

      $$\left\| \frac{\partial h_t}{\partial h_{t-k}} \right\| \le \sigma_1(W_{hh})^k$$

      With $\sigma_1 < 1$ it is a *vanishing gradient*. With $\sigma_1 > 1$ it may be an *exploding
      gradient*, and need not: other directions shrink, and a *saturated* tanh, far out where it is
      flat, has no slope (Pascanu, Mikolov and Bengio 2013).

      Measured here: a layer of 32 units, $W_{hh}$ an *orthogonal matrix*, one that turns or mirrors a
      vector and leaves its length, times 0.9, 1.0 or 1.1, so that all its singular values are this
      factor; and the norm of $\partial L / \partial h_t$ by the distance between
      $t$ and the last step. With small inputs the tanh is almost a straight line, and the bound can be
      read off the picture. (Small is $10^{-3}$ for 0.9 and 1.0; for 1.1, where the state itself grows
      with every step, $10^{-7}$, or it would not stay small for a hundred.) In the fourth curve the
      inputs are large, 5, the tanh saturates, and even a factor of 1.1 vanishes.
      """#)
    page.show("gradientNorms", in: "GradientNorms.swift")
    page.show("normsBack", in: "GradientNorms.swift")

    page.prose(
      #"""
      Four layers, one figure; the marks are the powers $\sigma_1^k$ themselves. (In the page of this
      chapter a layer of 16 units can be given any factor, length and size of inputs, and the gradient's
      way back be cut by hand.)
      """#)
    let distance = 100
    var norms = Figure(
      "Gradient norm by distance in time", x: "steps back from the last one",
      y: .log("norm of ∂L/∂h, relative to the last step"))
    var saturated = 0.0, offPower = 0.0
    for (factor, inputs, color) in [
      (0.9, 1e-3, Color.blue), (1.0, 1e-3, .green), (1.1, 1e-7, .vermilion), (1.1, 5, .purple),
    ] {
      let measured = gradientNorms(factor: factor, inputScale: inputs, steps: distance)
      norms.line(y: measured, label: "W × \(factor), inputs of \(inputs)", color: color)
      if inputs > 1 {
        saturated = measured[distance]
        page.result("gradient_norm.saturated_1.1_after_100", saturated, digits: 3)
      } else {
        let marks = Array(stride(from: 5, through: distance, by: 10))
        norms.points(
          x: marks.map(Double.init), y: marks.map { pow(factor, Double($0)) }, color: color,
          size: 1.2)
        offPower = max(
          offPower, abs(measured[distance] / pow(factor, Double(distance)) - 1))
        page.result("gradient_norm.\(factor)_after_100", measured[distance], digits: 3)
      }
    }
    try page.interactive(
      Interactive(.unrolled, data: UnrolledNetwork(seed: page.seed), fallback: norms))
    page.claim(
      "With small inputs the norm after 100 steps is the power, to within 10 %.",
      holds: offPower < 0.1, in: .everyRun)
    page.claim(
      "With large ones it vanishes, although the largest singular value is 1.1.",
      holds: saturated < 1e-3, in: .everyRun)

    page.prose(
      #"""
      ## A cliff

      Exploding gradients have a shape. Take the smallest recurrent network there is, one unit
      without input, $x_t = w\,\sigma(x_{t-1}) + b$, run it for 50 steps and ask that
      $\sigma(x_{50})$ be 0.7. Over the plane of $w$ and $b$ the error is two plateaus with a cliff
      between them. Where descent steps onto the cliff the gradient throws it far away. Cut to a
      length of at most 0.5 (the direction stays), which is *gradient clipping*, it comes down
      beside the cliff and goes on. After Pascanu, Mikolov and Bengio (2013), figure 6.
      """#)
    page.show("OneUnit", in: "ErrorSurface.swift")

    page.prose(
      #"""
      Both descents start at the same place, with the same learning rate; a ring is where they begin in the
      picture, a large dot where each ends:
      """#)
    let unit = OneUnit()
    let plain = unit.descend(from: (w: 5, b: -2.2), rate: 0.3, steps: 60)
    let clipped = unit.descend(from: (w: 5, b: -2.2), rate: 0.3, steps: 60, clip: 0.5)
    func heights(_ path: [(w: Double, b: Double)]) -> [Double] {
      path.map { unit.error(w: $0.w, b: $0.b).value }
    }
    let (ws, bs) = ((0...70).map { 4 + Double($0) / 35 }, (0...70).map { -3 + Double($0) / 35 })
    let errors50 = bs.map { b in ws.map { w in unit.error(w: w, b: b).value } }
    var surface = Figure("The error of one unit over 50 steps", x: "w", y: "b")
    surface.z = "error"
    surface.view = (tilt: 48, turn: 238)
    surface.surface(x: ws, y: bs, z: errors50)
    surface.path(
      x: clipped.map(\.w), y: clipped.map(\.b), z: heights(clipped), label: "clipped descent",
      color: .green)
    let inside = plain.prefix { (4...6).contains($0.w) && (-3 ... -1).contains($0.b) }
    surface.path(
      x: inside.map(\.w), y: inside.map(\.b), z: heights(Array(inside)),
      label: "plain descent, until it is thrown out", color: .vermilion)
    try page.figure(surface)

    page.prose(
      #"""
      The same from above, as a contour map: each color a height, each thin line the places of one height,
      0.02, 0.04, 0.06 and 0.08 on the way up from the valley, then every 0.05; each dot a step. (In the
      page of this chapter the start can be dragged elsewhere.)
      """#)
    var map = Figure("The cliff as a map", x: "w", y: "b")
    (map.colorBar.label, map.colorBar.format) = ("error", "%.2f")
    map.heatmap(Array(errors50.reversed()))
    func onMap(_ path: [(w: Double, b: Double)]) -> (x: [Double], y: [Double]) {
      (path.map { ($0.w - 4) * 35 }, path.map { (-1 - $0.b) * 35 })
    }
    let lines = Cliff(unit: unit).levels.flatMap { unit.contours(error: $0, w: ws) }
    for (number, line) in lines.enumerated() {
      let places = onMap(line.filter { (-3 ... -1).contains($0.b) })
      map.line(
        x: places.x, y: places.y, label: number == 0 ? "equal error" : nil, color: .gray, width: 1.2
      )
    }
    for (path, label, color) in [
      (clipped, "clipped descent", Color.green),
      (Array(inside), "plain descent, until it is thrown out", .vermilion),
    ] {
      let places = onMap(path)
      map.line(x: places.x, y: places.y, label: label, color: color, markers: true)
    }
    map.x.ticks = .at([4, 4.5, 5, 5.5, 6].map { (($0 - 4) * 35, $0.formatted()) })
    map.y.ticks = .at([-1, -1.5, -2, -2.5, -3].map { ((-1 - $0) * 35, $0.formatted()) })
    try page.interactive(Interactive(.surface, data: Cliff(unit: unit), fallback: map))
    // How far b goes at w = 5 down the cliff, and up the plateau beyond the valley.
    func along(_ error: Double, above: Bool = false) -> Double {
      unit.contours(error: error, w: [5])[above ? 1 : 0][0].b
    }
    let (cliff, plateau) = (
      along(0.1) - along(0.3), along(0.08, above: true) - along(0.02, above: true)
    )
    page.claim(
      String(
        format:
          "Where the lines run together is the cliff: at w = 5 the error falls from 0.3 to 0.1 within %.1g "
          + "of b; beyond the valley it takes %.1f to rise from 0.02 to 0.08.", cliff, plateau),
      holds: cliff > 0 && cliff < plateau / 100, in: .everyRun)
    page.table(
      ["descent", "w at the end", "b at the end", "longest step", "error at the end"],
      [("plain", plain), ("clipped to 0.5", clipped)].map { name, path in
        let steps = zip(path, path.dropFirst()).map { hypot($1.w - $0.w, $1.b - $0.b) }
        return [name, path.last!.w, path.last!.b, steps.max()!, heights(path).last!]
      })
    page.result("cliff.plain_error", heights(plain).last!)
    page.result("cliff.clipped_error", heights(clipped).last!)
    page.claim(
      "Clipped descent ends lower than plain descent, which one step had thrown off the plateau.",
      holds: heights(clipped).last! < heights(plain).last!, in: .everyRun)
  }
}
