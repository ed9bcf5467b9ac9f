import Notebook

extension Book {
  /// The book that this package's chapters make.
  public static let unroll = Book(
    name: "unroll", title: "Recurrent neural networks in Swift",
    summary: "Told step by step, and run: each page is what its program left.",
    programs: [
      "sequence-data", "rnn-from-scratch", "fused-lstm", "gru", "modules", "applications",
    ],
    glossary: Term.all)
}
