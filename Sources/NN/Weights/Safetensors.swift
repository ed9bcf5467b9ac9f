import Foundation

/// Named arrays in a file, in the format **safetensors**, which PyTorch, JAX and others read: eight
/// bytes with the length of a header, a JSON header that names element type, shape and place of every
/// array, and the numbers, little-endian, one array after the other.
/// (huggingface.co/docs/safetensors)
public struct Safetensors {
  /// The arrays by name.
  public var arrays: StateDict
  /// Free text by name.
  public var metadata: NameTable<String>

  /// A file to be written, of these arrays.
  public init(_ arrays: StateDict, metadata: NameTable<String> = [:]) {
    (self.arrays, self.metadata) = (arrays, metadata)
  }

  /// The same from a plain dictionary.
  public init(_ arrays: [String: NDArray], metadata: NameTable<String> = [:]) {
    self.init(StateDict(arrays), metadata: metadata)
  }

  /// Reads a file. Arrays of half precision become float32, whole numbers float64.
  ///
  /// - Throws: `SafetensorsError`, which names the file and what is wrong with it.
  public init(contentsOf url: URL) throws {
    let data: Data
    do { data = try Data(contentsOf: url) } catch {
      throw SafetensorsError(file: url.path, problem: error.systemReason)
    }
    do { try self.init(data: data) } catch let problem as SafetensorsProblem {
      throw SafetensorsError(file: url.path, problem: problem.text)
    }
  }

  /// Writes a file: under another name first, which then takes the place of the old file, so that
  /// none is ever half written.
  public func write(to url: URL) throws {
    do { try data().write(to: url, options: .atomic) } catch {
      throw SafetensorsError(file: url.path, problem: error.systemReason)
    }
  }

  /// The file's bytes. Arrays stand in the order of their names, those of 8-byte numbers first, so
  /// that each is aligned.
  public func data() throws -> Data {
    let ordered = arrays.sorted {
      $0.value.dtype.byteCount == $1.value.dtype.byteCount
        ? $0.key.precedes($1.key) : $0.value.dtype.byteCount > $1.value.dtype.byteCount
    }
    var entries = NameTable<String>()
    var end = 0
    for (name, array) in ordered {
      let start = end
      end += array.count * array.dtype.byteCount
      entries[name] = Header.entry(
        dtype: array.dtype == .float32 ? "F32" : "F64", shape: array.shape, bytes: start..<end)
    }
    var header = Header.text(entries, metadata: metadata)
    header.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - header.count % 8) % 8))

    var result = Data(capacity: 8 + header.count + end)
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { result.append(contentsOf: $0) }
    result.append(header)
    for (_, array) in ordered {
      array.withUnsafeBytes { if $0.count > 0 { result.append(contentsOf: $0) } }
    }
    return result
  }
}

/// What is wrong with a safetensors file.
public struct SafetensorsError: Error, CustomStringConvertible {
  /// The file's path.
  public let file: String
  /// What is wrong, in words.
  public let problem: String
  public var description: String { "\(file): \(problem)".onOneLine }
}

extension Module {
  /// Writes all parameters as safetensors, under their paths: PyTorch's names and layout.
  public final func save(to url: URL) throws {
    try Safetensors(stateDict(), metadata: ["format": "pt"]).write(to: url)
  }

  /// Reads all parameters from a safetensors file, written here or by another library.
  ///
  /// - Throws: `SafetensorsError`, which names the file, and the parameter if one is missing, not
  ///   expected or of another shape. The module is then as it was.
  public final func load(from url: URL) throws { try load(from: url, strict: true, prefix: "") }

  /// Reads parameters from a safetensors file, all of them or (not `strict`) those that are there;
  /// `prefix` is what stands before this module's names in the file.
  ///
  ///     let result = try model.encoder.load(from: url, strict: false, prefix: "encoder.")
  ///     print(result)        // missing: …; left over: …
  ///
  /// - Throws: `SafetensorsError`, as above. The module is then as it was.
  @discardableResult
  public final func load(
    from url: URL, strict: Bool = true, prefix: String = ""
  ) throws -> LoadResult {
    let file = try Safetensors(contentsOf: url)
    do {
      return try loadStateDict(file.arrays, strict: strict, prefix: prefix)
    } catch let error as StateError {
      throw SafetensorsError(file: url.path, problem: "\(error)")
    }
  }
}
