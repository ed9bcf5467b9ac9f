import Arrays
import Foundation
import Datasets
import Sequences
import Synchronization
import TestSupport
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
    // zlib counts in 32 bits: a longer file is given to it in pieces.
    for piece in [2, 7, tar.count - 1, tar.count, tar.count + 1] {
      let whole = try gunzipped(
        tar + tar, name: "x.gz", longest: 1 << 30, limit: nil, piece: piece)
      let joined = try gunzipped(tar + tar, name: "x.gz")
      #expect(whole == joined)
    }
  }

  /// A zip archive of stored or deflated bytes under some names, as its directory tells it.
  private func zipped(
    _ entries: [(name: String, bytes: [UInt8])], size: Int? = nil, mode: Int = 0o100644
  ) -> [UInt8] {
    func number(_ value: Int, _ size: Int) -> [UInt8] {
      (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    var body: [UInt8] = [], directory: [UInt8] = []
    for (name, bytes) in entries {
      let place = body.count
      let sum = crc32(bytes)
      let fields =
        number(20, 2) + number(0, 2) + number(0, 2) + number(0, 4) + number(sum, 4)
        + number(bytes.count, 4) + number(size ?? bytes.count, 4) + number(name.utf8.count, 2)
        + number(0, 2)
      body += number(0x0403_4B50, 4) + fields + name.utf8 + bytes
      directory +=
        number(0x0201_4B50, 4) + [20, 3] + fields + number(0, 6)
        + number(mode << 16, 4) + number(place, 4) + name.utf8
    }
    return body + directory + number(0x0605_4B50, 4) + number(0, 4) + number(entries.count, 2)
      + number(entries.count, 2) + number(directory.count, 4) + number(body.count, 4) + number(0, 2)
  }

  private func crc32(_ bytes: [UInt8]) -> Int {
    var sum: UInt32 = .max
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return Int(~sum)
  }

  @Test func `archives that unpack to too much name the limit`() throws {
    func problem(_ bytes: [UInt8], _ limits: ArchiveLimits = ArchiveLimits()) -> String? {
      #expect(throws: ArchiveError.self) { try Archive.zip(bytes, name: "x.zip", limits: limits) }?
        .problem
    }
    // 65,535 entries of 64 MiB, all in one place: 4 TiB from 4 MB, refused by what they say.
    let one = zipped([("a", [1])], size: 64 << 20)
    let start = 31 + 1, entry = one[start..<(start + 47)]
    let many =
      one[..<start] + (0..<65_535).flatMap { _ in entry }
      + one[(start + 47)...].prefix(8) + [0xFF, 0xFF, 0xFF, 0xFF]
      + one[(start + 47)...].dropFirst(12)
    #expect(
      problem(Array(many)) == "holds 65535 files; 10000 are the most that is unpacked")
    let byRatio = problem(Array(many), ArchiveLimits(count: .max))
    #expect(byRatio?.contains("(200 times as many)") == true, "\(byRatio ?? "")")
    #expect(
      problem(Array(many), ArchiveLimits(ratio: .max, count: .max))
        == "unpacks to more than 1073741824 bytes, the most that is unpacked")
    // A directory that says less than there is.
    var liar = zip
    let place = (0..<liar.count - 4).last { liar[$0..<$0 + 4].elementsEqual([0xCC, 1, 0, 0]) }!
    liar[place] = 10
    #expect(problem(liar) == "unpacks to more than 266 bytes")
    let packed = #expect(throws: ArchiveError.self) {
      try Archive.tar(tar, name: "x.tar.gz", limits: ArchiveLimits(ratio: 2, small: 100))
    }
    #expect(packed?.problem.contains("(2 times as many)") == true)
    let bare = try gunzipped(tar, name: "x")
    let counted = #expect(throws: ArchiveError.self) {
      try Archive.tar(bare, name: "x.tar", limits: ArchiveLimits(count: 1))
    }
    #expect(counted?.problem.hasPrefix("holds more than 1 files") == true)
  }

  @Test func `names in archives are told apart by bytes, links are left out`() throws {
    let both = zipped([("n/\u{E9}", [1]), ("n/e\u{301}", [2])])
    let files = try Archive.zip(both, name: "x")
    #expect(files.count == 2 && files["n/\u{E9}"] == [1] && files["n/e\u{301}"] == [2])
    let links = zipped([("n/a", Array("/etc/passwd".utf8))], mode: 0o120777)
    #expect(try Archive.zip(links, name: "x").isEmpty)
    // A header whose sum is wrong is none.
    var bare = try gunzipped(tar, name: "x")
    bare[0] ^= 1
    #expect(throws: ArchiveError.self) { try Archive.tar(bare, name: "x.tar") }
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
    for zeros in 0...3 {
      var sizes = [UInt8](repeating: 0xFF, count: 16)
      for place in 4 * zeros..<4 * zeros + 4 { sizes[place] = 0 }
      #expect(throws: ArchiveError.self) { try IDX([0, 0, 8, 4] + sizes, name: "x") }
    }
  }
}

