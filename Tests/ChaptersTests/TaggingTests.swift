import Applications
import Foundation
import Testing
import Unroll

// Chapter 6, tagging: sentences, the dictionary, the network, and the part run as a reader runs it.

@Suite struct TaggingTests {
  /// No pattern and no name of the test is among those to learn from, but for the blanks between.
  @Test func theTestIsNew() {
    #expect(Set(Sentences.learned).isDisjoint(with: Sentences.unseen))
    let learned = NameLists.learned, unseen = NameLists.unseen
    let known = Set(learned.first + learned.last + learned.places)
    #expect(known.isDisjoint(with: unseen.first + unseen.last + unseen.places))
    // Some are a person's and a place's in either list.
    for names in [learned, unseen] {
      #expect(Set(names.places).intersection(names.first + names.last).count >= 5)
      for list in [names.first, names.last, names.places] {
        #expect(Set(list).count == list.count)
      }
    }
  }

  @Test func tagsFitTheirWords() {
    let generator = Generator(seed: 2)
    let sentences = Sentences.made(
      400, Sentences.learned, .learned, isVaried: true, generator: generator)
    let names = NameLists.learned
    let persons = Set(names.first + names.last), places = Set(names.places)
    for sentence in sentences {
      #expect(sentence.words.count == sentence.tags.count)
      #expect(sentence.tags.allSatisfy(Sentences.tags.contains))
      #expect(impossibleSteps(sentence.tags) == 0)
      #expect(!sentence.words.contains { $0.contains("{") || $0.contains("}") })
      for entity in entities(in: sentence.tags) {
        let words = sentence.words[entity.range]
        switch entity.label {
        case "person": #expect(persons.contains(words.last!))
        case "place": #expect(words.contains { places.contains($0) })
        default: #expect(entity.label == "date")
        }
      }
    }
    let labels = Set(sentences.flatMap(\.tags))
    #expect(labels == Set(Sentences.tags), "all of them occur")
  }

  @Test(arguments: [
    (["O", "B-person", "I-person", "O"], 0), (["I-person", "O"], 1),
    (["O", "I-date", "I-date"], 1), (["B-place", "I-person", "I-person"], 1),
    (["B-date", "B-date", "I-date", "O", "I-date"], 1), ([], 0),
  ])
  func impossible(tags: [String], count: Int) { #expect(impossibleSteps(tags) == count) }

  @Test func dictionaryByHand() {
    func sentence(_ text: String, _ tags: String) -> TaggedSentence {
      TaggedSentence(words: text.listed, tags: tags.listed)
    }
    let learned = [
      sentence("Anna Berg left Oslo .", "B-person I-person O B-place O"),
      sentence("the 3rd of May came .", "B-date I-date I-date I-date O O"),
      sentence("the end of it .", "O O O O O"), sentence("the end of it .", "O O O O O"),
    ]
    let known = NameDictionary(learned), guessing = NameDictionary(learned, guesses: true)
    #expect(
      known.tags("Anna Berg of Oslo .".listed) == "B-person I-person O B-place O".listed)
    #expect(known.tags("Berg left Rome .".listed) == "B-person O O O".listed)
    #expect(
      guessing.tags("Berg left Rome New .".listed) == "B-person O B-person I-person O".listed)
    #expect(
      known.tags("on the 3rd of May 1999".listed) == "O B-date I-date I-date I-date I-date".listed)
    #expect(known.tags([]) == [])
  }

  /// What a sentence gives does not depend on the longer one beside it.
  @Test(arguments: [false, true]) func paddingIsNotRead(crf: Bool) {
    Generator.default.seed(3)
    let sentences = Sentences.made(
      40, Sentences.learned, .learned, generator: Generator(seed: 6))
    let model = Tagger(WordReader(sentences), crf: crf)
    let words = sentences.map(\.words)
    let together = model.tags(words)
    for k in [0, 7, 19] { #expect(model.tags([words[k]]) == [together[k]]) }
    #expect(model.scores(words).shape == [words.map(\.count).max()!, 40, 7])
    // A word of characters never met has tags, too.
    #expect(model.tags([["Žižkov", "?"]])[0].count == 2)
  }

  /// Told the rule, it keeps it, whatever the scores.
  @Test func toldTheRule() {
    Generator.default.seed(3)
    let sentences = Sentences.made(
      60, Sentences.learned, .learned, generator: Generator(seed: 6))
    let model = Tagger(WordReader(sentences), crf: true)
    let before = model.tags(sentences.map(\.words)).map(impossibleSteps).reduce(0, +)
    #expect(before > 0, "an untrained one breaks it")
    model.crf!.forbidImpossible()
    #expect(model.tags(sentences.map(\.words)).map(impossibleSteps).reduce(0, +) == 0)
  }

  @Test(arguments: [false, true]) func learns(crf: Bool) {
    Generator.default.seed(8)
    let sentences = Sentences.made(
      200, ["{person} lives in {place} .", "In {place} it rained on {date} ."], .learned,
      generator: Generator(seed: 7))
    let model = Tagger(WordReader(sentences), crf: crf)
    train(model, on: sentences, epochs: 20) { _, _ in }
    let found = model.tags(sentences.map(\.words))
    #expect(entityScores(found, sentences.map(\.tags)).all.f1 > 0.9)
  }

  @Test func quickPartTellsItsResults() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("unroll-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let options = ["--part", "tagging", "--quick", "--quiet", "--output", folder.path]
    let (status, errors) = try run("applications", options)
    #expect(status == 0 && errors == "", "\(errors)")
    let pages = folder.appendingPathComponent("applications")
    let first = try results(in: pages)
    #expect(try #require(first["tagging.crf.f1"]) <= 1)
    #expect(try #require(first["tagging.dictionary.f1"]) < 0.7)
    #expect(first["tagging.told_crf.impossible"] == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: pages.path)
    #expect(names.count { $0.hasSuffix(".png") } == 2)
    #expect(names.contains("tagging-quick.safetensors"))
    let again = try run("applications", options + ["--load"])
    #expect(again.status == 0 && again.errors == "", "\(again.errors)")
    #expect(try results(in: pages)["tagging.crf.f1"] != nil)
  }
}
