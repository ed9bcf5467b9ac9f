import Foundation

/// A number that can be drawn: `Double`, `Float`, `Int`, or a `Date` as seconds since 1970.
public protocol PlotNumber {
  /// The number as gnuplot gets it.
  var plotted: Double { get }
}

extension Double: PlotNumber {
  public var plotted: Double { self }
}

extension Float: PlotNumber {
  public var plotted: Double { Double(self) }
}

extension Int: PlotNumber {
  public var plotted: Double { Double(self) }
}

extension Date: PlotNumber {
  public var plotted: Double { timeIntervalSince1970 }
}

extension Sequence where Element: PlotNumber {
  var plotted: [Double] { map(\.plotted) }
}