@Suite(.serialized) struct KnownDatasetTests {
  func withFolder(_ body: (DataFolder) throws -> Void) throws {
    try withTemporaryFolder { try body(DataFolder($0.appendingPathComponent("data"))) }
  }

  func download(
    _ bytes: [UInt8], as name: String, _ unpacking: KnownDataset.Source.Unpacking,
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

  @Test func `what an archive holds is compared with what is known of it`() throws {
    try withFolder { folder in
      let unpacking = KnownDataset.Source.Unpacking.zip(["data/names/": "names/"])
      let polish = Checksum.sha256("").of("Żak\nNowak\n".utf8)
      func fetch(_ contents: [String: [Checksum]]) throws {
        let server = try LoopbackServer { _, send in
          _ = send(head("200 OK", length: zip.count)) && send(zip)
        }
        defer { server.stop() }
        try folder.download(
          [.init(RemoteFile(server.url("data.zip")), unpacking, contents: contents)],
          using: Downloader())
      }
      #expect(throws: ArchiveError.self) { try fetch(["names/Polish.txt": [.sha256("00")]]) }
      #expect(throws: ArchiveError.self) { try fetch(["names/Greek.txt": [polish]]) }
      #expect(!folder.has(.surnames))
      // Of several editions one is enough; what is not known is left out.
      try fetch(["names/Polish.txt": [.sha256("00"), polish]])
      let names = try folder.surnames()
      #expect(names.map(\.language) == ["Polish"])
      // What is there is compared, too, and left as it is.
      try fetch(["names/Polish.txt": [polish]])
      try Data("Kowalski".utf8).write(to: folder.url.appendingPathComponent("names/Polish.txt"))
      let error = #expect(throws: DownloadError.self) {
        try fetch(["names/Polish.txt": [polish]])
      }
      guard case .other? = error?.reason else {
        Issue.record("\(String(describing: error))")
        return
      }
      let kept = try folder.surnames()
      #expect(kept[0].names == ["Kowalski"])
    }
  }

  @Test func `of many that unpack at once one does, the others find it done`() throws {
    try withFolder { folder in
      let server = try LoopbackServer { _, send in
        _ = send(head("200 OK", length: zip.count)) && send(zip)
      }
      defer { server.stop() }
      let source = KnownDataset.Source(
        RemoteFile(server.url("data.zip")), .zip(["data/names/": "names/"]))
      // What a killed program left, and what somebody else put there.
      let manager = FileManager.default
      let killed = folder.url.appendingPathComponent(".downloads/unpacked-abcdef")
      try manager.createDirectory(at: killed, withIntermediateDirectories: true)
      try Data("half".utf8).write(to: killed.appendingPathComponent("Polish.txt"))
      try Data(zip[..<100]).write(to: folder.url.appendingPathComponent(".downloads/data.zip.part"))
      let failures = Mutex<[String]>([])
      DispatchQueue.concurrentPerform(iterations: 6) { _ in
        do { try folder.download([source], using: Downloader()) } catch {
          failures.withLock { $0.append("\(error)") }
        }
      }
      #expect(failures.withLock { $0 } == [])
      let names = try folder.surnames()
      #expect(server.seen.count == 1 && names.count == 2)
      let left = try manager.contentsOfDirectory(atPath: folder.url.path)
      #expect(left == ["names"])
    }
  }

