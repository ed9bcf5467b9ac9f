import Arrays
import Foundation

/// Images turned, sized, slanted and shifted a little, each by chance: what a classifier of drawings
/// should not mind (torchvision's `RandomAffine`).
///
///     let augment = RandomAffine(degrees: 14, scale: 0.85...1.15, shear: 0.2, translate: 0.12)
///     let batch = augment(images, generator: generator)          // [count, height, width]
public struct RandomAffine: Sendable {
  /// Turns of up to so many degrees to either side.
  public var degrees: Double
  /// Sizes in relation to the image's own.
  public var scale: ClosedRange<Double>
  /// Slants of up to so many pixels sideways per pixel of height.
  public var shear: Double
  /// Shifts of up to this share of the image's height and width.
  public var translate: Double

  /// What is left out changes nothing; a negative number, or a size of 0, stops the program.
  public init(
    degrees: Double = 0, scale: ClosedRange<Double> = 1...1, shear: Double = 0,
    translate: Double = 0
  ) {
    guard degrees >= 0, scale.lowerBound > 0, shear >= 0, translate >= 0 else {
      wrongUse(
        "RandomAffine: degrees \(degrees), scale \(scale), shear \(shear), translate \(translate)")
    }
    (self.degrees, self.scale, self.shear, self.translate) = (degrees, scale, shear, translate)
  }

  /// Images `[count, height, width]`, each changed by a draw of its own; what comes from outside is 0.
  public func callAsFunction(_ images: NDArray, generator: Generator) -> NDArray {
    guard images.rank == 3 else {
      wrongUse("RandomAffine: images \(images.shape), expected [count, height, width]")
    }
    let (count, height, width) = (images.shape[0], images.shape[1], images.shape[2])
    let pixels = images.floats
    var result = [Float](repeating: 0, count: pixels.count)
    func draw(_ limit: Double) -> Double { (2 * generator.uniform() - 1) * limit }
    for image in 0..<count {
      let angle = draw(degrees) * .pi / 180, slant = draw(shear)
      let size = scale.lowerBound + generator.uniform() * (scale.upperBound - scale.lowerBound)
      let (right, down) = (draw(translate) * Double(width), draw(translate) * Double(height))
      // From a pixel of the result back to where it comes from, about the middle.
      let (c, s) = (cos(angle) / size, sin(angle) / size)
      let (middleX, middleY) = (Double(width - 1) / 2, Double(height - 1) / 2)
      let base = image * height * width
      for y in 0..<height {
        for x in 0..<width {
          let (dx, dy) = (Double(x) - middleX - right, Double(y) - middleY - down)
          let fromX = c * dx + (s + slant * c) * dy + middleX
          let fromY = -s * dx + (c - slant * s) * dy + middleY
          result[base + y * width + x] = bilinear(
            pixels, base, height, width, x: Float(fromX), y: Float(fromY))
        }
      }
    }
    return NDArray(result, shape: images.shape, dtype: images.dtype)
  }

  /// Between four pixels, by their distance; 0 outside.
  private func bilinear(
    _ pixels: [Float], _ base: Int, _ height: Int, _ width: Int, x: Float, y: Float
  ) -> Float {
    guard x > -1, y > -1, x < Float(width), y < Float(height) else { return 0 }
    let (left, top) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
    let (a, b) = (x - Float(left), y - Float(top))
    func pixel(_ row: Int, _ column: Int) -> Float {
      row >= 0 && row < height && column >= 0 && column < width
        ? pixels[base + row * width + column] : 0
    }
    return (1 - b) * ((1 - a) * pixel(top, left) + a * pixel(top, left + 1))
      + b * ((1 - a) * pixel(top + 1, left) + a * pixel(top + 1, left + 1))
  }
}
