// Gradients of a table's rows, which a step takes as they are where it can: the other rows would stay
// as they were.

extension Parameter {
  /// The rows of the gradient, where they were asked for or are few of a large table.
  var fewRows: RowGradient? {
    guard let rows = gradientRows else { return nil }
    return rows.isSparse || 4 * rows.rows.count < shape[0] ? rows : nil
  }

  /// Changes the gradient, if there is one, so that zeros stay zeros.
  func changeGradient(_ change: (inout NDArray) -> Void) {
    if var rows = fewRows {
      change(&rows.values)
      gradientRows = rows
    } else if grad != nil {
      change(&grad!)
    }
  }
}

/// What an optimizer does with the gradient of rows alone.
enum RowsUse {
  /// Takes a step of those rows.
  case asRows
  /// Fills it with zeros; where rows were asked for, too.
  case asDense
  /// The same, but stops where they were asked for, and says why.
  case refused(String)
}
