@preconcurrency import Foundation

/// What an exercise's program does: waits for the arguments that `unroll check` sends, gives them to
/// the function, and sends back what it returns.
///
/// Arguments come as a line on descriptor 3, so that what the function prints is the reader's own
/// affair.
public func answer<each Input: Decodable, Output: Encodable>(
  _ function: (repeat each Input) -> Output
) {
  let environment = ProcessInfo.processInfo.environment
  guard environment["UNROLL_CHECKS"] != nil else {
    print("This program is asked by `unroll check`, which says whether it is right.")
    return
  }
  setlinebuf(stdout)
  // Should whoever asks be gone, an endless loop ends all the same.
  limit(RLIMIT_CPU, environment["UNROLL_SECONDS"])
  limit(RLIMIT_AS, environment["UNROLL_BYTES"])
  limit(RLIMIT_CORE, "0")
  limit(RLIMIT_FSIZE, "\(1 << 24)")
  let channel = FileHandle(fileDescriptor: 3)
  var pending = Data()
  while true {
    guard let end = pending.firstIndex(of: UInt8(ascii: "\n")) else {
      let more = channel.availableData
      if more.isEmpty { return }
      pending.append(more)
      continue
    }
    let line = Data(pending[..<end])
    pending = Data(pending[pending.index(after: end)...])
    let reply: Data
    do { reply = try respond(to: line, by: function) } catch {
      // The one thing that can be wrong with what is asked: the function takes something else.
      reply = Data("\"signature\"".utf8)
    }
    channel.write(reply + Data("\n".utf8))
  }
}

private func limit(_ resource: __rlimit_resource, _ most: String?) {
  guard let most = most.flatMap({ rlim_t($0) }) else { return }
  var limit = rlimit(rlim_cur: most, rlim_max: most)
  setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
}

/// What the function makes of arguments. Each of them is JSON, and so is the result, in a list of one,
/// since a number alone was long no JSON; between arguments stands a tab, which JSON has not.
public func respond<each Input: Decodable, Output: Encodable>(
  to arguments: Data, by function: (repeat each Input) -> Output
) throws -> Data {
  var rest = arguments.split(separator: UInt8(ascii: "\t"))[...]
  func next<Value: Decodable>(_: Value.Type) throws -> Value {
    guard let list: [Value] = try rest.popFirst().map(decoded), list.count == 1 else {
      throw CocoaError(.coderReadCorrupt)
    }
    return list[0]
  }
  let result = function(repeat try next((each Input).self))
  return try encoded([result])
}

/// Numbers that are none or infinite travel as words.
public func encoded(_ value: some Encodable) throws -> Data {
  let encoder = JSONEncoder()
  encoder.outputFormatting = .sortedKeys
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  return try encoder.encode(value)
}

/// What `encoded` made.
public func decoded<Value: Decodable>(_ json: Data) throws -> Value {
  let decoder = JSONDecoder()
  decoder.nonConformingFloatDecodingStrategy = .convertFromString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  return try decoder.decode(Value.self, from: json)
}
