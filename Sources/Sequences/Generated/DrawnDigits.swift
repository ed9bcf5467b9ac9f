import Arrays
import Foundation

extension Generated {
  /// Digits as a hand might draw them, in the format of MNIST: images `[count, 28, 28]` from 0
  /// (paper) to 1 (ink), and the digits they show, in random order.
  ///
  /// Every image is drawn anew: one of a few ways to write the digit, its points moved a little,
  /// slanted, turned, stretched, with a thin or a thick pen.
  public static func digits(
    count: Int, generator: Generator = .default
  ) -> ArrayDataset<Indices> {
    var rng = generator
    let labels = (0..<count).map { $0 % 10 }.shuffled(using: &rng)
    var pixels: [Float] = []
    pixels.reserveCapacity(count * 784)
    for label in labels { pixels += Drawing(of: label, generator).pixels }
    return ArrayDataset(NDArray(pixels, shape: [count, 28, 28]), Indices(labels))
  }
}

/// One digit's strokes, as the pen went, and their picture.
private struct Drawing {
  private typealias Point = SIMD2<Double>
  private let strokes: [[Point]]
  private let radius: Double
  private let strength: Double

  init(of digit: Int, _ generator: Generator) {
    func normal(_ deviation: Double) -> Double {
      max(-2.5, min(2.5, generator.normal())) * deviation
    }
    let ways = strokeTemplates[digit]
    let way = ways[Int(generator.uniform() * Double(ways.count))]

    // A linear map: slant (to the right, most often), turn, and stretch; about 18 pixels high.
    let slant = 0.12 + normal(0.13), turn = normal(0.09)
    let height = 18.5 + normal(1), width = height * (1 + normal(0.1))
    let (cosine, sine) = (cos(turn), sin(turn))
    func place(_ point: Point) -> Point {
      let x = (point.x - slant * (point.y - 0.5)) * width, y = point.y * height
      return Point(cosine * x - sine * y, sine * x + cosine * y)
    }
    let drawn = way.map { stroke in
      curve(through: stroke.map { Point($0.0 + normal(0.022), $0.1 + normal(0.022)) }.map(place))
    }
    // In the middle of the image lies the middle of the ink, up to a pixel.
    let all = drawn.flatMap { $0 }
    let middle = all.reduce(Point(0, 0), +) / Double(all.count)
    let shift = Point(13.5 + normal(0.4), 13.5 + normal(0.4)) - middle
    strokes = drawn.map { stroke in
      stroke.map { ($0 + shift).clamped(lowerBound: [3, 3], upperBound: [24, 24]) }
    }
    radius = max(0.75, min(1.8, 1.15 + normal(0.25)))
    strength = 0.9 + 0.1 * generator.uniform()
  }

  /// Ink by the distance from the pen's path: full within the pen's radius, fading over a pixel.
  var pixels: [Float] {
    var nearest = [Double](repeating: .infinity, count: 784)
    let reach = radius + 1
    for stroke in strokes {
      for (a, b) in zip(stroke, stroke.dropFirst()) {
        let along = b - a, square = max((along * along).sum(), 1e-12)
        let (left, right) = (Int(min(a.x, b.x) - reach), Int(max(a.x, b.x) + reach) + 1)
        let (top, bottom) = (Int(min(a.y, b.y) - reach), Int(max(a.y, b.y) + reach) + 1)
        for y in max(0, top)...min(27, bottom) {
          for x in max(0, left)...min(27, right) {
            let pixel = Point(Double(x), Double(y))
            let share = max(0, min(1, ((pixel - a) * along).sum() / square))
            let off = pixel - (a + along * share)
            let place = y * 28 + x
            nearest[place] = min(nearest[place], (off * off).sum())
          }
        }
      }
    }
    return nearest.map { Float(strength * max(0, min(1, radius + 0.5 - $0.squareRoot()))) }
  }
}

