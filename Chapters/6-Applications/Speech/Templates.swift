import Foundation
import Unroll

/// The recognizer of the seventies: the digit whose recorded example is nearest, when both are
/// stretched in time to fit (dynamic time warping; Sakoe & Chiba 1978).
package struct Templates: Sendable {
  private let examples: [(digit: Int, frames: [[Double]])]

  /// Every digit once from each of some voices, cut out of what they said.
  package init(from set: SpeechSet, voices: Int) {
    var examples: [(Int, [[Double]])] = []
    let each = set.utterances.count / set.voices
    for voice in 0..<min(voices, set.voices) {
      var missing = Set(0..<10)
      for place in voice * each..<(voice + 1) * each {
        for (digit, samples) in zip(set.utterances[place].digits, set.utterances[place].places)
        where missing.remove(digit) != nil {
          examples.append((digit, rows(set.pictures[place], samples)))
        }
      }
    }
    self.examples = examples
  }

  /// The digits at places that are known.
  package func digits(in picture: NDArray, at places: [Range<Int>]) -> [Int] {
    places.map { place in
      let frames = rows(picture, place)
      return examples.min { distance($0.frames, frames) < distance($1.frames, frames) }!.digit
    }
  }
}

/// The rows of a picture that a range of samples is seen in.
private func rows(_ picture: NDArray, _ samples: Range<Int>) -> [[Double]] {
  let values = picture.doubles, bands = picture.shape[1], steps = picture.shape[0]
  let first = min(samples.lowerBound / ear.hop, steps - 1)
  let last = max(first, min((samples.upperBound - ear.windowSize / 2) / ear.hop, steps - 1))
  return (first...last).map { Array(values[$0 * bands..<($0 + 1) * bands]) }
}

/// The mean distance along the best way through two sequences, each step of which goes on in one or
/// in both.
package func warpedDistance(_ a: [[Double]], _ b: [[Double]]) -> Double { distance(a, b) }

private func distance(_ a: [[Double]], _ b: [[Double]]) -> Double {
  var row = [Double](repeating: .infinity, count: b.count + 1)
  row[0] = 0
  for x in a {
    var diagonal = row[0]
    row[0] = .infinity
    for j in b.indices {
      var squares = 0.0
      for band in x.indices {
        let difference = x[band] - b[j][band]
        squares += difference * difference
      }
      let cost = squares.squareRoot() + min(diagonal, row[j], row[j + 1])
      diagonal = row[j + 1]
      row[j + 1] = cost
    }
  }
  return row[b.count] / Double(a.count + b.count)
}

/// Where somebody speaks: stretches louder than a share of the loudest, at least 120 ms long, with at
/// least `pause` hundredths of a second of less between them.
package func loudPlaces(_ samples: [Double], pause: Int) -> [Range<Int>] {
  let frame = 80
  let powers = stride(from: 0, to: samples.count - frame + 1, by: frame).map { start in
    samples[start..<start + frame].reduce(0) { $0 + $1 * $1 }
  }
  let sorted = powers.sorted()
  guard let loud = sorted.last else { return [] }
  // Above what is always there by a thirtieth of the way to the loudest.
  let floor = sorted[sorted.count / 20], threshold = floor + (loud - floor) / 30
  var places: [Range<Int>] = [], start: Int?, quiet = 0
  for (place, power) in powers.enumerated() {
    if power > threshold {
      if start == nil { start = place }
      quiet = 0
    } else if let begun = start {
      quiet += 1
      if quiet >= pause {
        places.append(begun * frame..<(place + 1 - pause) * frame)
        (start, quiet) = (nil, 0)
      }
    }
  }
  if let start { places.append(start * frame..<powers.count * frame) }
  return places.filter { $0.count >= 120 * 8 }
}
