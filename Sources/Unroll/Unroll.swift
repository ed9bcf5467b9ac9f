@_exported import UnrollChapter
@_exported import UnrollNN