  @Test func `links in the place for what is not finished are not followed`() throws {
    try withFolder { folder in
      let manager = FileManager.default
      let foreign = folder.url.appendingPathComponent("foreign")
      try manager.createDirectory(at: foreign, withIntermediateDirectories: true)
      let kept = foreign.appendingPathComponent("unpacked-abcdef/kept.txt")
      try manager.createDirectory(
        at: kept.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("kept".utf8).write(to: kept)
      try manager.createSymbolicLink(
        at: folder.url.appendingPathComponent(".downloads"), withDestinationURL: foreign)
      #expect(throws: ArchiveError.self) {
        try download(zip, as: "data.zip", .zip(["data/names/": "names/"]), into: folder)
      }
      #expect(try String(contentsOf: kept, encoding: .utf8) == "kept")
      unlink(folder.url.appendingPathComponent(".downloads").path)
      // A link in it stays, too, and so does what it leads to.
      let scratch = folder.url.appendingPathComponent(".downloads")
      try manager.createDirectory(at: scratch, withIntermediateDirectories: true)
      try manager.createSymbolicLink(
        at: scratch.appendingPathComponent("unpacked-000000"),
        withDestinationURL: kept.deletingLastPathComponent())
      try download(zip, as: "data.zip", .zip(["data/names/": "names/"]), into: folder)
      #expect(folder.has(.surnames))
      #expect(try String(contentsOf: kept, encoding: .utf8) == "kept")
    }
  }

  @Test func `lines end in LF, CR or both, and bytes that are not UTF-8 are Windows-1252`() throws {
    try withFolder { folder in
      try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
      for end in ["\n", "\r", "\r\n"] {
        let text = ["one", "two", "", "three\u{85}\u{2028}x", ""].joined(separator: end)
        try Data(text.utf8).write(to: folder.url.appendingPathComponent("timemachine.txt"))
        #expect(try folder.timeMachine() == "one\ntwo\n\nthree\u{85}\u{2028}x\n")
        let poems = ["a\tb\tc", "d\te\tf", ""].joined(separator: end)
        try Data(poems.utf8).write(to: folder.url.appendingPathComponent("tang300.txt"))
        #expect(try folder.tangPoems().map(\.text) == ["c", "f"])
      }
      // Mixed, as Python's universal newlines: "a\r\n\r\rb\n\r" has five lines.
      try Data("a\r\n\r\rb\n\r".utf8).write(
        to: folder.url.appendingPathComponent("timemachine.txt"))
      #expect(try folder.timeMachine() == "a\n\n\nb\n\n")
      try Data([0x63, 0x61, 0x66, 0xE9, 0x97, 0x80, 0x93]).write(
        to: folder.url.appendingPathComponent("timemachine.txt"))
      #expect(try folder.timeMachine() == "café—€“")
    }
  }

  @Test func `a broken archive leaves nothing and is fetched anew`() throws {
    try withFolder { folder in
      let unpacking = KnownDataset.Source.Unpacking.zip(["data/names/": "names/"])
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
      let error = #expect(throws: DatasetError.self) { try folder.timeMachine() }
      #expect(
        error?.description.hasSuffix(
          "timemachine.txt: is not there; put it into that folder, name another by UNROLL_DATA, or "
            + "download the set timemachine") == true)
      for set in KnownDataset.allCases {
        #expect(!folder.has(set) && !set.sources.isEmpty)
        #expect(set.sources.allSatisfy { $0.remote.address.host() != nil })
        // Of every file it is known what it has to be: of an archive, or of all that is in it.
        let pinned = set.sources.allSatisfy {
          $0.remote.checksum != nil || !$0.contents.isEmpty
        }
        #expect(pinned, "\(set)")
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
      let poem = #expect(throws: DatasetError.self) { try folder.tangPoems() }
      #expect(poem?.line == 3)
      try put([], "timemachine.txt")
      #expect(throws: DatasetError.self) { try folder.timeMachine() }
      let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255]
      try put(images, "mnist/train-images-idx3-ubyte.gz")
      try put([0, 0, 8, 1, 0, 0, 0, 2, 7, 8], "mnist/train-labels-idx1-ubyte.gz")
      #expect(throws: DatasetError.self) { try folder.mnist() }
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
    #expect(KnownDataset.allCases.allSatisfy { folder.has($0) })
    // What is there is what would be fetched, so that nothing is.
    for set in [KnownDataset.surnames, .timeMachine] { try folder.download(set) }
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
