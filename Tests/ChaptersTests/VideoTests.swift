import Applications
import Foundation
import Testing
import Unroll

@Suite struct VideoTests {
  @Test func theBlobMovesAsItSays() {
    let generator = Generator(seed: 1)
    var seen = Set<Int>()
    for _ in 0..<100 {
      let film = Film(noise: 0, generator: generator)
      seen.insert(film.direction)
      func middle(_ picture: [Double]) -> (x: Double, y: Double) {
        let sum = picture.reduce(0, +)
        let x = picture.indices.reduce(0) { $0 + picture[$1] * Double($1 % Film.size) }
        let y = picture.indices.reduce(0) { $0 + picture[$1] * Double($1 / Film.size) }
        return (x / sum, y / sum)
      }
      let (a, b) = (middle(film.pictures[0]), middle(film.pictures[11]))
      #expect(nearestDirection(b.x - a.x, b.y - a.y) == film.direction)
      // Where there is no noise, all rivals are right.
      #expect(byDifference(film) == film.direction)
      #expect(byBrightest(film) == film.direction)
      #expect(byBestWay(film) == film.direction)
    }
    #expect(seen == Set(0..<8))
  }

  @Test func directions() {
    for direction in 0..<8 {
      let angle = Double(direction) * .pi / 4
      #expect(nearestDirection(cos(angle + 0.3), sin(angle + 0.3)) == direction)
      #expect(nearestDirection(cos(angle - 0.3), sin(angle - 0.3)) == direction)
    }
    #expect(nearestDirection(0, 0) == 0)
  }

  @Test func framesAndScores() {
    let films = (0..<3).map { _ in Film(noise: 0.5, generator: Generator(seed: 4)) }
    let input = frames(films)
    #expect(input.shape == [12, 3, 144])
    #expect(abs(input.value[5][2].doubles[70] - films[2].pictures[5][70]) < 1e-6)
    #expect(FilmModel()(input).shape == [3, 8])
  }
}
