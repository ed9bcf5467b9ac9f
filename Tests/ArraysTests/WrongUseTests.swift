import Arrays
import Foundation
import Testing

/// Not in the test itself, whose closure is moved into a file that a macro makes.
@inline(never) private func addWrongly() {
  // Tests of exits run without backtraces by default.
  unsetenv("SWIFT_BACKTRACE")
  _ = NDArray.zeros([2, 3]) + .zeros([2, 4])
}
private let wrongLine = #line - 2

/// Wrong use ends the program with a sentence that names the operation and both shapes.
@Suite struct WrongUseTests {
  func said(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }

  /// Not this library's own line, where every stop would look alike.
  @Test func theLineNamedIsTheCallers() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { addWrongly() }
    let line = said(result).split(separator: "\n").first { $0.contains("Fatal error") } ?? ""
    #expect(line.contains("/WrongUseTests.swift:\(wrongLine): Fatal error: add: "), "\(line)")
  }

  @Test func broadcast() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = NDArray.zeros([2, 3]) + .zeros([2, 4]) }
    #expect(said(result).contains("add: [2, 3] and [2, 4]: sizes 3 and 4 differ"))
  }

  @Test func types() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = NDArray.zeros([2]) * .zeros([2], dtype: .float64) }
    #expect(said(result).contains("mul: float32 [2] and float64 [2] are of different types"))
  }

  @Test func products() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = NDArray.zeros([3, 4]).matmul(.zeros([5, 2])) }
    #expect(said(result).contains("matmul: [3, 4] × [5, 2]: inner sizes 4 and 5 differ"))
    let vector = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = NDArray.zeros([2, 3]).matmul(.zeros([4])) }
    #expect(said(vector).contains("matmul: [2, 3] × [4]: inner sizes 3 and 4 differ"))
  }

  @Test func reshape() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = NDArray.zeros([2, 3]).reshaped([4]) }
    #expect(said(result).contains("reshaped: [2, 3] to [4]: 6 numbers and 4"))
  }

  @Test func axis() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = NDArray.zeros([2, 3]).sum(axis: 2) }
    #expect(said(result).contains("sum: axis 2 of an array with 2 axes"))
  }

  @Test func joining() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = NDArray.concatenate([.zeros([2, 3]), .zeros([2, 4])]) }
    #expect(said(result).contains("concatenate: [2, 3] and [2, 4] along axis 0"))
  }

  @Test func stacking() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = NDArray.stack([.zeros([2, 3]), .zeros([4])]) }
    #expect(said(result).contains("stack: [2, 3] and [4] differ"))
  }

  @Test func placesOfNothing() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = NDArray.zeros([0, 3]).argmin() }
    #expect(said(result).contains("argmin: no numbers in [0, 3]"))
  }

  @Test func index() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = NDArray.zeros([3, 2]).take([1, 3]) }
    #expect(said(result).contains("take: index 3 is not in 0..<3, shape [3, 2]"))
  }

  @Test func assignment() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var a = NDArray.zeros([3, 2])
      a[0] = .zeros([3])
    }
    #expect(said(result).contains("assignment: [3] and [2]: sizes 3 and 2 differ"))
  }

  @Test func oneNumber() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = NDArray.zeros([2]).item }
    #expect(said(result).contains("item: the array's shape is [2], not one number"))
  }

  @Test func countOfNumbers() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = NDArray([1.0, 2], shape: [3]) }
    #expect(said(result).contains("NDArray: 2 numbers for shape [3], which holds 3"))
  }

  @Test func largestOfNone() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = NDArray.zeros([0, 2]).max(axis: 0) }
    #expect(said(result).contains("max: no numbers in [0, 2]"))
  }
}
