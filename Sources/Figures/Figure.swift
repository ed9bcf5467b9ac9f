/// A picture built up series by series and written as PNG, together with the gnuplot script that
/// draws it.
///
///     var figure = Figure("Loss", x: "epoch", y: .log("mean squared error"))
///     figure.line(y: training, label: "training")
///     figure.line(y: validation, label: "validation", style: .dashed)
///     try figure.write(to: folder, name: "loss")
///
/// A series takes the next color of the palette unless it is given one. NaN is a gap in a line.
/// Columns of different lengths are a programmer's mistake and stop the program; empty or all-NaN
/// series, which a training run can produce, are thrown when the figure is written.
public struct Figure: Sendable {
  /// Width and height in pixels. The text is made for a picture shown at half its width.
  public struct Size: Sendable, Equatable {
    /// From left to right, in pixels.
    public var width: Int
    /// From top to bottom, in pixels.
    public var height: Int
    /// A size in pixels, twice those at which the picture is shown.
    public init(width: Int, height: Int) {
      self.width = width
      self.height = height
    }

    /// 1500 × 900 pixels: curves.
    public static let wide = Size(width: 1500, height: 900)
    /// 1500 × 600 pixels: long series.
    public static let flat = Size(width: 1500, height: 600)
    /// 1200 × 1100 pixels: heat maps and what else is as high as it is wide.
    public static let square = Size(width: 1200, height: 1100)
  }

  /// What stands above the picture.
  public var title: String
  /// The horizontal axis.
  public var x: Axis
  /// The vertical axis.
  public var y: Axis
  /// The height of a surface.
  public var z = Axis()
  /// The colors of a heat map or surface.
  public var colorBar = Axis()
  /// Where the names of the series stand, if at least one has a name.
  public var legend = Legend.above
  /// The picture's size in pixels.
  public var size = Size.wide
  /// From where a surface is seen: degrees down from straight above, and around the upright.
  public var view: (tilt: Double, turn: Double)?

  /// What is drawn, from the back to the front.
  public var marks: [Mark] = []
  /// Lines for gnuplot, as they stand, after those of the axes and before the plot: what it can do and
  /// this library has no word for.
  ///
  ///     var words = Figure("Frequencies", x: "word", y: "count")
  ///     words.commands.append("set xtics rotate by 45 right")
  ///
  /// In a panel of a `grid` a setting lasts for the panels after it unless they set it themselves. A line
  /// that gnuplot refuses is an error of writing the figure. Never put in here what comes from outside:
  /// gnuplot's lines can start programs.
  public var commands: [String] = []
  var categories: [String]?
  var horizontalBars = false
  var panels: Panels?
  var isPanel = false
  /// Width over height of a plot of fixed proportions.
  var aspect: Double?
  /// The height of the text in points, which a panel has smaller.
  var textSize = 22
  /// The width in ems that gnuplot takes for a letter, which depends on the picture's format.
  var letterEms = PictureFormat.png.letterEms
  /// Said of names that the legend has no room for, with `%@` for how many.
  var restOfLegend = "… %@ more"
  private var colored = 0

  /// An empty picture, to which marks are added.
  public init(_ title: String, x: Axis = "", y: Axis = "") {
    self.title = title
    self.x = x
    self.y = y
  }

  /// The color asked for, or the palette's next.
  public mutating func take(_ color: Color?) -> Color {
    if let color { return color }
    defer { colored += 1 }
    return .series(colored)
  }

  /// As `take`, with which time round the palette that is: series of one color must differ
  /// otherwise.
  mutating func takeWithRound(_ color: Color?) -> (color: Color, round: Int) {
    let round = color == nil ? colored / Color.seriesCount : 0
    return (take(color), round)
  }
}

/// Stops the program unless two columns are of one length.
func requireSameCount(_ operation: String, _ columns: (name: String, count: Int)...) {
  guard let first = columns.first, columns.contains(where: { $0.count != first.count }) else {
    return
  }
  let counts = columns.map { "\($0.name) has \($0.count)" }.joined(separator: ", ")
  fatalError("Figure.\(operation): \(counts) values; they must be as many")
}
