import Testing

/// The chapters stand in several places, and all say the same: the folders, the products, the list of
/// the programs, the README.
struct ChapterListTests {
  private struct Chapter {
    let number: Int
    let folder, program: String
  }

  private func chapters() throws -> [Chapter] {
    try Checkout.folders(in: "Chapters").compactMap { folder in
      guard let number = folder.firstMatch(of: #/^(\d+)-/#).flatMap({ Int($0.1) }) else {
        return nil
      }
      let text = try Checkout.text("Chapters/\(folder)/Chapter.swift")
      let said = try #require(text.firstMatch(of: #/static let number = (\d+)/#), "\(folder)")
      #expect(Int(said.1) == number, "\(folder) says that it is chapter \(said.1)")
      let type = try #require(text.firstMatch(of: #/@main struct (\w+): Chapter/#), "\(folder)").1
      let slug = text.firstMatch(of: #/static let slug = "([^"]+)"/#).map { String($0.1) }
      return Chapter(
        number: number, folder: folder, program: slug ?? Self.programName(String(type)))
    }.sorted { $0.number < $1.number }
  }

  /// `RNNFromScratch` as a program is called: `rnn-from-scratch`.
  private static func programName(_ type: String) -> String {
    type.replacing(#/([a-z0-9])([A-Z])/#) { "\($0.1)-\($0.2)" }
      .replacing(#/([A-Z])([A-Z][a-z])/#) { "\($0.1)-\($0.2)" }.lowercased()
  }

  @Test func numbersAreWithoutGaps() throws {
    let numbers = try chapters().map(\.number)
    #expect(numbers == Array(1...numbers.count))
  }

  @Test func everyFolderIsAProduct() throws {
    let manifest = try Manifest()
    for chapter in try chapters() {
      let target = manifest.targets.first { $0.path == "Chapters/\(chapter.folder)" }
      #expect(target?.kind == "executableTarget", "\(chapter.folder)")
      #expect(manifest.programs[chapter.program] == target?.name, "\(chapter.program)")
      #expect(
        manifest.targets.first { $0.name == "unroll-all" }?.dependencies
          .contains(target?.name ?? "") == true, "unroll does not build \(chapter.folder)")
    }
    #expect(Set(manifest.programs.keys) == Set(try chapters().map(\.program) + ["unroll"]))
  }

  @Test func theListOfProgramsNamesThem() throws {
    var lists: [[String]] = []
    for file in try Checkout.sources(below: "Sources") + Checkout.sources(below: "Chapters") {
      let text = try Checkout.text(file)
      lists += text.matches(of: #/programs: \[\s*("[^\]]+)\]/#).map { list in
        list.1.matches(of: #/"([^"]+)"/#).map { String($0.1) }
      }
    }
    let programs = try chapters().map(\.program)
    #expect(lists == [programs])
  }

  @Test func theREADMENamesThem() throws {
    let text = try Checkout.text("README.md")
    let rows = text.matches(of: #/\n\| (\d+) \| `([^`]+)` \|/#)
    let told = rows.map { "\($0.1) \($0.2)" }
    let programs = try chapters().map { "\($0.number) \($0.program)" }
    #expect(programs == told)
  }
}
