import Arrays
import Foundation

/// The discrete Fourier transform of real numbers, of any length, in O(n log n):
/// X[k] = Σₙ x[n]·e^(−2πi·kn/N)  for k = 0 … N/2, which is NumPy's `rfft`.
///
/// - Returns: real and imaginary parts, ⌊N/2⌋ + 1 of each.
public func rfft(_ x: [Double]) -> (real: [Double], imaginary: [Double]) {
  guard !x.isEmpty else { wrongUse("rfft: no numbers") }
  let transform = FourierTransform(count: x.count)
  let (real, imaginary) = transform(x, [Double](repeating: 0, count: x.count))
  let kept = x.count / 2 + 1
  return (Array(real[..<kept]), Array(imaginary[..<kept]))
}

/// The discrete Fourier transform of one length, with its sines and cosines ready.
///
/// Powers of two go by halves (Cooley & Tukey 1965), other lengths through a convolution of a power of
/// two (Bluestein 1970).
public struct FourierTransform: Sendable {
  /// How many numbers it transforms.
  public let count: Int
  /// cos and sin of −2πk/n, of the power of two that is worked with.
  private let cosines, sines: [Double]
  private let size: Int
  /// Bluestein's chirp e^(−πi·n²/N), and the transform of its conjugate; empty for powers of two.
  private let chirp: (real: [Double], imaginary: [Double])
  private let kernel: (real: [Double], imaginary: [Double])

  /// Gets sines and cosines ready for so many numbers; fewer than 1 stops the program.
  public init(count: Int) {
    guard count > 0 else { wrongUse("FourierTransform: \(count) numbers") }
    self.count = count
    let isPower = count & (count - 1) == 0
    var size = 1
    while size < (isPower ? count : 2 * count - 1) { size *= 2 }
    self.size = size
    let angles = (0..<(size / 2)).map { -2 * Double.pi * Double($0) / Double(size) }
    (cosines, sines) = (angles.map { cos($0) }, angles.map { sin($0) })
    if isPower {
      (chirp, kernel) = (([], []), ([], []))
      return
    }
    // n² modulo 2N keeps the angle exact where n² itself would be too large.
    let turns = (0..<count).map { n in -Double.pi * Double(n * n % (2 * count)) / Double(count) }
    chirp = (turns.map { cos($0) }, turns.map { sin($0) })
    var real = [Double](repeating: 0, count: size), imaginary = real
    for n in 0..<count {
      for place in n == 0 ? [0] : [n, size - n] {
        (real[place], imaginary[place]) = (chirp.real[n], -chirp.imaginary[n])
      }
    }
    Self.transform(&real, &imaginary, cosines, sines)
    kernel = (real, imaginary)
  }

  /// The transform of complex numbers, `count` of them.
  public func callAsFunction(
    _ real: [Double], _ imaginary: [Double]
  ) -> (real: [Double], imaginary: [Double]) {
    guard real.count == count, imaginary.count == count else {
      wrongUse("FourierTransform: \(real.count) and \(imaginary.count) numbers, not \(count)")
    }
    var (a, b) = (real, imaginary)
    if chirp.real.isEmpty {
      Self.transform(&a, &b, cosines, sines)
      return (a, b)
    }
    // X[k] = c[k] · Σ (x[n]·c[n]) · conj(c[k − n]), a convolution.
    for n in 0..<count {
      let (c, d) = (chirp.real[n], chirp.imaginary[n])
      (a[n], b[n]) = (real[n] * c - imaginary[n] * d, real[n] * d + imaginary[n] * c)
    }
    let zeros = [Double](repeating: 0, count: size - count)
    a += zeros
    b += zeros
    Self.transform(&a, &b, cosines, sines)
    for k in 0..<size {
      let (c, d) = (kernel.real[k], kernel.imaginary[k])
      // Conjugated, so that transforming again goes back.
      (a[k], b[k]) = (a[k] * c - b[k] * d, -(a[k] * d + b[k] * c))
    }
    Self.transform(&a, &b, cosines, sines)
    let scale = 1 / Double(size)
    return (
      (0..<count).map { (a[$0] * chirp.real[$0] + b[$0] * chirp.imaginary[$0]) * scale },
      (0..<count).map { (a[$0] * chirp.imaginary[$0] - b[$0] * chirp.real[$0]) * scale }
    )
  }

  /// In place, of a power of two.
  private static func transform(
    _ real: inout [Double], _ imaginary: inout [Double], _ cosines: [Double], _ sines: [Double]
  ) {
    let n = real.count
    var reversed = 0
    for place in 1..<max(1, n) {
      var bit = n / 2
      while reversed & bit != 0 {
        reversed ^= bit
        bit /= 2
      }
      reversed |= bit
      if place < reversed {
        real.swapAt(place, reversed)
        imaginary.swapAt(place, reversed)
      }
    }
    var half = 1
    while half < n {
      let step = n / (2 * half)
      for start in stride(from: 0, to: n, by: 2 * half) {
        for k in 0..<half {
          let (c, s) = (cosines[k * step], sines[k * step])
          let (i, j) = (start + k, start + k + half)
          let (x, y) = (real[j] * c - imaginary[j] * s, real[j] * s + imaginary[j] * c)
          (real[j], imaginary[j]) = (real[i] - x, imaginary[i] - y)
          (real[i], imaginary[i]) = (real[i] + x, imaginary[i] + y)
        }
      }
      half *= 2
    }
  }
}
