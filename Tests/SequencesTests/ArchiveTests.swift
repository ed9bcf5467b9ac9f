import Arrays
import Foundation
import Sequences
import Testing

/// A zip archive as Python's zipfile writes it: data/names/Italian.txt (deflated, 460 bytes),
/// data/names/Polish.txt (stored), data/eng-fra.txt, and entries for the folders.
private let zip = decoded(
  """
  UEsDBBQAAAAAAAAAIQAAAAAAAAAAAAAAAAAFAAAAZGF0YS9QSwMEFAAAAAAAAAAhAAAAAAAAAAAAAAAAAAsAAABkYX
  RhL25hbWVzL1BLAwQUAAAACAANNnVd5dTuZx4AAADMAQAAFgAAAGRhdGEvbmFtZXMvSXRhbGlhbi50eHQLyi8uzuRy
  ykzMS87I5HItLsgvzizJ5woaFR56wgBQSwMEFAAAAAAADTZ1XZTel1gLAAAACwAAABUAAABkYXRhL25hbWVzL1BvbG
  lzaC50eHTFu2FrCk5vd2FrClBLAwQUAAAACAANNnVdTZYWDggAAAAGAAAAEAAAAGRhdGEvZW5nLWZyYS50eHRLz+cs
  S+QCAFBLAQIUAxQAAAAAAAAAIQAAAAAAAAAAAAAAAAAFAAAAAAAAAAAAAACAAQAAAABkYXRhL1BLAQIUAxQAAAAAAA
  AAIQAAAAAAAAAAAAAAAAALAAAAAAAAAAAAAACAASMAAABkYXRhL25hbWVzL1BLAQIUAxQAAAAIAA02dV3l1O5nHgAA
  AMwBAAAWAAAAAAAAAAAAAACAAUwAAABkYXRhL25hbWVzL0l0YWxpYW4udHh0UEsBAhQDFAAAAAAADTZ1XZTel1gLAA
  AACwAAABUAAAAAAAAAAAAAAIABngAAAGRhdGEvbmFtZXMvUG9saXNoLnR4dFBLAQIUAxQAAAAIAA02dV1NlhYOCAAA
  AAYAAAAQAAAAAAAAAAAAAACAAdwAAABkYXRhL2VuZy1mcmEudHh0UEsFBgAAAAAFAAUAMQEAABIBAAAAAA==
  """)

/// A tar archive as Python's tarfile writes it, packed by gzip: a folder and two files in it, one of
/// them in Latin-1.
private let tar = decoded(
  """
  H4sIALs+AWsC/+3VTQ7CIBCGYdaeggtYaa31PJPaH5L+heLCI3sLiXFh2q0laXyfDcyEhMUXBueP09iJs/5xEy8ntQ
  ETFHn+XoPlut6nqSkypS8qgvvsxYXr1X9yi/y/6mQa5xj5p+dsmX9uriF/Q/6bE1224no7NLq2Xa+TAx06++0o/Gz+
  D1UT5//PitX8D8eZ/xGUnS3bp5baV05/Cl4RAAAAAAAAAAAAAOzPC6lX4YYAKAAA
  """)

private func decoded(_ base64: String) -> [UInt8] {
  Array(Data(base64Encoded: base64, options: .ignoreUnknownCharacters)!)
}

