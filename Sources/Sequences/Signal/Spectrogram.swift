import Arrays
import Foundation

/// A sound as a picture of its frequencies over time: overlapping windows, each faded at its ends
/// (Hann) and transformed.
///
///     let spectrogram = Spectrogram(sampleRate: 8000, windowSize: 256, hop: 80, melBands: 24)
///     spectrogram(samples)                        // [time, 24]
public struct Spectrogram: Sendable {
  /// Samples a second.
  public let sampleRate: Double
  /// Samples a window, and from one window to the next.
  public let windowSize, hop: Int
  /// The bands' weights `[band][frequency]`; nil for plain frequencies.
  public let melFilters: [[Double]]?
  private let window: [Double]
  private let transform: FourierTransform

  /// - Parameters:
  ///   - sampleRate: samples a second.
  ///   - windowSize: samples a window, at least 2.
  ///   - hop: samples from one window to the next.
  ///   - melBands: how many bands, spaced as the ear hears (mel scale; Stevens et al. 1937), the
  ///     frequencies are gathered into; nil leaves them as they are.
  ///   - lowest: where the lowest band begins, in Hz.
  ///   - highest: where the highest band ends, in Hz; half the sample rate if left out.
  public init(
    sampleRate: Double, windowSize: Int, hop: Int, melBands: Int? = nil, lowest: Double = 0,
    highest: Double? = nil
  ) {
    guard sampleRate > 0, windowSize > 1, hop > 0, melBands ?? 1 > 0 else {
      wrongUse(
        "Spectrogram: sampleRate \(sampleRate), windowSize \(windowSize), hop \(hop), melBands "
          + "\(melBands.map(String.init) ?? "none")")
    }
    (self.sampleRate, self.windowSize, self.hop) = (sampleRate, windowSize, hop)
    // A periodic Hann window: ½(1 − cos 2πn/N).
    window = (0..<windowSize).map { 0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(windowSize)) }
    transform = FourierTransform(count: windowSize)
    melFilters = melBands.map {
      Self.triangles(
        $0, bins: windowSize / 2 + 1, sampleRate: sampleRate, lowest: lowest,
        highest: highest ?? sampleRate / 2)
    }
  }

  /// Mel of a frequency in Hz, and back: m = 2595·log₁₀(1 + f/700) (O'Shaughnessy 1987).
  public static func mel(_ hertz: Double) -> Double { 2595 * log10(1 + hertz / 700) }
  /// The frequency in Hz of a mel: 700·(10^(m/2595) − 1), the inverse of `mel`.
  public static func hertz(_ mel: Double) -> Double { 700 * (pow(10, mel / 2595) - 1) }

  /// Triangles that overlap by half, evenly spaced in mel, each of height 1.
  private static func triangles(
    _ bands: Int, bins: Int, sampleRate: Double, lowest: Double, highest: Double
  ) -> [[Double]] {
    guard lowest >= 0, lowest < highest, highest <= sampleRate / 2 else {
      wrongUse(
        "Spectrogram: bands from \(lowest) to \(highest) Hz at \(sampleRate) samples a second")
    }
    let (low, high) = (mel(lowest), mel(highest))
    let corners = (0..<(bands + 2)).map {
      hertz(low + (high - low) * Double($0) / Double(bands + 1))
    }
    return (0..<bands).map { band in
      let (left, top, right) = (corners[band], corners[band + 1], corners[band + 2])
      return (0..<bins).map { bin in
        let f = sampleRate / 2 * Double(bin) / Double(bins - 1)
        return max(0, min((f - left) / (top - left), (right - f) / (right - top)))
      }
    }
  }

  /// The powers |X|² of a sound's windows: `[time, frequencies or bands]`, time = 1 + (samples −
  /// windowSize)/hop rounded down; none of a sound shorter than a window.
  public func power(_ samples: [Double]) -> NDArray {
    let bins = windowSize / 2 + 1
    let width = melFilters?.count ?? bins
    let steps = samples.count < windowSize ? 0 : (samples.count - windowSize) / hop + 1
    let still = [Double](repeating: 0, count: windowSize)
    var rows: [Double] = []
    rows.reserveCapacity(steps * width)
    for step in 0..<steps {
      let (real, imaginary) = transform(
        (0..<windowSize).map { samples[step * hop + $0] * window[$0] }, still)
      let powers = (0..<bins).map { (bin: Int) -> Double in
        real[bin] * real[bin] + imaginary[bin] * imaginary[bin]
      }
      if let melFilters {
        rows += melFilters.map { filter in
          zip(filter, powers).reduce(0) { $0 + $1.0 * $1.1 }
        }
      } else {
        rows += powers
      }
    }
    return NDArray(rows, shape: [steps, width])
  }

  /// Natural logarithms of the powers, of at least `floor`.
  public func callAsFunction(_ samples: [Double], floor: Double = 1e-10) -> NDArray {
    power(samples).clamped(floor, .infinity).log()
  }
}
