import UnrollFigures

extension Figure {
  /// A box from the lower to the upper quartile of some numbers, a line at their median, and whiskers
  /// to the smallest and the largest, at a place on the horizontal axis.
  public mutating func box(
    x: Double, _ numbers: [Double], label: String? = nil, color: Color? = nil
  ) {
    let sorted = numbers.sorted()
    func quantile(_ share: Double) -> Double {
      let place = share * Double(sorted.count - 1), low = Int(place)
      let high = min(low + 1, sorted.count - 1)
      return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
    }
    let five = [0, 0.25, 0.5, 0.75, 1].map { quantile($0) }
    let color = take(color)
    let middle = five[2]
    marks.append(
      Mark(
        "box", label: label, columns: [(.x, [x])] + five.map { (.y, [$0]) }, values: numbers,
        plots: [
          "using 1:3:2:6:5:(0.4) with candlesticks lc \(color.spec)",
          "using 1:4:4:4:4:(0.4) with candlesticks lc \(color.spec) lw 6",
        ],
        commands: { figure in
          let at = "\(figure.x.place(x)),\(figure.y.place(middle))"
          return ["set label \(Figure.quoted("median \(middle)")) at \(at) left offset 3,0"]
        }))
  }

  /// A curve that gnuplot works out itself.
  public mutating func formula(_ formula: String, label: String) {
    marks.append(Mark("curve", label: label, plots: ["\(formula) with lines lc 8 dt 2"]))
  }
}