/// A curve through the points (Catmull & Rom 1974), as many short lines.
private func curve(through points: [SIMD2<Double>]) -> [SIMD2<Double>] {
  guard points.count > 2 else { return points }
  var curve = [points[0]]
  for i in 0..<points.count - 1 {
    let p = points[max(0, i - 1)], a = points[i], b = points[i + 1]
    let n = points[min(points.count - 1, i + 2)]
    for step in 1...6 {
      let t = Double(step) / 6
      // In small steps and with types, which the compiler would search for seconds.
      let linear: SIMD2<Double> = (b - p) * t
      let bend: SIMD2<Double> = p * 2 - a * 5
      let quadratic: SIMD2<Double> = (bend + b * 4 - n) * (t * t)
      let twist: SIMD2<Double> = a * 3 - p
      let cubic: SIMD2<Double> = (twist - b * 3 + n) * (t * t * t)
      let double: SIMD2<Double> = a * 2 + linear
      curve.append((double + quadratic + cubic) * 0.5)
    }
  }
  return curve
}

/// Ways to write each digit: strokes of points (x, y), x to the right and y downwards, the digit
/// about 1 high.
private let strokeTemplates: [[[[(Double, Double)]]]] = [
  [
    [
      [
        (0.52, 0.02), (0.30, 0.10), (0.17, 0.35), (0.18, 0.65), (0.32, 0.92), (0.52, 0.98),
        (0.72, 0.88), (0.83, 0.62), (0.82, 0.34), (0.70, 0.10), (0.50, 0.02), (0.40, 0.05),
      ]
    ],
    [
      [
        (0.62, 0.05), (0.38, 0.05), (0.24, 0.28), (0.22, 0.60), (0.34, 0.92), (0.54, 0.97),
        (0.72, 0.76), (0.76, 0.44), (0.66, 0.14), (0.54, 0.03),
      ]
    ],
  ],
  [
    [[(0.50, 0.00), (0.50, 0.33), (0.50, 0.66), (0.50, 1.00)]],
    [[(0.30, 0.22), (0.42, 0.14), (0.54, 0.00)], [(0.54, 0.00), (0.53, 0.50), (0.52, 1.00)]],
    [
      [(0.32, 0.20), (0.44, 0.12), (0.54, 0.00)], [(0.54, 0.00), (0.53, 0.50), (0.52, 0.98)],
      [(0.32, 0.98), (0.52, 0.98), (0.72, 0.97)],
    ],
  ],
  [
    [
      [
        (0.20, 0.24), (0.32, 0.06), (0.54, 0.00), (0.74, 0.12), (0.76, 0.34), (0.62, 0.58),
        (0.40, 0.80), (0.20, 0.97),
      ], [(0.20, 0.97), (0.50, 0.95), (0.84, 0.97)],
    ],
    [
      [
        (0.22, 0.18), (0.40, 0.02), (0.64, 0.04), (0.74, 0.24), (0.64, 0.50), (0.44, 0.78),
        (0.24, 0.94), (0.18, 0.82), (0.32, 0.78), (0.54, 0.92), (0.84, 0.94),
      ]
    ],
  ],
  [
    [
      [
        (0.22, 0.12), (0.42, 0.00), (0.66, 0.06), (0.72, 0.24), (0.58, 0.42), (0.42, 0.47),
        (0.62, 0.50), (0.78, 0.66), (0.74, 0.88), (0.50, 1.00), (0.26, 0.94), (0.18, 0.82),
      ]
    ],
    [
      [(0.22, 0.03), (0.46, 0.02), (0.74, 0.03)], [(0.74, 0.03), (0.60, 0.22), (0.46, 0.42)],
      [(0.46, 0.42), (0.70, 0.48), (0.78, 0.70), (0.64, 0.94), (0.40, 0.99), (0.20, 0.88)],
    ],
  ],
  [
    [
      [(0.34, 0.02), (0.28, 0.28), (0.20, 0.56)], [(0.20, 0.56), (0.50, 0.57), (0.84, 0.54)],
      [(0.68, 0.14), (0.66, 0.55), (0.62, 1.00)],
    ],
    [
      [(0.64, 0.00), (0.42, 0.30), (0.16, 0.64)], [(0.16, 0.64), (0.50, 0.65), (0.86, 0.63)],
      [(0.64, 0.00), (0.63, 0.50), (0.61, 1.00)],
    ],
  ],
  [
    [
      [(0.76, 0.03), (0.52, 0.03), (0.32, 0.04)], [(0.32, 0.04), (0.29, 0.22), (0.26, 0.42)],
      [
        (0.26, 0.42), (0.46, 0.36), (0.68, 0.42), (0.78, 0.64), (0.70, 0.88), (0.46, 0.99),
        (0.22, 0.90),
      ],
    ],
    [
      [(0.34, 0.04), (0.56, 0.03), (0.82, 0.00)],
      [
        (0.34, 0.04), (0.29, 0.24), (0.30, 0.43), (0.52, 0.40), (0.72, 0.54), (0.70, 0.82),
        (0.46, 0.98), (0.20, 0.94),
      ],
    ],
  ],
  [
    [
      [
        (0.68, 0.02), (0.46, 0.16), (0.30, 0.42), (0.24, 0.70), (0.36, 0.94), (0.58, 0.98),
        (0.75, 0.82), (0.72, 0.60), (0.54, 0.50), (0.36, 0.58), (0.26, 0.74),
      ]
    ],
    [
      [
        (0.54, 0.00), (0.38, 0.24), (0.28, 0.54), (0.30, 0.84), (0.50, 0.99), (0.70, 0.86),
        (0.70, 0.66), (0.52, 0.56), (0.34, 0.66), (0.30, 0.78),
      ]
    ],
  ],
  [
    [
      [(0.18, 0.05), (0.48, 0.04), (0.80, 0.03)],
      [(0.80, 0.03), (0.62, 0.36), (0.50, 0.68), (0.42, 1.00)],
    ],
    [
      [(0.18, 0.14), (0.22, 0.04), (0.50, 0.05), (0.80, 0.02)],
      [(0.80, 0.02), (0.60, 0.40), (0.44, 1.00)],
    ],
    [
      [(0.20, 0.04), (0.50, 0.04), (0.80, 0.03)], [(0.80, 0.03), (0.60, 0.46), (0.46, 1.00)],
      [(0.36, 0.50), (0.56, 0.49), (0.76, 0.47)],
    ],
  ],
  [
    [
      [
        (0.66, 0.10), (0.46, 0.00), (0.28, 0.12), (0.32, 0.34), (0.54, 0.50), (0.73, 0.70),
        (0.68, 0.92), (0.48, 1.00), (0.28, 0.90), (0.26, 0.70), (0.46, 0.50), (0.66, 0.34),
        (0.70, 0.14), (0.56, 0.02),
      ]
    ],
    [
      [
        (0.50, 0.01), (0.31, 0.10), (0.31, 0.36), (0.50, 0.46), (0.69, 0.36), (0.69, 0.10),
        (0.50, 0.01),
      ],
      [
        (0.50, 0.46), (0.26, 0.58), (0.26, 0.88), (0.50, 0.99), (0.75, 0.88), (0.75, 0.58),
        (0.50, 0.46),
      ],
    ],
  ],
  [
    [
      [
        (0.72, 0.20), (0.58, 0.03), (0.36, 0.06), (0.24, 0.26), (0.34, 0.48), (0.56, 0.48),
        (0.71, 0.30), (0.73, 0.12), (0.72, 0.40), (0.68, 0.70), (0.64, 1.00),
      ]
    ],
    [
      [
        (0.70, 0.16), (0.52, 0.02), (0.32, 0.12), (0.27, 0.34), (0.42, 0.50), (0.62, 0.42),
        (0.72, 0.20), (0.73, 0.48), (0.68, 0.80), (0.50, 0.98), (0.28, 0.92),
      ]
    ],
  ],
]
