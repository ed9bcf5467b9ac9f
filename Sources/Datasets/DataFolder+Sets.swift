import Arrays
import Foundation
import Sequences

/// Images with what they show.
public typealias LabeledImages = ArrayDataset<Indices>

/// A poem.
public struct Poem: Equatable, Sendable {
  /// As the collection has them; the text's lines are joined.
  public let title, author, text: String

  /// A poem of one's own.
  public init(title: String, author: String, text: String) {
    (self.title, self.author, self.text) = (title, author, text)
  }
}

extension DataFolder {
  /// *The Time Machine* as it was printed; `lettersOnly` makes it what is usually modeled.
  public func timeMachine() throws -> String { try text("timemachine.txt", of: .timeMachine) }

  /// PM2.5 and weather in Beijing, hour by hour from 2010 to 2014: `pm2.5` (µg/m³, with missing
  /// values), dew point `DEWP` and temperature `TEMP` (°C), pressure `PRES` (hPa), cumulated wind
  /// speed `Iws` (m/s), hours of snow `Is` and of rain `Ir`. The wind's direction, `cbwd`, is one of
  /// the words NW, NE, SE and cv (calm and variable): `categories: ["cbwd"]` reads it, too.
  public func beijingAir(
    columns: [String] = ["pm2.5", "DEWP", "TEMP", "PRES", "Iws", "Is", "Ir"],
    categories: [String] = []
  ) throws -> TimeSeries {
    try TimeSeries(
      csv: file("pollution.csv", of: .beijingAir),
      time: .parts(year: "year", month: "month", day: "day", hour: "hour"), columns: columns,
      categories: categories)
  }

  /// The part of MNIST to train on, or to test on: images `[count, 28, 28]` from 0 to 1, and the
  /// digits they show.
  public func mnist(train: Bool = true) throws -> LabeledImages {
    let part = train ? "train" : "t10k"
    func idx(_ name: String, _ dimensions: Int) throws -> IDX {
      let path = "mnist/\(part)-\(name)-idx\(dimensions)-ubyte.gz"
      let file = url.appendingPathComponent(path).path
      let array = try IDX(try gunzipped(try bytes(path, of: .mnist), name: file), name: file)
      guard array.shape.count == dimensions else {
        throw ArchiveError(
          file: file, problem: "has the shape \(array.shape), not \(dimensions) axes")
      }
      return array
    }
    let images = try idx("images", 3), labels = try idx("labels", 1)
    guard images.shape[0] == labels.shape[0] else {
      throw DatasetError(
        file: url.appendingPathComponent("mnist").path,
        problem: "\(images.shape[0]) images and \(labels.shape[0]) labels in \(part)")
    }
    return LabeledImages(
      NDArray(images.bytes.map { Float($0) / 255 }, shape: images.shape),
      Indices(labels.bytes.map { Int($0) }))
  }

  /// Surnames by language, the languages in alphabetical order.
  public func surnames() throws -> [(language: String, names: [String])] {
    let folder = try file("names", of: .surnames)
    let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    let texts = (files ?? []).filter { $0.hasSuffix(".txt") }.exactlySorted()
    guard !texts.isEmpty else {
      throw DatasetError(file: folder.path, problem: "there are no files <language>.txt in it")
    }
    return try texts.map { name in
      (String(name.dropLast(4)), try lines("names/" + name, of: .surnames).map(\.text))
    }
  }

  /// One-sentence film reviews that praise, and such that do not.
  public func sentencePolarity() throws -> (positive: [String], negative: [String]) {
    (
      try lines("movie-reviews/rt-polarity.pos", of: .sentencePolarity).map(\.text),
      try lines("movie-reviews/rt-polarity.neg", of: .sentencePolarity).map(\.text)
    )
  }

  /// Tang poems.
  public func tangPoems() throws -> [Poem] {
    try lines("tang300.txt", of: .tangPoems).map { number, line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 3 else {
        throw DatasetError(
          file: url.appendingPathComponent("tang300.txt").path, line: number,
          problem: "\(fields.count) fields, where there are to be title, author and text")
      }
      return Poem(title: fields[0], author: fields[1], text: fields[2])
    }
  }
}

/// An array of bytes in MNIST's IDX format: two zeros, 8 for bytes, the number of axes, the size of
/// each (32 bits, big-endian), the bytes.
public struct IDX {
  /// The size of each axis.
  public let shape: [Int]
  /// The numbers, 0 … 255, in row-major order.
  public let bytes: [UInt8]

  /// Takes a file's bytes apart.
  ///
  /// - Parameters:
  ///   - file: its bytes, unpacked.
  ///   - name: what the file is called in errors.
  /// - Throws: `ArchiveError` where the bytes are no such array, or not as many as the shape says.
  public init(_ file: [UInt8], name: String) throws {
    func broken(_ problem: String) -> ArchiveError { ArchiveError(file: name, problem: problem) }
    guard file.count >= 4, file[0] == 0, file[1] == 0, file[2] == 8 else {
      throw broken("is no IDX file of bytes")
    }
    let axes = Int(file[3]), start = 4 + 4 * axes
    guard file.count >= start else { throw broken("ends within its header") }
    shape = (0..<axes).map { axis in
      file[(4 + 4 * axis)..<(8 + 4 * axis)].reduce(0) { $0 << 8 | Int($1) }
    }
    // A broken header may name sizes whose product does not fit, also beside a size of 0.
    var count = 1, isTooLarge = false
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: max(size, 1))
      (count, isTooLarge) = (product, isTooLarge || overflow)
    }
    guard !isTooLarge, file.count - start == (shape.contains(0) ? 0 : count) else {
      throw broken("\(file.count - start) bytes for the shape \(shape)")
    }
    bytes = Array(file[start...])
  }
}
