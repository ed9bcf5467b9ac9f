import Foundation

/// The JSON header: an entry for each array, and `__metadata__`.
struct Header {
  struct Entry {
    let dtype: String
    let shape: [Int]
    /// First byte and the byte after the last, counted from the end of the header.
    let data_offsets: [Int]
  }

  static let metadataName = "__metadata__"

  private(set) var entries = NameTable<Entry>()
  private(set) var metadata = NameTable<String>()

  /// Throws `JSON.Failure` or `SafetensorsProblem`.
  init(_ text: Data) throws {
    func wrong(_ name: String, _ problem: String) -> SafetensorsProblem {
      SafetensorsProblem(text: "\(name): \(problem)")
    }
    func members(_ value: JSON, of name: String) throws -> NameTable<JSON> {
      guard case .object(let members) = value else { throw wrong(name, "is no object") }
      var table = NameTable<JSON>()
      for (member, value) in members where table.updateValue(value, forKey: member) != nil {
        throw wrong(name, "\(member.debugDescription) comes twice")
      }
      return table
    }
    func numbers(_ value: JSON?, _ member: String, of name: String) throws -> [Int] {
      guard case .array(let elements)? = value else { throw wrong(name, "\(member) is no list") }
      return try elements.map {
        guard let number = $0.int else { throw wrong(name, "\(member) has no whole numbers") }
        return number
      }
    }
    for (name, value) in try members(try JSON(text), of: "the header") {
      let fields = try members(value, of: name)
      if name.isExactly(Self.metadataName) {
        metadata = try fields.mapValues {
          guard let text = $0.string else { throw wrong(name, "has other things than text") }
          return text
        }
        continue
      }
      guard let dtype = fields["dtype"]?.string else { throw wrong(name, "dtype is no text") }
      entries[name] = Entry(
        dtype: dtype, shape: try numbers(fields["shape"], "shape", of: name),
        data_offsets: try numbers(fields["data_offsets"], "data_offsets", of: name))
    }
  }

  static func entry(dtype: String, shape: [Int], bytes: Range<Int>) -> String {
    let sizes = shape.map(String.init).joined(separator: ",")
    return #"{"data_offsets":[\#(bytes.lowerBound),\#(bytes.upperBound)],"dtype":"\#(dtype)","#
      + #""shape":[\#(sizes)]}"#
  }

  /// The header of entries that are text already.
  static func text(_ entries: NameTable<String>, metadata: NameTable<String>) -> Data {
    func object(_ members: NameTable<String>) -> String {
      let sorted = members.sorted { $0.key.precedes($1.key) }
      return "{" + sorted.map { "\(JSON.quoted($0.key)):\($0.value)" }.joined(separator: ",") + "}"
    }
    var members = entries
    if !metadata.isEmpty {
      members[metadataName] = object(metadata.mapValues(JSON.quoted))
    }
    return Data(object(members).utf8)
  }
}

/// What is wrong, before the file's name is known.
struct SafetensorsProblem: Error {
  let text: String
}

