import Foundation
import Unroll

/// Twelve frames in which a faint blob moves one of eight ways.
package struct Film: Sendable {
  package static let size = 12, frames = 12
  package static let directions = ["→", "↘", "↓", "↙", "←", "↖", "↑", "↗"]
  /// Right is 0, then clockwise in steps of 45°, as y grows downwards.
  package let direction: Int
  /// `[frame][row · 12 + column]`.
  package let pictures: [[Double]]

  /// - Parameter noise: its standard deviation; the blob is 1 at its middle.
  package init(noise: Double, generator: Generator) {
    direction = Int(generator.uniform() * 8)
    let angle = Double(direction) * .pi / 4
    let speed = 0.3 + 0.3 * generator.uniform()
    let (stepX, stepY) = (speed * cos(angle), speed * sin(angle))
    // The middle of the way lies near the middle of the picture, so that the blob stays inside and
    // where it begins doesn't tell all.
    let middle = Double(Self.size - 1) / 2
    let x = middle + 2.5 * (generator.uniform() - 0.5)
    let y = middle + 2.5 * (generator.uniform() - 0.5)
    pictures = (0..<Self.frames).map { frame in
      let time = Double(frame) - Double(Self.frames - 1) / 2
      let (left, top) = (x + time * stepX, y + time * stepY)
      return (0..<Self.size * Self.size).map { pixel in
        let dx = Double(pixel % Self.size) - left, dy = Double(pixel / Self.size) - top
        return exp(-(dx * dx + dy * dy) / 2.5) + noise * generator.normal()
      }
    }
  }
}

/// Frames in, scores for the eight directions out, after the last.
package final class FilmModel: Module {
  let eye: Linear
  let layer: LSTM
  let output: Linear

  package init(hiddenSize: Int = 64) {
    eye = Linear(Film.size * Film.size, 48)
    layer = LSTM(inputSize: 48, hiddenSize: hiddenSize)
    output = Linear(hiddenSize, 8)
  }

  /// Films `[frame, batch, pixels]`; scores `[batch, directions]`.
  package func callAsFunction(_ films: Tensor) -> Tensor {
    let (_, state) = layer(eye(films).relu())
    return output(state.h_n[0])
  }
}

/// Films as one tensor, `[frame, batch, pixels]`.
package func frames(_ films: [Film]) -> Tensor {
  let pixels = Film.size * Film.size
  return Tensor(
    NDArray(
      (0..<Film.frames).flatMap { frame in films.flatMap { $0.pictures[frame] } },
      shape: [Film.frames, films.count, pixels]))
}

/// Trains on films that are made as they are needed.
package func train(
  _ model: FilmModel, steps: Int, noise: Double, each: (_ done: Int, _ total: Int) -> Void
) {
  let optimizer = Adam(model.parameters(), learningRate: 0.006)
  let schedule = OneCycleLR(optimizer, maxLR: 0.006, totalSteps: steps)
  for step in 1...steps {
    let films = (0..<64).map { _ in Film(noise: noise, generator: .default) }
    optimizer.zeroGrad()
    let loss = crossEntropy(model(frames(films)), Indices(films.map(\.direction)))
    loss.backward()
    clipGradNorm(optimizer.parameters, maxNorm: 1)
    optimizer.step()
    schedule.step()
    each(step, steps)
  }
}

/// The direction nearest to a way.
package func nearestDirection(_ dx: Double, _ dy: Double) -> Int {
  Int((atan2(dy, dx) / (.pi / 4)).rounded() + 8) % 8
}

/// Frame difference: what has become brighter lies where the blob went, what has become darker where
/// it came from. Changes less than half as large as the largest are taken for noise.
package func byDifference(_ film: Film) -> Int {
  let half = Film.frames / 2
  func mean(_ frames: ArraySlice<[Double]>) -> [Double] {
    frames.first!.indices.map { pixel in
      frames.reduce(0) { $0 + $1[pixel] } / Double(frames.count)
    }
  }
  let early = mean(film.pictures[..<half]), late = mean(film.pictures[half...])
  let changes = zip(late, early).map(-), least = changes.map(abs).max()! / 2
  /// The mean place of the changes of one sign.
  func place(_ sign: Double) -> (x: Double, y: Double) {
    var x = 0.0, y = 0.0, sum = 0.0
    for (pixel, change) in changes.enumerated() where sign * change > least {
      x += change * Double(pixel % Film.size)
      y += change * Double(pixel / Film.size)
      sum += change
    }
    return sum == 0 ? (0, 0) : (x / sum, y / sum)
  }
  let (to, from) = (place(1), place(-1))
  return nearestDirection(to.x - from.x, to.y - from.y)
}

/// The brightest pixel's way from frame to frame, by least squares over time.
package func byBrightest(_ film: Film) -> Int {
  var dx = 0.0, dy = 0.0
  for (frame, picture) in film.pictures.enumerated() {
    let time = Double(frame) - Double(Film.frames - 1) / 2
    let brightest = picture.indices.max { picture[$0] < picture[$1] }!
    dx += time * Double(brightest % Film.size)
    dy += time * Double(brightest / Film.size)
  }
  return nearestDirection(dx, dy)
}

/// Whoever knows how the films are made: the direction of the way, of many ways tried, along which
/// the pictures are brightest. No method does much better.
package func byBestWay(_ film: Film) -> Int {
  let middle = Double(Film.size - 1) / 2
  var best = (sum: -Double.infinity, direction: 0)
  for direction in 0..<8 {
    let angle = Double(direction) * .pi / 4
    for speed in [0.37, 0.53] {
      for place in 0..<25 {
        let x = middle + Double(place % 5 - 2) * 0.55, y = middle + Double(place / 5 - 2) * 0.55
        var sum = 0.0
        for (frame, picture) in film.pictures.enumerated() {
          let time = (Double(frame) - Double(Film.frames - 1) / 2) * speed
          let (left, top) = (x + time * cos(angle), y + time * sin(angle))
          // Weighed by the blob's own form, which is 0 further away.
          for row in max(0, Int(top) - 2)...min(Film.size - 1, Int(top) + 3) {
            for column in max(0, Int(left) - 2)...min(Film.size - 1, Int(left) + 3) {
              let dx = Double(column) - left, dy = Double(row) - top
              sum += picture[row * Film.size + column] * exp(-(dx * dx + dy * dy) / 2.5)
            }
          }
        }
        if sum > best.sum { best = (sum, direction) }
      }
    }
  }
  return best.direction
}
