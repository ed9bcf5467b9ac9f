/// Writes the stamps of a column, all in one format, in ISO 8601 and UTC: days if all are midnights;
/// else minutes, or as many digits of a second as it takes for every stamp to be read back as the
/// number it is. Stamps that the format cannot hold are written as `@` and their seconds.
struct StampWriter {
  private enum Format { case days, minutes, seconds(digits: Int), plain }
  private var format = Format.days

  init(_ times: [Double]) {
    // The years 0000 to 9999.
    let range = -62_167_219_200.0..<253_402_300_800
    var size = 86_400.0, digits = 0
    for time in times {
      guard range.contains(time), let needed = Self.digits(time, atLeast: digits) else {
        format = .plain
        return
      }
      digits = needed
      while size > 1, time.truncatingRemainder(dividingBy: size) != 0 {
        size = size == 86_400 ? 60 : 1
      }
    }
    if size == 86_400 { return }
    format = size == 60 ? .minutes : .seconds(digits: digits)
  }

  func text(_ stamp: Double) -> String {
    switch format {
    case .plain: return "@\(stamp)"
    case .days: return CivilTime(stamp: stamp).description
    case .minutes: return Self.text(stamp.rounded(.down), seconds: false)
    case .seconds(let digits):
      let second = stamp.rounded(.down)
      if digits == 0 { return Self.text(second, seconds: true) }
      var fraction = Self.decimals(stamp - second, digits)
      // What rounds up to a whole second belongs to the next.
      let carries = fraction.count > digits
      if carries { fraction = String(fraction.dropFirst()) }
      return Self.text(second + (carries ? 1 : 0), seconds: true) + "." + fraction
    }
  }

  private static func text(_ stamp: Double, seconds: Bool) -> String {
    let time = CivilTime(stamp: stamp)
    func padded(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
    let date = CivilTime(year: time.year, month: time.month, day: time.day).description
    let minutes = date + " " + padded(time.hour) + ":" + padded(time.minute)
    return seconds ? minutes + ":" + padded(Int(time.second)) : minutes
  }

  /// How many digits of a second a stamp needs; nil if it needs very many.
  private static func digits(_ stamp: Double, atLeast: Int) -> Int? {
    let second = stamp.rounded(.down), fraction = stamp - second
    return (atLeast...18).first { digits in
      if fraction == 0 { return true }
      let text = decimals(fraction, digits)
      guard text.count == digits else { return second + 1 == stamp }
      return second + (Double("0." + text) ?? .nan) == stamp
    }
  }

  /// So many decimals of a fraction; one more where it is rounded up to 1.
  private static func decimals(_ fraction: Double, _ digits: Int) -> String {
    func zeros(_ count: Int) -> String { String(repeating: "0", count: max(0, count)) }
    if digits <= 15 {
      let text = String(Int((fraction * powersOfTen[digits]).rounded()))
      return zeros(digits - text.count) + text
    }
    // All the digits there are: 0.30000000000000004 or 3.0000000000000004e-05.
    let parts = fraction.description.split(separator: "e")
    var text = parts[0].filter { $0 != "." }
    if parts.count == 2, let power = Int(parts[1]) { text = zeros(1 - power) + text }
    text = String(text.dropFirst().prefix(digits))
    return text + zeros(digits - text.count)
  }
}
