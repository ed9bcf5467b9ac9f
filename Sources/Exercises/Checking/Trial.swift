import Arrays
import Foundation
import Workbook

/// One run of an exercise's checks: draws the arguments, asks the program, compares, and names the
/// mistake that explains the difference.
package final class Trial {
  private let id: String
  private let program: any Answering
  private let random: Generator

  init(of id: String, asking program: any Answering, seed: UInt64) {
    (self.id, self.program, random) = (id, program, Generator(seed: seed))
  }

  // MARK: - Drawing

  /// A whole number, for a shape that is another one each time.
  func size(_ range: ClosedRange<Int>) -> Int {
    var random = random
    return Int.random(in: range, using: &random)
  }

  func uniform(_ range: ClosedRange<Double> = 0...1) -> Double {
    range.lowerBound + random.uniform() * (range.upperBound - range.lowerBound)
  }

  /// Normal numbers.
  func numbers(_ count: Int, scale: Double = 1) -> [Double] {
    (0..<count).map { _ in random.normal() * scale }
  }

  func matrix(_ rows: Int, _ columns: Int, scale: Double = 1) -> Matrix {
    Matrix(rows, columns, numbers(rows * columns, scale: scale))
  }

  /// A sequence `[time]` of `[rows, columns]`.
  func sequence(_ steps: Int, _ rows: Int, _ columns: Int, scale: Double = 1) -> [Matrix] {
    (0..<steps).map { _ in matrix(rows, columns, scale: scale) }
  }

  /// What PyTorch gave for this exercise.
  var golden: Golden { Golden.of(id) }

  // MARK: - Asking

  /// Asks for one result.
  ///
  /// - Parameters:
  ///   - name: what the result is called in what is said of it; for a structure what goes before the
  ///     names of its fields.
  ///   - arguments: the function's, in order.
  ///   - expected: the right result.
  ///   - axes: the names of the outer lists' indices, `["t"]` for a sequence.
  ///   - tolerance: the largest allowed |a − b| / max(1, |b|).
  ///   - mistakes: sentences that teach, each with the result of who makes the mistake.
  func expect<Output: Codable>(
    _ name: String, of arguments: any Encodable..., equals expected: Output, axes: [String] = [],
    tolerance: Double = 1e-9, mistakes: Mistakes<Output> = [:]
  ) throws {
    let wrongs = try mistakes.list.map { ($0.sentence, try encoded([$0.result])) }
    let got = try Result(try ask(arguments, mistakes: wrongs))
    func difference(from truth: Data) throws -> String? {
      try Result(truth).difference(from: got, name: name, axes: axes, tolerance: tolerance)
    }
    let truth = try encoded([expected])
    guard let problem = try difference(from: truth) else { return }
    let sentence =
      try wrongs.first { try difference(from: $0.1) == nil }?.0
      ?? Result(truth).observation(of: got, tolerance: tolerance)
    throw Stop.wrong("\(problem).", reason: sentence)
  }

  /// Asks for a result that has many right forms: `judge` says what is wrong with it.
  func expect<Output: Codable>(
    of arguments: any Encodable..., mistakes: Mistakes<Output>,
    judge: (Output) -> String?
  ) throws {
    let wrongs = try mistakes.list.map { ($0.sentence, try encoded([$0.result])) }
    let reply = try ask(arguments, mistakes: wrongs)
    guard let answer: [Output] = try? decoded(reply), answer.count == 1 else {
      throw Stop.wrong(Self.signature)
    }
    guard let problem = judge(answer[0]) else { return }
    let got = try Result(reply)
    let sentence = try wrongs.first {
      try Result($0.1).difference(from: got, name: "", axes: [], tolerance: 1e-9) == nil
    }?.0
    throw Stop.wrong("\(problem).", reason: sentence)
  }

  private func ask(
    _ arguments: [any Encodable], mistakes: [(sentence: String, answer: Data)]
  ) throws -> Data {
    func list(_ argument: some Encodable) throws -> Data { try encoded([argument]) }
    let request = try arguments.map { try list($0) }.joined(separator: Data("\t".utf8))
    let reply = try program.answer(Data(request), to: Question(mistakes: mistakes))
    if reply == Data("\"signature\"".utf8) { throw Stop.wrong(Self.signature) }
    return reply
  }

  private static let signature =
    "The function no longer takes and returns what it did: put its first line back as it was."
}
