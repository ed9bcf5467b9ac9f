package enum HTMLPage {
  package static func text(
    _ record: Record, previous: ChapterDescription?, next: ChapterDescription?
  ) -> String { "" }
}
