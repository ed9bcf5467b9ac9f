import Foundation
import GoldenSupport
import Testing

/// The files are read once for all tests.
private let loaded = Result { try goldenCases() }
private let casesByOperation = Dictionary(grouping: (try? loaded.get()) ?? [], by: \.op)

@Suite struct GoldenTests {
  @Test func everyFileCanBeRead() throws {
    let cases = try loaded.get()
    let counts = casesByOperation.sorted { $0.key < $1.key }.map { "  \($0.key) \($0.value.count)" }
    print("golden cases in \(goldenFolder.path): \(cases.count)\n" + counts.joined(separator: "\n"))
    #expect(!cases.isEmpty)
  }

  /// One operation after the other: where wrong use stops the program, the last that started is it.
  @Test(.serialized, arguments: casesByOperation.keys.sorted())
  func agrees(operation: String) throws {
    let lines = differences(in: casesByOperation[operation] ?? [])
    // One fault shows in hundreds of cases; the first few say which.
    for line in lines.prefix(5) { Issue.record(Comment(rawValue: line)) }
    if lines.count > 5 { Issue.record("… and \(lines.count - 5) more lines of \(operation)") }
  }

  private func differences(in cases: [GoldenCase]) -> [String] {
    cases.flatMap { golden in
      do {
        return try Registry.differences(golden)
      } catch {
        return ["\(error)"]
      }
    }
  }
}