struct ArchiveTests {
  @Test func `zip archives, and every way to cut one short`() throws {
    let files = try Archive.zip(zip, name: "data.zip")
    #expect(
      files.keys.sorted() == [
        "data/eng-fra.txt", "data/names/Italian.txt", "data/names/Polish.txt",
      ])
    #expect(files["data/names/Polish.txt"] == Array("Żak\nNowak\n".utf8))
    #expect(files["data/names/Italian.txt"]?.count == 460)
    for length in 0..<zip.count {
      #expect(throws: ArchiveError.self) {
        try Archive.zip(Array(zip[..<length]), name: "data.zip")
      }
    }
  }

  @Test func `a flipped bit in a zip archive's files is found`() throws {
    let known = Set(try Archive.zip(zip, name: "data.zip").values)
    for place in zip.indices {
      var broken = zip
      broken[place] ^= 0x10
      // What is not guarded by a checksum, such as a date or a name, may differ.
      guard let files = try? Archive.zip(broken, name: "data.zip") else { continue }
      // A folder whose name is broken looks like an empty file.
      let allKnown = files.values.allSatisfy { $0.isEmpty || known.contains($0) }
      #expect(allKnown, "at \(place)")
    }
  }

  @Test func `tar archives, packed or not, and cut short`() throws {
    let files = try Archive.tar(tar, name: "data.tar.gz")
    #expect(
      files.keys.sorted() == ["rt-polaritydata/rt-polarity.neg", "rt-polaritydata/rt-polarity.pos"])
    #expect(files["rt-polaritydata/rt-polarity.pos"]?.count == 720)
    let bare = try gunzipped(tar, name: "data.tar.gz")
    #expect(try Archive.tar(bare, name: "data.tar") == files)
    for length in 2..<tar.count {
      #expect(throws: ArchiveError.self) {
        try Archive.tar(Array(tar[..<length]), name: "data.tar.gz")
      }
    }
    #expect(throws: ArchiveError.self) { try Archive.tar(Array(bare[..<1200]), name: "data.tar") }
  }

  @Test func `gzip: members in a row, broken bytes, too much`() throws {
    #expect(try gunzipped(tar + tar, name: "x.gz").count == 2 * gunzipped(tar, name: "x.gz").count)
    #expect(try gunzipped([1, 2, 3], name: "plain") == [1, 2, 3])
    var broken = tar
    broken[broken.count / 2] ^= 0xFF
    #expect(throws: ArchiveError.self) { try gunzipped(broken, name: "x.gz") }
    #expect(throws: ArchiveError(file: "x.gz", problem: "unpacks to more than 100 bytes")) {
      try gunzipped(tar, name: "x.gz", longest: 100)
    }
  }

  @Test func `IDX files say what is wrong`() throws {
    let good: [UInt8] = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]
    let array = try IDX(good, name: "x")
    #expect(array.shape == [2, 3] && array.bytes == [1, 2, 3, 4, 5, 6])
    for length in 0..<good.count {
      #expect(throws: ArchiveError.self) { try IDX(Array(good[..<length]), name: "x") }
    }
    #expect(throws: ArchiveError(file: "x", problem: "7 bytes for the shape [2, 3]")) {
      try IDX(good + [7], name: "x")
    }
    let huge: [UInt8] = [0, 0, 8, 3] + [UInt8](repeating: 0xFF, count: 12)
    #expect(throws: ArchiveError.self) { try IDX(huge, name: "x") }
  }
}

@Suite(.serialized) struct DataSetTests {
  func withFolder(_ body: (DataFolder) throws -> Void) throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("unroll-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: url) }
    try body(DataFolder(url))
  }

  func download(
    _ bytes: [UInt8], as name: String, _ unpacking: DataSet.Source.Unpacking,
    into folder: DataFolder
  ) throws {
    let server = try LoopbackServer { _, send in
      _ = send(head("200 OK", length: bytes.count)) && send(bytes)
    }
    defer { server.stop() }
    try folder.download([.init(RemoteFile(server.url(name)), unpacking)], using: Downloader())
  }

