extension Figure {
  /// A surface over the plane: `z[row][column]` is the height at (`x[column]`, `y[row]`). The
  /// axes are the figure's `x`, `y` and `z`; with `z.scale = .log` the colors are logarithmic too.
  public mutating func surface(
    x: some Sequence<some PlotNumber>, y: some Sequence<some PlotNumber>, z: [[Double]],
    palette: Palette = .sequential
  ) {
    let (x, y) = (x.plotted, y.plotted)
    requireSameCount("surface", ("y", y.count), ("z", z.count))
    for row in z { requireSameCount("surface", ("x", x.count), ("a row of z", row.count)) }
    // gnuplot's `nonuniform matrix`: the x above, a y before each row.
    let block = [Double(x.count)] + x + zip(y, z).flatMap { [$0] + $1 }
    marks.append(
      Mark(
        kind: "surface", table: Table(block, columns: x.count + 1), layout: .grid,
        plots: ["nonuniform matrix using 1:2:3 with pm3d"], styles: [.surface, palette.style],
        isSolid: true, values: z.flatMap { $0 }))
  }

  /// A path in space, for one that runs over a surface; its first point is marked by a ring, its
  /// last by a disc.
  public mutating func path(
    x: some Sequence<some PlotNumber>, y: some Sequence<some PlotNumber>,
    z: some Sequence<some PlotNumber>, label: String? = nil, color: Color? = nil,
    markers: Bool = true
  ) {
    let (x, y, z) = (x.plotted, y.plotted, z.plotted)
    requireSameCount("path", ("x", x.count), ("y", y.count), ("z", z.count))
    let color = take(color).spec
    let with = markers ? "linespoints pt 7 ps 0.9" : "lines"
    marks.append(
      Mark(
        label: label, kind: "path", table: Table(columns: [x, y, z]), layout: .rows([.x, .y, .z]),
        plots: [
          "using 1:2:3 with \(with) lc \(color) lw 3.5",
          "every ::0::0 using 1:2:3 with points lc \(color) pt 6 ps 2.6 lw 3.5",
          "every ::\(Swift.max(x.count - 1, 0)) using 1:2:3 with points lc \(color) pt 7 ps 2.4",
        ], styles: [.surface], isSolid: true, values: z))
  }
}
