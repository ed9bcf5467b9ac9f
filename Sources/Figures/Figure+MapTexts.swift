extension Figure {
  /// Changes every text of the figure, as for another language: title, the axes' labels and names,
  /// the legend, notes, texts at points and below pictures, what stands in a diagram and at its
  /// arrows, and all of that in the figures of a `grid`.
  ///
  ///     var figure = Figure("Loss", x: "epoch", y: "mean squared error")
  ///     figure.line(y: training, label: "training")
  ///     let german = ["Loss": "Verlust", "epoch": "Epoche", "training": "beim Lernen"]
  ///     figure.mapTexts { german[$0] ?? $0 }
  ///
  /// Numbers, formats and `commands` stay as they are.
  ///
  /// - Parameter change: gives what stands in a text's place; it is not asked for empty ones.
  public mutating func mapTexts(_ change: (String) -> String) {
    mapTexts(named: { $0.map { $0.isEmpty ? $0 : change($0) } }, change)
  }

  /// The same, with the names along an axis, at bars or at points, which may be data, changed together.
  package mutating func mapTexts(named: ([String]) -> [String], _ change: (String) -> String) {
    func changed(_ text: String) -> String { text.isEmpty ? text : change(text) }
    title = changed(title)
    for axis in [\Figure.x, \.y, \.z, \.colorBar] {
      self[keyPath: axis].label = changed(self[keyPath: axis].label)
      if case .at(let places) = self[keyPath: axis].ticks {
        self[keyPath: axis].ticks = .at(
          zip(places, named(places.map(\.1))).map { ($0.0, $1) })
      }
    }
    categories = categories.map(named)
    restOfLegend = named([restOfLegend])[0]
    for index in marks.indices {
      marks[index].label = marks[index].label.map(changed)
      marks[index].texts = named(marks[index].texts)
      marks[index].diagram?.mapTexts(changed)
    }
    for index in parts.indices { parts[index].mapTexts(named: named, change) }
  }
}

extension Diagram {
  /// Changes every text of the drawing, as for another language.
  public mutating func mapTexts(_ change: (String) -> String) {
    title = change(title)
    for index in shapes.indices { shapes[index].node.text = change(shapes[index].node.text) }
    for index in arrows.indices {
      arrows[index].label = arrows[index].label.map(change)
      arrows[index].ends = arrows[index].ends.map { (change($0.0), change($0.1)) }
    }
    for index in texts.indices { texts[index].text = change(texts[index].text) }
  }
}
