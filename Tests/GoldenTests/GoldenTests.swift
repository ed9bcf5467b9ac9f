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

  @Test(arguments: casesByOperation.keys.sorted())
  func agrees(operation: String) throws {
    let cases = casesByOperation[operation] ?? []
    func check(_ cases: some Sequence<GoldenCase>) {
      for golden in cases {
        do {
          for line in try Registry.differences(golden) { Issue.record(Comment(rawValue: line)) }
        } catch {
          Issue.record(Comment(rawValue: "\(error)"))
        }
      }
    }
    if Registry.awaited.contains(operation) {
      withKnownIssue("not written yet") { check(cases.prefix(1)) }
    } else {
      check(cases)
    }
  }
}
