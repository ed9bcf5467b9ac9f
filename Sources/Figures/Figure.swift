/// A picture built up series by series and written as PNG, together with the gnuplot script that
/// draws it.
///
///     var figure = Figure("Loss", x: "epoch", y: .log("mean squared error"))
///     figure.line(y: training, label: "training")
///     figure.line(y: validation, label: "validation", style: .dashed)
///     try figure.write(to: folder, name: "loss")
///
/// A series takes the next colour of the palette unless it is given one. NaN is a gap in a line.
/// Columns of different lengths are a programmer's mistake and stop the program; empty or all-NaN
/// series, which a training run can produce, are thrown when the figure is written.
public struct Figure: Sendable {
  /// Width and height in pixels. The text is made for a picture shown at half its width.
  public struct Size: Sendable, Equatable {
    public var width: Int
    public var height: Int
    public init(width: Int, height: Int) {
      self.width = width
      self.height = height
    }
    public static let wide = Size(width: 1500, height: 900)
    public static let flat = Size(width: 1500, height: 600)
    public static let square = Size(width: 1200, height: 1100)
  }

  public var title: String
  public var x: Axis
  public var y: Axis
  /// The height of a surface.
  public var z = Axis()
  /// The colours of a heat map or surface.
  public var colorBar = Axis()
  public var legend = Legend.above
  public var size = Size.wide
  /// From where a surface is seen: degrees down from straight above, and around the upright.
  public var view: (tilt: Double, turn: Double)?

  var marks: [Mark] = []
  var categories: [String]?
  var horizontalBars = false
  var panels: Panels?
  var isPanel = false
  /// Width over height of a plot of fixed proportions.
  var aspect: Double?
  /// The height of the text in points, which a panel has smaller.
  var textSize = 22
  private var colored = 0

  public init(_ title: String, x: Axis = "", y: Axis = "") {
    self.title = title
    self.x = x
    self.y = y
  }

  /// The colour asked for, or the palette's next.
  mutating func take(_ color: Color?) -> Color {
    if let color { return color }
    defer { colored += 1 }
    return .series(colored)
  }
}

/// Something drawn in a figure: numbers, how gnuplot plots them, and how they are told in words.
struct Mark: Sendable {
  /// In the legend and the description; nil for neither.
  var label: String?
  /// What it is, for the description: "line", "bars".
  var kind: String
  var table: Table?
  /// One element of `plot` each, without the name of the data: `using 1:2 with lines lc 1`.
  var plots: [String] = []
  /// What must be set before: arrows, labels, objects.
  var commands: [String] = []
  /// The shared scripts it needs.
  var styles: [Style] = []
  /// Drawn in three dimensions.
  var isSolid = false
  /// Commands that depend on the whole figure and its size, known when it is written.
  var fitted: (@Sendable (Figure) -> [String])?
  /// Bars are placed when all of a figure's are known.
  var bars: Bars?
  /// The values told in words; if there are any they must not be all NaN.
  var values: [Double]?
}

/// Stops the program unless two columns are of one length.
func requireSameCount(_ operation: String, _ columns: (name: String, count: Int)...) {
  guard let first = columns.first, columns.contains(where: { $0.count != first.count }) else {
    return
  }
  let counts = columns.map { "\($0.name) has \($0.count)" }.joined(separator: ", ")
  fatalError("Figure.\(operation): \(counts) values; they must be as many")
}
