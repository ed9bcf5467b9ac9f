package enum NotebookPage { package static func text(_ record: Record) throws -> String { "" } }
