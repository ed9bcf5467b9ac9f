/// Something drawn in a figure: numbers, how gnuplot plots them, and how they are told in words.
///
/// A figure of another type than those that `Figure` has functions for is made of marks of one's own,
/// most often in an extension with a function `steps(x:y:label:color:)`:
///
///     var figure = Figure("Orders", x: "day", y: "count")
///     let look = "lc \(figure.take(nil).spec) lw 3.5"
///     figure.marks.append(
///       Mark(
///         "steps", label: "in May", columns: [(.x, days), (.y, counts)],
///         plots: ["using 1:2 with steps \(look)"]))
public struct Mark: Sendable {
  /// In the legend and the description; nil for neither.
  public var label: String?
  /// What it is, for the description: "line", "bars".
  public internal(set) var kind: String
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
  /// Texts that are drawn beside the label: at points, below pictures.
  var texts: [String] = []
  /// What is drawn if it is a diagram.
  var diagram: Diagram?
  /// Commands that depend on the whole figure, its size and its axes, and on the mark's texts as they
  /// are when it is written.
  var fitted: (@Sendable (Figure, Mark) -> [String])?
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

  /// A column of a table: a place on an axis, half the length of an error bar at the last `y`, or
  /// something that the axes do not know of, such as a size or a color.
  public enum Column: Sendable {
    /// A place on one of the axes; half the length of an error bar at the last `y`; what the axes
    /// do not know of.
    case x, y, z, error, other
  }
}

extension Mark {
  /// Rows of numbers and how gnuplot plots them.
  ///
  /// - Parameters:
  ///   - kind: what it is, for the figure's description in words: "box plot".
  ///   - label: its name in the legend and the description.
  ///   - columns: of one length; NaN is a gap. What a column is of decides what ends the axes have.
  ///   - values: the numbers that the description gives the range of, and of which one at least must be
  ///     there to draw; those of the `y` columns if left out.
  ///   - startsAtZero: whether it reaches from its values to zero, as bars do.
  ///   - plots: what stands behind the data's name in a command `plot`, once or more often:
  ///     `using 1:2 with steps lc 1`. Without columns, what is plotted: `sin(x) with lines`.
  ///   - commands: what must be set before: arrows, labels, objects. It is asked for when the figure is
  ///     written; a place in them is written as `figure.x.place(2)`, as gnuplot gets the numbers of some
  ///     axes counted from another zero.
  public init(
    _ kind: String, label: String? = nil, columns: [(is: Column, numbers: [Double])] = [],
    values: [Double]? = nil, startsAtZero: Bool = false, plots: [String] = [],
    commands: (@Sendable (Figure) -> [String])? = nil
  ) {
    let counts = columns.map(\.numbers.count)
    if Set(counts).count > 1 {
      fatalError("Mark '\(kind)': columns of \(counts) numbers; they must be as many")
    }
    self.init(label: label, kind: kind)
    if !columns.isEmpty {
      table = Table(columns: columns.map(\.numbers))
      layout = .rows(columns.map(\.is))
      self.values = values ?? columns.filter { $0.is == .y }.flatMap(\.numbers)
    }
    self.plots = plots
    self.startsAtZero = startsAtZero
    if let commands { fitted = { figure, _ in commands(figure) } }
  }
}
