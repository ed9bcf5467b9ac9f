import Arrays
import Foundation

/// The data sets of the field that the chapters know, each by the name of its files in a data
/// folder.
public enum KnownDataset: String, CaseIterable, Sendable {
  /// H. G. Wells, *The Time Machine* (1898).
  case timeMachine = "timemachine"
  /// Handwritten digits (LeCun, Cortes & Burges).
  case mnist
  /// PM2.5 and weather in Beijing, hourly 2010–2014 (UCI, no. 381, CC BY 4.0).
  case beijingAir = "pollution"
  /// Surnames of 18 languages (PyTorch's tutorial on classifying names).
  case surnames = "names"
  /// One-sentence film reviews (Pang & Lee 2005).
  case sentencePolarity = "movie-reviews"
  /// 366 Tang poems in traditional characters (after chinese-poetry).
  case tangPoems = "tang300"

  /// The files of the set, below the data folder; of the surnames their folder.
  public var files: [String] {
    switch self {
    case .timeMachine: ["timemachine.txt"]
    case .mnist:
      ["train", "t10k"].flatMap {
        ["mnist/\($0)-images-idx3-ubyte.gz", "mnist/\($0)-labels-idx1-ubyte.gz"]
      }
    case .beijingAir: ["pollution.csv"]
    case .surnames: ["names"]
    case .sentencePolarity: ["movie-reviews/rt-polarity.pos", "movie-reviews/rt-polarity.neg"]
    case .tangPoems: ["tang300.txt"]
    }
  }

  /// Where the set is to be had, and what becomes of what comes.
  public var sources: [Source] {
    switch self {
    case .timeMachine:
      [
        Source(
          "http://d2l-data.s3-accelerate.amazonaws.com/timemachine.txt",
          .sha1("090b5e7e70c295757f55df93cb0a180b9691891a"), .file("timemachine.txt"))
      ]
    case .mnist:
      [
        ("train-images-idx3", "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
        ("train-labels-idx1", "d53e105ee54ea40749a09fcbcd1e9432"),
        ("t10k-images-idx3", "9fb629c4189551a2d022fa330f9573f3"),
        ("t10k-labels-idx1", "ec29112dd5afa0611ce80d1b7f02629c"),
      ].map { name, digits in
        Source(
          "https://ossci-datasets.s3.amazonaws.com/mnist/\(name)-ubyte.gz", .md5(digits),
          .file("mnist/\(name)-ubyte.gz"))
      }
    // A zip archive may be packed anew by its server; what is in it stays the same.
    case .beijingAir:
      [
        Source(
          "https://archive.ics.uci.edu/static/public/381/beijing+pm2+5+data.zip", nil,
          .zip(["PRSA_data_2010.1.1-2014.12.31.csv": "pollution.csv"]),
          contents: [
            "pollution.csv": [
              .sha256("4127f868775e31b3956522adc0ec75af8937dde6a3896e8beed3a376c6d27f1c")
            ]
          ])
      ]
    case .surnames:
      [
        Source(
          "https://download.pytorch.org/tutorial/data.zip", nil, .zip(["data/names/": "names/"]),
          contents: Self.surnameFiles)
      ]
    case .sentencePolarity:
      [
        Source(
          "https://www.cs.cornell.edu/people/pabo/movie-review-data/rt-polaritydata.tar.gz",
          .sha256("a05befe52aafda71d458d188a1c54506a998b1308613ba76bbda2e5029409ce9"),
          .tar([
            "rt-polaritydata/rt-polarity.pos": "movie-reviews/rt-polarity.pos",
            "rt-polaritydata/rt-polarity.neg": "movie-reviews/rt-polarity.neg",
          ]),
          contents: [
            "movie-reviews/rt-polarity.pos": [
              .sha256("d79ef14009bbf87cd6be21f91c3ea1a3cbcb73b34dfb4231aef7bbcd7677abc4")
            ],
            "movie-reviews/rt-polarity.neg": [
              .sha256("4af43bf489620b498a0852c5a8c6a535155dec7985fdfea782b8f7756b957ccc")
            ],
          ])
      ]
    case .tangPoems:
      [
        Source(
          "https://raw.githubusercontent.com/chinese-poetry/chinese-poetry/"
            + "fd3992e780fe1b808329d6b1496531f710044dff/%E5%85%A8%E5%94%90%E8%AF%97/"
            + "%E5%94%90%E8%AF%97%E4%B8%89%E7%99%BE%E9%A6%96.json",
          .sha256("1010cff696d2ee1f3f283a55214c4f8f8f6dc58585f6bc7613c9c60e5bc2a36b"),
          .poems("tang300.txt"),
          contents: [
            "tang300.txt": [
              .sha256("4143c3693ff8a17c70439102b2eb18d9bf1b15de5e2ea8b9aeddcc21ca13c84f")
            ]
          ])
      ]
    }
  }

  /// A file on a server and what to make of it. A set that is not among these is fetched by its own:
  ///
  ///     let source = KnownDataset.Source(
  ///       "https://example.org/tides.zip", nil, .zip(["tides/brest.csv": "tides.csv"]))
  ///     try DataFolder.cache.download([source])
  public struct Source: Sendable {
    /// What becomes of a downloaded file, as paths below the data folder.
    public enum Unpacking: Sendable {
      /// The file as it came, at this path.
      case file(String)
      /// Files of an archive, or all files of a folder in it (both names end in "/").
      case zip([String: String])
      /// Files of a tar archive, which may be compressed by gzip, by their names in it.
      case tar([String: String])
      /// Poems in JSON, written one a line.
      case poems(String)
    }

    /// Where the file is and what its bytes must come to.
    public let remote: RemoteFile
    /// What becomes of it.
    public let unpacking: Unpacking
    /// What unpacked files may be, by their paths below the data folder: of some there are several
    /// editions. Where it is not empty, files of a folder that are not in it are left out.
    public let contents: [String: [Checksum]]

    /// - Parameters:
    ///   - address: where the file is; words that are no address stop the program.
    ///   - checksum: what its bytes must come to; nil takes them as they come.
    ///   - unpacking: what becomes of it.
    ///   - contents: what unpacked files may be.
    public init(
      _ address: String, _ checksum: Checksum?, _ unpacking: Unpacking,
      contents: [String: [Checksum]] = [:]
    ) {
      guard let url = URL(string: address) else {
        fatalError("KnownDataset: \(address) is no address")
      }
      self.init(RemoteFile(url, checksum: checksum), unpacking, contents: contents)
    }

    /// The same of a `RemoteFile`.
    public init(
      _ remote: RemoteFile, _ unpacking: Unpacking, contents: [String: [Checksum]] = [:]
    ) {
      (self.remote, self.unpacking, self.contents) = (remote, unpacking, contents)
    }
  }
}

/// What is wrong with a data set's files, in one line.
public struct DatasetError: Error, Equatable, CustomStringConvertible, Sendable {
  /// The file or folder.
  public let file: String
  /// The line, counted from 1, where there are lines.
  public let line: Int?
  /// What is wrong, in words.
  public let problem: String

  /// For readers of one's own; `line` counts from 1.
  public init(file: String, line: Int? = nil, problem: String) {
    (self.file, self.line, self.problem) = (file, line, problem)
  }

  public var description: String {
    (file + (line.map { ":\($0)" } ?? "") + ": " + problem).onOneLine
  }
}
