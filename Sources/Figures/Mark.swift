/// Something drawn in a figure: numbers, how gnuplot plots them, and how they are told in words.
struct Mark: Sendable {
  /// In the legend and the description; nil for neither.
  var label: String?
  /// What it is, for the description: "line", "bars".
  var kind: String
  var table: Table?
  /// What the numbers of the table are.
  var layout = Layout.none
  /// One element of `plot` each, without the name of the data: `using 1:2 with lines lc 1`.
  var plots: [String] = []
  /// What becomes of many points, and of one alone.
  var thinning = Thinning.none
  /// It reaches from its values to zero.
  var startsAtZero = false
  /// What must be set before: arrows, labels, objects.
  var commands: [String] = []
  /// The shared scripts it needs.
  var styles: [Style] = []
  /// Drawn in three dimensions.
  var isSolid = false
  /// Commands that depend on the whole figure, its size and its axes, known when it is written.
  var fitted: (@Sendable (Figure) -> [String])?
  /// Bars are placed when all of a figure's are known.
  var bars: Bars?
  /// The values told in words; if there are any they must not be all NaN.
  var values: [Double]?

  /// What the numbers of a table are.
  enum Layout: Sendable {
    /// Nothing that the axes know of.
    case none
    /// Points in rows: what each column is.
    case rows([Column])
    /// Heights or colors throughout.
    case cells
    /// gnuplot's `nonuniform matrix`: x in the first row, y in the first column, heights between.
    case grid
  }

  /// A column of a table: a place on an axis, or half the length of an error bar at the last `y`.
  enum Column: Sendable { case x, y, z, error }
}