  @Test func `archives are unpacked into the folder's layout`() throws {
    try withFolder { folder in
      try download(zip, as: "data.zip", .zip(["data/names/": "names/"]), into: folder)
      let names = try folder.surnames()
      #expect(
        names.map(\.language) == ["Italian", "Polish"] && names[1].names == ["Żak", "Nowak"])
      try download(
        tar, as: "rt.tar.gz",
        .tar([
          "rt-polaritydata/rt-polarity.pos": "movie-reviews/rt-polarity.pos",
          "rt-polaritydata/rt-polarity.neg": "movie-reviews/rt-polarity.neg",
        ]), into: folder)
      let reviews = try folder.sentencePolarity()
      #expect(reviews.positive.count == 40 && reviews.negative == ["cliché after cliché ."])
      let poems = #"[{"title": "春曉", "author": "孟浩然", "paragraphs": ["春眠", "不覺曉。"], "id": "1"}]"#
      try download(Array(poems.utf8), as: "poems.json", .poems("tang300.txt"), into: folder)
      #expect(try folder.tangPoems() == [Poem(title: "春曉", author: "孟浩然", text: "春眠不覺曉。")])
      // Nothing else is left in the folder.
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == [
          "movie-reviews", "names", "tang300.txt",
        ])
    }
  }

  @Test func `a broken archive leaves nothing and is fetched anew`() throws {
    try withFolder { folder in
      let unpacking = DataSet.Source.Unpacking.zip(["data/names/": "names/"])
      #expect(throws: ArchiveError.self) {
        try download(Array(zip[..<300]), as: "data.zip", unpacking, into: folder)
      }
      #expect(!folder.has(.surnames))
      #expect(
        throws: ArchiveError(
          file: "data.zip", problem: "there is no file PRSA.csv in the archive")
      ) {
        try download(zip, as: "data.zip", .zip(["PRSA.csv": "pollution.csv"]), into: folder)
      }
      try download(zip, as: "data.zip", unpacking, into: folder)
      #expect(folder.has(.surnames))
    }
  }

  @Test func `a set that is not there says how to come by it`() throws {
    try withFolder { folder in
      let error = #expect(throws: DataSetError.self) { try folder.timeMachine() }
      #expect(
        error?.description.hasSuffix(
          "timemachine.txt: is not there; name the folder that has it by --data or UNROLL_DATA, or get "
            + "it by `unroll download timemachine`") == true)
      for set in DataSet.allCases {
        #expect(!folder.has(set) && !set.sources.isEmpty)
        #expect(set.sources.allSatisfy { $0.remote.address.host() != nil })
      }
    }
  }

  @Test func `wrong lines and shapes are named`() throws {
    try withFolder { folder in
      try FileManager.default.createDirectory(
        at: folder.url.appendingPathComponent("mnist"), withIntermediateDirectories: true)
      func put(_ bytes: [UInt8], _ path: String) throws {
        try Data(bytes).write(to: folder.url.appendingPathComponent(path))
      }
      try put(Array("a\tb\tc\r\n\r\nd\te\r\n".utf8), "tang300.txt")
      let poem = #expect(throws: DataSetError.self) { try folder.tangPoems() }
      #expect(poem?.line == 3)
      try put([], "timemachine.txt")
      #expect(throws: DataSetError.self) { try folder.timeMachine() }
      let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255]
      try put(images, "mnist/train-images-idx3-ubyte.gz")
      try put([0, 0, 8, 1, 0, 0, 0, 2, 7, 8], "mnist/train-labels-idx1-ubyte.gz")
      #expect(throws: DataSetError.self) { try folder.mnist() }
      try put([0, 0, 8, 1, 0, 0, 0, 1, 7], "mnist/train-labels-idx1-ubyte.gz")
      let one = try folder.mnist()
      #expect(one.inputs == NDArray([[[0, 1]]]) && one.targets == [7])
      try put(images, "mnist/train-labels-idx1-ubyte.gz")
      #expect(throws: ArchiveError.self) { try folder.mnist() }
    }
  }

  @Test func `the cache is the user's`() {
    #expect(DataFolder.cache.url.lastPathComponent == "unroll")
    #expect(DataFolder(nil) == nil)
  }

  @Test(.needsRealData) func `the real sets are what they should be`() throws {
    let folder = DataFolder(realData!)
    #expect(DataSet.allCases.allSatisfy { folder.has($0) })
    #expect(try folder.timeMachine().utf8.count == 178_979)
    #expect(lettersOnly(try folder.timeMachine()).count == 173427)
    let (train, test) = (try folder.mnist(), try folder.mnist(train: false))
    #expect(train.inputs.shape[1...] == [28, 28] && train.count >= 8000 && test.count >= 2000)
    #expect(Set(train.targets.values) == Set(0..<10))
    let names = try folder.surnames()
    #expect(names.count == 18 && names.allSatisfy { !$0.names.isEmpty })
    #expect(names.reduce(0) { $0 + $1.names.count } == 20_050)
    let reviews = try folder.sentencePolarity()
    #expect(reviews.positive.count == 5331 && reviews.negative.count == 5331)
    let poems = try folder.tangPoems()
    #expect(poems.count == 366 && poems[0].author == "駱賓王")
    #expect(try folder.beijingAir().count == 43_824)
    let passengers = try TimeSeries(
      csv: realData!.appendingPathComponent("airline-passengers.csv"), time: .column("Month"))
    #expect(passengers["Passengers"] == AirlinePassengers.monthly)
    #expect(passengers.times == AirlinePassengers.series.times)
  }
}
