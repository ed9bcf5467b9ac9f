package enum MarkdownPage { package static func text(_ record: Record) -> String { "" } }
