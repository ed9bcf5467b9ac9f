/// Figures one after the other, as one picture that moves: a network while it learns.
///
///     let fits: [[Double]] = […]  // what the network says of each point, epoch by epoch
///     let training = Animation(fits.count, framesPerSecond: 8) { epoch in
///       var figure = Figure("Epoch \(epoch + 1)", x: "x", y: "y")
///       figure.points(x: x, y: y, color: .gray)
///       figure.line(x: x, y: fits[epoch])
///       return figure
///     }
///     try training.write(to: folder, name: "training")
///
/// The file is an animated PNG (PNG, third edition, 2025): browsers, Jupyter and GitHub move it, and what
/// knows ordinary PNG alone shows the last figure. All are drawn as large as the largest of them, and on
/// the same axes.
public struct Animation: Sendable {
  /// In their order.
  public var frames: [Figure]
  /// How many are shown in a second, from 0.02 to 60.
  public var framesPerSecond: Double
  /// For how many seconds the last one stays, at least as long as the others; 60 at most.
  public var rest: Double
  /// How often all are shown; nil for ever again.
  public var repeats: Int?
  /// Whether an end of an axis that is left to the data is left to the data of all frames, so that
  /// nothing moves but what is drawn. A heat map's colors are its own: give it a `range`.
  public var sharesAxes = true

  /// - Parameters:
  ///   - frames: the figures, in their order.
  ///   - framesPerSecond: how many are shown in a second, from 0.02 to 60.
  ///   - rest: for how many seconds the last one stays.
  ///   - repeats: how often all are shown; nil for ever again.
  public init(
    _ frames: [Figure], framesPerSecond: Double = 10, rest: Double = 2, repeats: Int? = nil
  ) {
    self.frames = frames
    self.framesPerSecond = framesPerSecond
    self.rest = rest
    self.repeats = repeats
  }

  /// A figure for each of the numbers from 0 to `count`, which is left out.
  public init(
    _ count: Int, framesPerSecond: Double = 10, rest: Double = 2, repeats: Int? = nil,
    frame: (Int) throws -> Figure
  ) rethrows {
    if count < 0 { fatalError("Animation: \(count) frames; there cannot be fewer than none") }
    self.init(
      try (0..<count).map(frame), framesPerSecond: framesPerSecond, rest: rest, repeats: repeats)
  }
}
