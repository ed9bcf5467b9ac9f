import Arrays
import Foundation
import Sequences
import Testing

@Test func addingProblemMarksOneNumberInEachHalf() {
  let (inputs, targets) = AddingProblem(length: 9).batch(50, generator: Generator(seed: 1))
  #expect(inputs.shape == [9, 50, 2])
  for b in 0..<50 {
    let numbers = (0..<9).map { inputs[$0, b, 0].item }
    let marks = (0..<9).filter { inputs[$0, b, 1].item == 1 }
    #expect(marks.count == 2 && marks[0] < 4 && marks[1] >= 4)
    #expect(abs(targets[b].item - marks.map { numbers[$0] }.reduce(0, +)) < 1e-6)
  }
}

@Test func addingProblemBaselineIsTheErrorOfTheMean() {
  let targets = AddingProblem(length: 10).batch(20_000, generator: Generator(seed: 2)).targets
  let error = ((targets - 1) * (targets - 1)).mean().item
  #expect(abs(error - AddingProblem.baseline) < 0.005)
}

@Test func copyTaskAsksForTheSymbolsAfterTheSign() {
  let task = CopyTask(delay: 4, symbols: 3, alphabet: 5)
  let (inputs, targets) = task.batch(7, generator: Generator(seed: 3))
  #expect(task.length == 11)
  #expect(inputs.shape == [11, 7, 7])
  let read = inputs.argmax(axis: 2)
  for b in 0..<7 {
    let input = (0..<11).map { read.values[$0 * 7 + b] }
    let target = (0..<11).map { targets.values[$0 * 7 + b] }
    #expect(input[3...] == [5, 5, 5, 5, 6, 5, 5, 5])
    #expect(Array(target[..<8]) == Array(repeating: 5, count: 8))
    #expect(target[8...] == input[..<3])
  }
  #expect(abs(task.baseline - 3 * log(5) / 11) < 1e-12)
}

@Test func temporalOrderHidesTwoSymbolsInTheirTenths() {
  let (inputs, answers) = TemporalOrder(length: 40).batch(200, generator: Generator(seed: 4))
  #expect(inputs.shape == [40, 200, 6])
  let read = inputs.argmax(axis: 2)
  for b in 0..<200 {
    let row = (0..<40).map { read.values[$0 * 200 + b] }
    let places = row.indices.filter { row[$0] < 2 }
    #expect(places.count == 2 && (4..<8).contains(places[0]) && (20..<24).contains(places[1]))
    #expect(answers.values[b] == 2 * row[places[0]] + row[places[1]])
  }
  #expect(Set(answers.values) == [0, 1, 2, 3])
}