extension Safetensors {
  /// Reads a file's bytes. Nothing the header says is believed before it is checked against the
  /// number of bytes that are there.
  init(data: Data) throws {
    func fail(_ text: String) -> SafetensorsProblem { SafetensorsProblem(text: text) }
    let data = Data(data)  // indices from 0
    guard data.count >= 8 else {
      throw fail("\(data.count) bytes, too few for a safetensors file")
    }
    let length = data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(data.count - 8) else {
      throw fail("a header of \(length) bytes, but the file has only \(data.count - 8) more")
    }
    let start = 8 + Int(length)
    let header: Header
    do {
      header = try Header(data[8..<start])
    } catch let problem as SafetensorsProblem {
      throw fail("the header is no safetensors header (\(problem.text))")
    } catch {
      throw fail("the header is no safetensors header (\(error))")
    }

    // The arrays must fill the rest of the file, without gaps and without sharing bytes.
    var arrays: StateDict = [:]
    var end = 0
    let entries = header.entries.sorted {
      $0.value.data_offsets.lexicographicallyPrecedes($1.value.data_offsets)
    }
    for (name, entry) in entries {
      guard entry.data_offsets.count == 2 else {
        throw fail("\(name): data_offsets \(entry.data_offsets) are not two numbers")
      }
      guard let width = Safetensors.widths[entry.dtype] else {
        throw fail("\(name): element type \(entry.dtype) is not known")
      }
      guard !entry.shape.contains(where: { $0 < 0 }) else {
        throw fail("\(name): shape \(entry.shape) has a negative size")
      }
      let bytes = entry.shape.checkedProduct.map { $0 * width }
      let (first, last) = (entry.data_offsets[0], entry.data_offsets[1])
      guard first == end, last >= first else {
        throw fail("\(name): bytes \(first) to \(last), but the array before ends at \(end)")
      }
      guard last - first == bytes else {
        throw fail(
          "\(name): shape \(entry.shape) of \(entry.dtype) takes "
            + "\(bytes.map(String.init) ?? "too many") bytes, the header says \(last - first)")
      }
      guard last <= data.count - start else {
        throw fail(
          "\(name): bytes \(first) to \(last), but the file has only \(data.count - start)")
      }
      arrays[name] = Safetensors.array(
        data.subdata(in: start + first..<start + last), entry.dtype, entry.shape)
      end = last
    }
    guard end == data.count - start else {
      throw fail("\(data.count - start - end) bytes after the last array")
    }
    self.init(arrays, metadata: header.metadata)
  }

  /// Bytes of one number, by the format's names of the element types.
  private static let widths = [
    "F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U64": 8,
    "U32": 4, "U16": 2, "U8": 1, "BOOL": 1,
  ]

  private static func array(_ bytes: Data, _ dtype: String, _ shape: [Int]) -> NDArray {
    func numbers<T, S: BinaryFloatingPoint>(_: T.Type, _ convert: (T) -> S) -> [S] {
      bytes.withUnsafeBytes { buffer in
        stride(from: 0, to: buffer.count, by: MemoryLayout<T>.size).map {
          convert(buffer.loadUnaligned(fromByteOffset: $0, as: T.self))
        }
      }
    }
    func whole<T: FixedWidthInteger>(_: T.Type) -> NDArray {
      NDArray(numbers(T.self) { Double(T(littleEndian: $0)) }, shape: shape, dtype: .float64)
    }
    func single(_ convert: (UInt16) -> Float) -> NDArray {
      NDArray(numbers(UInt16.self) { convert(UInt16(littleEndian: $0)) }, shape: shape)
    }
    switch dtype {
    case "F64":
      return NDArray(
        numbers(UInt64.self) { Double(bitPattern: UInt64(littleEndian: $0)) }, shape: shape,
        dtype: .float64)
    case "F32":
      return NDArray(
        numbers(UInt32.self) { Float(bitPattern: UInt32(littleEndian: $0)) }, shape: shape)
    case "F16": return single(half)
    case "BF16": return single { Float(bitPattern: UInt32($0) << 16) }
    case "I64": return whole(Int64.self)
    case "I32": return whole(Int32.self)
    case "I16": return whole(Int16.self)
    case "I8": return whole(Int8.self)
    case "U64": return whole(UInt64.self)
    case "U32": return whole(UInt32.self)
    case "U16": return whole(UInt16.self)
    default: return whole(UInt8.self)
    }
  }

  /// A half-precision number (IEEE 754 binary16): 1 bit of sign, 5 of exponent, 10 of fraction.
  private static func half(_ bits: UInt16) -> Float {
    let sign: Float = bits >> 15 == 1 ? -1 : 1
    let exponent = Int(bits >> 10 & 31), fraction = Float(bits & 1023)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default:
      return sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
    }
  }
}
