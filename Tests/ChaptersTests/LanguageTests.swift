import Foundation
import Testing
import ThisBook
import Unroll

@Suite struct LanguageTests {
  /// A chapter offers the languages for which files with its prose lie beside its source.
  @Test(arguments: Book.unroll.programs)
  func chaptersOfferTheLanguagesThereAre(program: String) throws {
    let chapter = try #require(Book.describe(program))
    let chapters = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Chapters")
    let folder = try #require(
      try FileManager.default.contentsOfDirectory(atPath: chapters.path)
        .first { $0.hasPrefix("\(chapter.number)-") })
    let files = try FileManager.default.contentsOfDirectory(
      atPath: chapters.appendingPathComponent(folder).path)
    let translations = files.compactMap {
      $0.wholeMatch(of: #/.+\.([a-z]{2,3}(?:-[a-z]+)?)\.md/#).map { String($0.1) }
    }
    #expect(Set(chapter.languages ?? []) == Set(translations))
  }

  @Test func aLanguageThatIsNotThereIsRefused() throws {
    let outcome = try run("gru", ["--language", "fr"])
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("there is no prose in 'fr', only in 'en'"))
    #expect(outcome.errors.count { $0 == "\n" } == 1)
  }
}
