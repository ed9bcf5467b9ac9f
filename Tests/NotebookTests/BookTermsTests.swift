import Foundation
import Notebook
import Testing
import ThisBook

/// The glossary of the book beside the prose of its chapters.
@Suite struct BookTermsTests {
  let book: ToldBook
  let names = Book.unroll.glossary.byName

  init() throws { book = try ToldBook.shared.get() }

  @Test func allProseIsFound() {
    #expect(book.passages.count > 200)
    #expect(book.unreached == [])
  }

  @Test func everyTermIsToldOnce() {
    var tellings: [String: [String]] = [:]
    for passage in book.passages {
      for case .stress(let words) in passage.blocks.pieces {
        guard let key = names[words.lowercased()] else { continue }
        tellings[key, default: []].append("\(passage.file.lastPathComponent): \(words)")
      }
    }
    for term in Book.unroll.glossary {
      #expect(tellings[term.key]?.count == 1, "\(term.name): \(tellings[term.key] ?? [])")
    }
  }

  /// A short name is the same in both languages, and the long one stands beside it.
  @Test func abbreviationsAreSpelledOut() {
    let english = GlossaryPage.html(of: .unroll, []) { _ in [] }
    #expect(english.contains(">LSTM <span lang=\"zh-Hans\">长短期记忆</span>"))
    let chinese = GlossaryPage.html(of: .unroll, in: Wording("zh", of: .unroll), []) { _ in [] }
    #expect(chinese.contains(">GRU <span lang=\"en\">gated recurrent unit</span>"))
    #expect(chinese.contains(">困惑度 <span lang=\"en\">perplexity</span>"))
  }

