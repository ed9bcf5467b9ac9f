import Foundation

/// What an axis says and shows. A string literal is an axis with that label:
/// `Figure("Loss", x: "epoch", y: .log("mean squared error"))`.
public struct Axis: Sendable, ExpressibleByStringInterpolation {
  /// How numbers are spread along the axis; on a logarithmic one numbers from 0 down have no place.
  public enum Scale: Sendable { case linear, log }

  /// Which places of the axis carry a mark and a number.
  public enum Ticks: Sendable {
    /// gnuplot's choice.
    case automatic
    /// One at every multiple of the step.
    case every(Double)
    /// These places, with these labels.
    case at([(Double, String)])
    /// None, and no grid lines.
    case none
  }

  /// What stands beside the axis: the quantity and its unit.
  public var label: String
  /// How numbers are spread along the axis.
  public var scale: Scale
  /// The ends; nil leaves an end to the data.
  public var min: Double?
  /// The upper end; nil leaves it to the data.
  public var max: Double?
  /// Which places carry a mark and a number.
  public var ticks: Ticks
  /// How tick labels are printed: `printf` for numbers (`"%.1f"`), and `strftime` for dates.
  public var format: String?
  /// Values are seconds since 1970 (UTC) and `format` is for dates.
  public var isDate: Bool
  /// What is taken from every number before it goes to gnuplot, which resolves a value to no more
  /// than a part of its size.
  var origin = 0.0

  /// - Parameters:
  ///   - label: the quantity and its unit.
  ///   - scale: linear or logarithmic.
  ///   - min: the lower end; nil leaves it to the data.
  ///   - max: the upper end; nil leaves it to the data.
  ///   - ticks: which places carry a mark and a number.
  ///   - format: how numbers are printed, `printf`'s: `"%.1f"`.
  public init(
    _ label: String = "", scale: Scale = .linear, min: Double? = nil, max: Double? = nil,
    ticks: Ticks = .automatic, format: String? = nil
  ) {
    self.label = label
    self.scale = scale
    self.min = min
    self.max = max
    self.ticks = ticks
    self.format = format
    isDate = false
  }

  public init(stringLiteral label: String) { self.init(label) }

  /// A logarithmic axis, base 10.
  public static func log(_ label: String, min: Double? = nil, max: Double? = nil) -> Axis {
    Axis(label, scale: .log, min: min, max: max)
  }

  /// An axis of dates (seconds since 1970, UTC). Its labels are chosen by the span, from parts of a
  /// second to thousands of years, or printed by a `strftime` format.
  public static func dates(_ label: String, format: String? = nil) -> Axis {
    var axis = Axis(label, format: format)
    axis.isDate = true
    return axis
  }

  /// A number of the axis as gnuplot gets it: asked for by the `commands` of a `Mark`, when the figure
  /// knows its axes.
  public func place(_ value: Double) -> String { (value - origin).text }

  /// Whether a number has a place on the axis.
  public func shows(_ value: Double) -> Bool { value.isFinite && (scale != .log || value > 0) }

  /// The axis with its powers of ten named as such, if it is a logarithmic one of `values` with some
  /// so small that gnuplot would print a row of zeros.
  func namingDecades(of values: [Double]) -> Axis {
    let shown = values.filter { $0.isFinite && $0 > 0 }
    guard scale == .log, format == nil, case .automatic = ticks,
      let low = min ?? shown.min(), let high = max ?? shown.max(), low > 0, low < 1e-3
    else { return self }
    let ends = (Int(log10(low).rounded(.down)), Int(log10(high).rounded(.up)))
    let step = (ends.1 - ends.0) / 10 + 1
    var axis = self
    axis.ticks = .at(
      stride(from: ends.0, through: ends.1, by: step).map { power in
        (pow(10, Double(power)), "10" + "\(power)".map { Self.raised[$0] ?? "" }.joined())
      })
    return axis
  }

  private static let raised: [Character: String] = [
    "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷",
    "8": "⁸", "9": "⁹",
  ]

  /// The commands for the axis that gnuplot calls `x`, `y`, `z` or `cb`, its labels tilted if one
  /// is wider than `room` ems.
  func commands(_ name: String, tiltingOver room: Double? = nil) -> [String] {
    var lines: [String] = []
    if !label.isEmpty { lines.append("set \(name)label \(label.quoted)") }
    if scale == .log {
      lines.append("set logscale \(name)")
    }
    if min != nil || max != nil {
      lines.append("set \(name)range [\(min.map(place) ?? "*"):\(max.map(place) ?? "*")]")
    }
    if isDate {
      lines.append("set \(name)tics time")
      lines.append("set format \(name) \((format ?? "%Y-%m-%d").quoted) timedate")
    } else if let format {
      lines.append("set format \(name) \(format.quoted)")
    }
    switch ticks {
    case .automatic: break
    case .every(let step): lines.append("set \(name)tics \(step.text)")
    case .none: lines.append("unset \(name)tics")
    case .at(let places):
      let places = places.filter { shows($0.0) }
      let list = places.map { "\($0.1.quotedTick) \(place($0.0))" }.joined(separator: ", ")
      let widest = places.map(\.1.ems).max() ?? 0
      let tilted = room.map { widest > $0 } ?? false
      lines.append("set \(name)tics \(tilted ? "rotate by 30 right " : "")(\(list))")
    }
    return lines
  }
}
