import Foundation
import NN
import TestSupport
import Testing

/// A file put together by hand.
private func file(_ header: String, _ body: [UInt8] = [], length: UInt64? = nil) -> Data {
  var data = Data()
  withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) {
    data.append(contentsOf: $0)
  }
  data.append(contentsOf: header.utf8)
  data.append(contentsOf: body)
  return data
}

@Suite struct SafetensorsTests {
  @Test func bytesAreThoseOfTheFormat() throws {
    let arrays = ["b": NDArray([1, -2]), "a": NDArray([[0.5]], dtype: .float64)]
    let data = try Safetensors(arrays, metadata: ["format": "pt"]).data()
    let header =
      #"{"__metadata__":{"format":"pt"},"a":{"data_offsets":[0,8],"dtype":"F64","#
      + #""shape":[1,1]},"b":{"data_offsets":[8,16],"dtype":"F32","shape":[2]}}"#
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    #expect(
      data == file(padded, [0, 0, 0, 0, 0, 0, 0xe0, 0x3f, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]))
  }

  @Test func everyElementTypeIsRead() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("types.safetensors")
      func check(_ dtype: String, _ bytes: [UInt8], _ expected: [Double], _ type: DType) throws {
        let header =
          #"{"x":{"dtype":"\#(dtype)","shape":[\#(expected.count)],"#
          + #""data_offsets":[0,\#(bytes.count)]}}"#
        try file(header, bytes).write(to: url)
        let found = try Safetensors(contentsOf: url).arrays["x"]
        #expect(found == NDArray(expected, dtype: type), "\(dtype)")
      }
      try check("F64", [0, 0, 0, 0, 0, 0, 0xf0, 0x3f], [1], .float64)
      try check("F32", [0, 0, 0x20, 0xc1], [-10], .float32)
      try check(
        "F16", [0, 0x3c, 0, 0xc0, 1, 0, 0xff, 0x7b, 0, 0x7c], [1, -2, 0x1p-24, 65504, .infinity],
        .float32)
      try check("BF16", [0x80, 0x3f, 0x49, 0xc0], [1, -3.140625], .float32)
      try check("I64", [0xfe, 255, 255, 255, 255, 255, 255, 255], [-2], .float64)
      try check("I32", [0xfe, 255, 255, 255], [-2], .float64)
      try check("I16", [0xfe, 255], [-2], .float64)
      try check("I8", [0xfe], [-2], .float64)
      try check("U64", [1, 1, 0, 0, 0, 0, 0, 0], [257], .float64)
      try check("U32", [1, 1, 0, 0], [257], .float64)
      try check("U16", [1, 1], [257], .float64)
      try check("U8", [255, 3], [255, 3], .float64)
      try check("BOOL", [0, 1], [0, 1], .float64)
      let unknown = #expect(throws: SafetensorsError.self) {
        try check("Q4", [1], [1], .float32)
      }
      #expect(unknown?.problem == "x: element type Q4 is not known")
    }
  }

  @Test(arguments: [DType.float32, .float64])
  func aModelComesBackBitForBit(dtype: DType) throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("model.safetensors")
      let model = LSTM(inputSize: 3, hiddenSize: 5, numLayers: 2, bidirectional: true, dtype: dtype)
      try model.save(to: url)
      let twin = LSTM(inputSize: 3, hiddenSize: 5, numLayers: 2, bidirectional: true, dtype: dtype)
      #expect(twin.stateDict() != model.stateDict())
      try twin.load(from: url)
      #expect(twin.stateDict() == model.stateDict())
      let metadata = try Safetensors(contentsOf: url).metadata
      #expect(metadata == ["format": "pt"])
      // Nothing else is left in the folder, also after writing over it.
      try twin.save(to: url)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(names == ["model.safetensors"])
      let empty = Safetensors(["none": .zeros([0, 3]), "one": NDArray(7, dtype: dtype)])
      try empty.write(to: url)
      let read = try Safetensors(contentsOf: url)
      #expect(read.arrays == empty.arrays)
    }
  }

  /// A damaged file is an error that names it, and leaves the model as it was.
  @Test func whereverAFileEndsTooSoonItIsAnError() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("short.safetensors")
      let model = Linear(2, 3)
      try model.save(to: url)
      let whole = try Data(contentsOf: url), before = model.stateDict()
      for count in 0..<whole.count {
        try whole.prefix(count).write(to: url)
        let error = #expect(throws: SafetensorsError.self) { try model.load(from: url) }
        #expect(error?.file == url.path && "\(error!)".hasPrefix(url.path + ": "))
      }
      try (whole + [0]).write(to: url)
      let error = #expect(throws: SafetensorsError.self) { try model.load(from: url) }
      #expect(error?.problem == "1 bytes after the last array")
      #expect(model.stateDict() == before)
    }
  }

  @Test(arguments: ["[0, 4294967295, 4294967295]", "[4294967295, 4294967295, 0]"])
  func anArrayWithoutNumbersMayHaveAnyShape(shape: String) throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("empty.safetensors")
      try file(#"{"x":{"dtype":"F32","shape":\#(shape),"data_offsets":[0,0]}}"#).write(to: url)
      let array = try #require(try Safetensors(contentsOf: url).arrays["x"])
      #expect("\(array.shape)" == shape && "\(array)" == "[]")
    }
  }

  @Test func aHeaderThatLiesIsFoundOut() throws {
    func entry(_ shape: String, _ from: Int, _ to: Int, dtype: String = "F32") -> String {
      #"{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":[\#(from),\#(to)]}"#
    }
    let eight = [UInt8](repeating: 0, count: 8)
    let lies: [(Data, String)] = [
      (file("{}", length: .max), "a header of 18446744073709551615 bytes"),
      (file("{}", length: 3), "a header of 3 bytes, but the file has only 2 more"),
      (file("[1]"), "the header is no safetensors header"),
      (file("{"), "the header is no safetensors header"),
      (file(#"{"x":{"dtype":"F32"}}"#), "no safetensors header (x"),
      (
        file(#"{"x":\#(entry("[3]", 0, 8))}"#, eight),
        "x: shape [3] of F32 takes 12 bytes, the header says 8"
      ),
      (
        file(#"{"x":\#(entry("[2]", 0, 12))}"#, eight + [0, 0, 0, 0]), "takes 8 bytes"
      ),
      (
        file(#"{"x":\#(entry("[4611686018427387904, 4]", 0, 0))}"#), "takes too many bytes"
      ),
      (
        file(#"{"x":\#(entry("[4294967296, 4294967296]", 0, 0))}"#),
        "shape [4294967296, 4294967296] of F32 takes too many bytes"
      ),
      (file(#"{"x":\#(entry("[18446744073709551616]", 0, 0))}"#), "is no safetensors header"),
      (file(#"{"x":\#(entry("[-2]", 0, 8))}"#, eight), "shape [-2] has a negative size"),
      (
        file(#"{"x":\#(entry("[4]", 0, 16))}"#, eight),
        "x: bytes 0 to 16, but the file has only 8"
      ),
      (
        file(#"{"x":\#(entry("[1]", 4, 8))}"#, eight),
        "x: bytes 4 to 8, but the array before ends at 0"
      ),
      (
        file(#"{"x":\#(entry("[2]", 0, 8)),"y":\#(entry("[1]", 4, 8))}"#, eight),
        "y: bytes 4 to 8, but the array before ends at 8"
      ),
      (file(#"{"x":\#(entry("[1]", 0, 4))}"#, eight), "4 bytes after the last array"),
      (file(#"{"x":\#(entry("[1]", 8, 4))}"#, eight), "x: bytes 8 to 4"),
    ]
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("lie.safetensors")
      for (data, words) in lies {
        try data.write(to: url)
        let error = #expect(throws: SafetensorsError.self) { try Safetensors(contentsOf: url) }
        #expect(error?.problem.contains(words) == true, "\(error!), expected \(words)")
      }
    }
  }

  @Test func whatDoesNotFitTheModelNamesFilePathAndBothShapes() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("other.safetensors")
      try Sequential(Linear(2, 4)).save(to: url)
      let model = Sequential(Linear(2, 3))
      let before = model.stateDict()
      let error = #expect(throws: SafetensorsError.self) { try model.load(from: url) }
      #expect(
        "\(error!)" == "\(url.path): 0.weight is [4, 2], expected [3, 2]"
          || "\(error!)" == "\(url.path): 0.bias is [4], expected [3]")
      #expect(model.stateDict() == before)
      let missing = #expect(throws: SafetensorsError.self) {
        try Linear(1, 1).load(from: folder.appendingPathComponent("none.safetensors"))
      }
      #expect(missing?.file.hasSuffix("none.safetensors") == true)
      #expect(throws: SafetensorsError.self) {
        try model.save(to: folder.appendingPathComponent("no/such/folder.safetensors"))
      }
    }
  }

  /// Python tells these names apart: é in one scalar and in two, a Hangul syllable and its letters.
  @Test func namesThatOnlyBytesTellApart() throws {
    let names = ["\u{E9}", "e\u{301}", "\u{D55C}", "\u{1112}\u{1161}\u{11AB}"]
    let entries = names.enumerated().map { number, name in
      #""\#(name)":{"dtype":"F32","shape":[1],"data_offsets":[\#(4 * number),\#(4 * number + 4)]}"#
    }
    let header =
      "{\"__metadata__\":{\"\u{E9}\":\"one\",\"e\u{301}\":\"two\"},\(entries.joined(separator: ","))}"
    let body = (0..<4).flatMap { number in
      withUnsafeBytes(of: Float(number).bitPattern.littleEndian) { Array($0) }
    }
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("names.safetensors")
      try file(header, body).write(to: url)
      let read = try Safetensors(contentsOf: url)
      #expect(read.arrays.count == 4)
      for (number, name) in names.enumerated() {
        #expect(read.arrays[name] == NDArray([Float(number)]))
      }
      #expect(read.metadata["\u{E9}"] == "one" && read.metadata["e\u{301}"] == "two")
      // And written they are four again.
      try read.write(to: url)
      let again = try Safetensors(contentsOf: url)
      #expect(again.arrays == read.arrays && again.metadata == read.metadata)
      // A model with one of them does not take the other.
      let model = Linear(1, 1, bias: false)
      #expect(throws: StateError.unexpected(["weigh\u{301}t"])) {
        try model.loadStateDict(["weight": .zeros([1, 1]), "weigh\u{301}t": .zeros([1, 1])])
      }
      // One name twice is refused.
      let twice =
        #"{"x":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"#
        + #""x":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#
      try file(twice).write(to: url)
      let error = #expect(throws: SafetensorsError.self) { try Safetensors(contentsOf: url) }
      #expect(error?.problem.contains("\"x\" comes twice") == true)
    }
  }

  @Test(arguments: [
    "[1,4611686018427387904,4]", "[9223372036854775808]", "[1e300]", "[1.5]", "[null]", "[[1]]",
  ])
  func sizesThatFitNoArrayAreRefused(shape: String) throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("sizes.safetensors")
      try file(#"{"x":{"dtype":"F32","shape":\#(shape),"data_offsets":[0,0]}}"#).write(to: url)
      #expect(throws: SafetensorsError.self) { try Safetensors(contentsOf: url) }
    }
  }
}