  /// Where a term is told in English it is told in other languages, and by the glossary's word for it.
  @Test func everyTermIsToldInTranslationsToo() throws {
    for file in try ChapterSources.files() where !file.url.path.contains("Fixture") {
      for (language, translation) in try ChapterSources.translations(of: file) {
        let words = Wording(language, of: .unroll)
        for mark in file.marks {
          guard let english = mark.text, let other = translation.cells[mark.id] else { continue }
          let told = Self.stressed(other)
          for key in Self.stressed(english).compactMap({ names[$0] }) {
            let term = Book.unroll.glossary.first { $0.key == key }!
            let known = ([term.name] + term.forms).compactMap(words.translation)
            #expect(
              known.contains { told.contains($0.lowercased()) },
              "\(file.url.lastPathComponent), \(mark.id), \(language): \(term.name)")
          }
        }
      }
    }
  }

  private static func stressed(_ text: String) -> [String] {
    Markdown.parse(text).pieces.compactMap { piece in
      if case .stress(let words) = piece { words.lowercased() } else { nil }
    }
  }

  /// Words that are of everyday language too, and what they stand for there before the field's
  /// meaning is told.
  private static let everyday: [String: String] = [
    "temperature": "what the sensor of chapter 1 measures"
  ]

  @Test func noTermIsUsedBeforeItIsTold() {
    let forms = names.map { (words: $0.key.split(separator: " ").map(String.init), key: $0.value) }
    let byFirst = Dictionary(grouping: forms) { $0.words[0] }
    var told: Set<String> = [], early: [String: String] = [:]
    for passage in book.passages {
      let pieces = passage.blocks.pieces
      for (place, piece) in pieces.enumerated() {
        switch piece {
        case .stress(let words):
          if let key = names[words.lowercased()] { told.insert(key) }
        case .word(let word):
          for form in byFirst[word] ?? [] where !told.contains(form.key) {
            let rest = pieces[place...].prefix(form.words.count)
            guard Array(rest) == form.words.map({ .word($0) }) else { continue }
            let around = pieces[max(0, place - 6)..<min(pieces.count, place + 7)].map { piece in
              if case .word(let word) = piece { word } else { "·" }
            }
            early[form.key] =
              early[form.key]
              ?? "\(passage.file.lastPathComponent): \(around.joined(separator: " "))"
          }
        case .gap: break
        }
      }
    }
    for (key, place) in early.sorted(by: { $0.key < $1.key }) where Self.everyday[key] == nil {
      Issue.record("\(key) is used before it is told: \(place)")
    }
  }

  /// Whatever else the prose stresses: titles, questions, examples, and words that only weigh.
  private static let otherStress: Set<String> = [
    "Autoregression with a Markov window", "Brightest pixel", "Classes.", "Coupled",
    "Cut, then shuffle", "Dive into Deep Learning", "Florence", "Forecasts", "Frame difference",
    "Greedy", "Learning", "Majority", "Many steps",
    "Many to one again, but the sequences are of unequal length.", "Many to one, with words.",
    "Many to one:", "May", "Memory", "Mrs.", "One step", "Split, then cut", "The Time Machine",
    "The figures", "The gates at their limits", "What each version gains",
    "Where is the last state of a bidirectional layer?", "Why does batchFirst leave h_n alone?",
    "Why not take output[−1] of padded sequences?", "acrostic", "after", "all", "and",
    "at that moment", "beam", "before", "best way", "bits a character", "find", "first",
    "fit everything that is fitted, scales too, on the training part alone", "follows", "greedily",
    "in", "learning", "not", "of the same kind", "one", "precedes", "prefix", "quite", "series G",
    "split in time order before cutting", "start", "stop", "time", "to", "very", "when", "within",
  ]

  /// A word of the field that the prose stresses, and so tells, has its place in the glossary.
  @Test func whatIsStressedIsInTheGlossary() {
    var others: Set<String> = []
    for passage in book.passages {
      for case .stress(let words) in passage.blocks.pieces where names[words.lowercased()] == nil {
        others.insert(words)
      }
    }
    let unknown = others.subtracting(Self.otherStress).sorted()
    #expect(unknown == [], "put into Glossary.swift what is a term, and here what is none")
  }

  /// What a reader of the textbooks looks for.
  private static let expected = """
    softmax, one-hot, cross-entropy, perplexity, nat, bit, token, vocabulary, n-gram, Zipf's law,
    Laplace smoothing, autoregressive, Markov assumption, latent state, stationary, hidden state,
    loss, gradient, learning rate, epoch, batch, padding, packing, mask, window, horizon, dropout,
    weight decay, early stopping, vanishing gradient, exploding gradient, gradient clipping,
    backpropagation through time, truncated backpropagation through time, LSTM, GRU, gate,
    forget gate, input gate, output gate, candidate, cell state, reset gate, update gate,
    bidirectional, deep network, embedding, word vector, cosine similarity, greedy decoding,
    sampling, temperature, beam search, teacher forcing, attention, encoder, decoder
    """

  @Test func theGlossaryIsComplete() {
    for name in Self.expected.replacing("\n", with: " ").split(separator: ", ") {
      #expect(names[name.lowercased()] != nil, "\(name)")
    }
  }

  @Test func everyMeaningIsOneLine() {
    for term in Book.unroll.glossary {
      let blocks = Markdown.parse(term.meaning)
      guard case .paragraph? = blocks.first, blocks.count == 1 else {
        Issue.record("\(term.name) has no one paragraph")
        continue
      }
      #expect(term.meaning.count < 140 && term.meaning.hasSuffix("."), "\(term.name)")
    }
  }

  /// Links from one page of the book to another lead to a heading that is there.
  @Test func linksWithinTheBookLeadSomewhere() {
    var anchors: [String: Set<String>] = [:]
    for passage in book.passages {
      for case .heading(_, let inlines) in passage.blocks {
        anchors[passage.program, default: []].insert(inlines.plain.slug)
      }
    }
    var count = 0
    for passage in book.passages {
      for link in passage.blocks.links where link.hasPrefix("../") {
        count += 1
        if let match = link.wholeMatch(of: #/\.\./([a-z-]+)/chapter\.html#([a-z0-9-]+)/#) {
          #expect(anchors[String(match.1)]?.contains(String(match.2)) == true, "\(link)")
        } else {
          Issue.record("\(passage.file.lastPathComponent): \(link) leads to no chapter's heading")
        }
      }
    }
    #expect(count > 1)
  }
}

extension [Block] {
  /// The addresses that the prose links to.
  fileprivate var links: [String] {
    flatMap { block -> [String] in
      switch block {
      case .paragraph(let inlines), .heading(_, let inlines): inlines.links
      case .list(_, let items): items.flatMap(\.links)
      case .quote(let blocks): blocks.links
      case .table(_, let header, let rows): (header + rows.flatMap { $0 }).flatMap(\.links)
      case .code, .math, .rule: []
      }
    }
  }
}

extension [Inline] {
  fileprivate var links: [String] {
    flatMap { inline -> [String] in
      switch inline {
      case .link(let inner, let target, _): [target] + inner.links
      case .emphasis(let inner), .strong(let inner), .term(let inner, _): inner.links
      case .text, .code, .math, .lineBreak: []
      }
    }
  }
}
