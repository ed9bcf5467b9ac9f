extension Module {
  /// A table of the modules: path and type, the shape of what each puts out, the parameters that
  /// each holds itself (a tied one counts where it first stands), and the totals.
  ///
  /// - Parameter example: runs the model once, without history and in evaluation mode, to learn the
  ///   shapes; without it their column is left out.
  public final func summary(running example: (() -> Void)? = nil) -> String {
    let modules = namedModules()
    if let example {
      let wasTraining = modules.map(\.module.isTraining)
      eval()
      for (_, module) in modules { module.observedShapes = [] }
      noGrad { example() }
      for ((_, module), training) in zip(modules, wasTraining) { module.setTraining(training) }
    }
    var counted: Set<ObjectIdentifier> = []
    var rows = modules.map { name, module in
      let own = module.ownParameters().filter { counted.insert(ObjectIdentifier($0)).inserted }
      return Row(
        layer: name.isEmpty ? "\(type(of: module))" : "\(name): \(type(of: module))",
        shape: module.observedShapes.map { $0.last.map { "\($0)" } ?? "–" } ?? "",
        count: own.isEmpty ? "–" : grouped(own.reduce(0) { $0 + $1.count }))
    }
    for (_, module) in modules { module.observedShapes = nil }

    let all = parameters()
    let frozen = all.filter(\.isFrozen).reduce(0) { $0 + $1.count }
    rows.insert(
      Row(layer: "Layer", shape: example == nil ? "" : "Output", count: "Parameters"), at: 0)
    let totals = [
      Row(layer: "Total", shape: "", count: grouped(parameterCount)),
      Row(layer: "Trainable", shape: "", count: grouped(parameterCount - frozen)),
    ]
    return table(rows, totals)
  }

  /// The parameters that are this module's own, not those of modules below it.
  private final func ownParameters() -> [Parameter] {
    let below = Contents(of: self).modules.dropFirst().map(\.name)
    return Contents(of: self).parameters.filter { parameter in
      !below.contains { parameter.name.hasPrefix($0 + ".") }
    }.map(\.parameter)
  }
}

extension Module: CustomStringConvertible {
  /// What `print(model)` shows: the table without the shapes.
  public final var description: String { summary() }
}

extension UnaryLayer {
  /// The table with output shapes for an example input.
  public func summary(_ input: Tensor) -> String { summary { _ = self(input) } }
}

private struct Row {
  let layer, shape, count: String
}

private func table(_ rows: [Row], _ totals: [Row]) -> String {
  let all = rows + totals
  let layer = all.map(\.layer.count).max()!, shape = all.map(\.shape.count).max()!
  let count = all.map(\.count.count).max()!
  func line(_ row: Row) -> String {
    let middle = shape == 0 ? "" : "  " + row.shape.padded(to: shape)
    let right = String(repeating: " ", count: count - row.count.count) + row.count
    return row.layer.padded(to: layer) + middle + "  " + right
  }
  let rule = String(repeating: "─", count: line(rows[0]).count)
  let lines =
    [line(rows[0]), rule] + rows.dropFirst().map(line) + [rule] + totals.map(line)
  return lines.joined(separator: "\n")
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}

/// 1234567 as "1,234,567".
private func grouped(_ number: Int) -> String {
  var digits = Array(String(number))
  for place in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(",", at: place) }
  return String(digits)
}
