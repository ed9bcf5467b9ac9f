import Foundation
import NN
import Datasets
import Sequences

extension Reader {
  /// Readers of data: tables, archives, images, weights, text.
  static let data: [Reader] = [csv, stamps, idx, gzip, zip, tar, safetensors, text]

  static let csv = Reader(
    "csv",
    seeds: {
      [
        "time,a,b\n2010-01-02,1,2.5\n2010-01-03,,-3e5\n",
        "time;word;x\r\n2.1.2010 05:00;\"north;east\";1,5\r\n3.1.2010 06:00;\"a \"\"b\"\"\";2\r\n",
        "# of 2020\ntime,a\n1e9,1\n1000000060,NA\n",
        "year,month,day,x\n2010,1,2,3\n",
      ].map { Array($0.utf8) }
    },
    read: { bytes in
      let input = try file(bytes, "table.csv")
      for time in [.column("time"), .parts(year: "year", month: "month", day: "day")] as [CSVTime] {
        for delimiter in [",", ";"] as [Character] {
          let format = CSVFormat(sep: delimiter)
          guard
            let series = try? TimeSeries(
              csv: input, time: time, categories: ["word"], format: format,
              order: .sorted(keeping: .last))
          else { continue }
          // What was read is written so that it is read again.
          let again = try TimeSeries(
            csvText: series.csv(format: format), time: .column("time"),
            categories: series.names.filter { series.categories[$0] != nil }, format: format,
            order: .sorted(keeping: .last))
          if again.times.count != series.times.count { broken("csv: other rows after writing") }
        }
      }
      _ = try TimeSeries(csv: input, time: .column("time"))
    })

  static let stamps = Reader(
    "stamps",
    seeds: {
      [
        "2010-01-02T05:00:30.25Z", "2.1.2010 05:00", "1/2/2010 5:00", "1262408400", "1e300",
        "2010-01-02 05:00+08:00", "02/01/10",
      ].map { Array($0.utf8) }
    },
    read: { bytes in
      let field = String(decoding: bytes, as: UTF8.self).replacingOccurrences(
        of: "\"", with: "\"\"")
      for format in [.iso8601, .dayFirst, .monthFirst, .seconds, .milliseconds] as [TimeFormat] {
        let series = try? TimeSeries(
          csvText: "time,x\n\"\(field)\",1\n", time: .column("time", format))
        if let series { _ = series.csv() }
      }
      _ = try TimeSeries(csvText: "time,x\n\"\(field)\",1\n", time: .column("time"))
    })

  static let idx = Reader(
    "idx",
    seeds: {
      [
        [0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9],
        [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4],
        [0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255],
      ]
    },
    read: { bytes in
      let array = try IDX(bytes, name: "images")
      _ = NDArray(array.bytes.map(Float.init), shape: array.shape)
    })

  static let gzip = Reader(
    "gzip",
    seeds: { [decoded(packedLine), decoded(packedTar), Array("plain".utf8)] },
    read: { bytes in _ = try gunzipped(bytes, name: "packed.gz", longest: 1 << 22) })

  static let zip = Reader(
    "zip", seeds: { [decoded(packedZip)] },
    read: { bytes in _ = try Archive.zip(bytes, name: "data.zip") })

  static let tar = Reader(
    "tar",
    seeds: { [decoded(packedTar), Array(try gunzipped(decoded(packedTar), name: "seed"))] },
    read: { bytes in _ = try Archive.tar(bytes, name: "data.tar.gz") })

  static let safetensors = Reader(
    "safetensors",
    seeds: {
      let arrays: StateDict = [
        "weight_ih_l0": .ones([4, 3]), "bias": NDArray([1, 2], dtype: .float64),
        "empty": .zeros([0, 5]),
      ]
      return [
        Array(try Safetensors(arrays, metadata: ["format": "pt"]).data()),
        withLength(#"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#),
        withLength(#"{"é":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}"#) + [0, 1],
      ]
    },
    read: { bytes in
      let contents = try Safetensors(contentsOf: try file(bytes, "weights.safetensors"))
      let copy = try file(Array(try contents.data()), "copy.safetensors")
      if try Safetensors(contentsOf: copy).arrays.count != contents.arrays.count {
        broken("safetensors: other arrays after writing")
      }
      for (_, array) in contents.arrays { _ = "\(array)" }
    })

  static let text = Reader(
    "text",
    seeds: {
      ["The cat sat; the mat, too.\r\nIt’s “done”…", "<unk> e\u{301} \u{E9} 漢字 👩‍👩‍👧", "a\u{0}b\rc"]
        .map { Array($0.utf8) }
    },
    read: { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      _ = lettersOnly(text)
      for tokenizer in [CharacterTokenizer(), WordTokenizer()] as [any Tokenizer] {
        let tokens = tokenizer.tokens(of: text)
        let vocabulary = Vocabulary(counting: tokens)
        let numbers = vocabulary.encode(tokens)
        if vocabulary.decode(numbers).count != tokens.count { broken("text: other tokens") }
        _ = tokenizer.text(of: tokens)
      }
    })
}

/// A safetensors file of this header alone.
private func withLength(_ header: String) -> [UInt8] {
  (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) } + Array(header.utf8)
}
