import Foundation

/// Turns text of one encoding into another (iconv).
final class Transcoder {
  enum End { case inputUsed, outputFull, inputCut, wrong }
  private let handle: iconv_t

  /// Nil if an encoding is not known. Names are those of iconv, and those that Python has besides.
  init?(from source: String, to target: String) {
    // Nothing at all would be the encoding of the C locale, and slashes ask for a transliteration.
    guard !source.isEmpty, !target.isEmpty, !(source + target).contains("/"),
      let handle = iconv_open(Self.name(target), Self.name(source)),
      handle != iconv_t(bitPattern: -1)
    else { return nil }
    self.handle = handle
  }

  deinit { iconv_close(handle) }

  /// Converts from one memory into another; both are moved past what is done.
  func convert(
    _ input: inout UnsafeMutableBufferPointer<UInt8>,
    into output: inout UnsafeMutableBufferPointer<UInt8>
  ) -> End {
    var from = UnsafeMutableRawPointer(input.baseAddress)?.assumingMemoryBound(to: CChar.self)
    var to = UnsafeMutableRawPointer(output.baseAddress)?.assumingMemoryBound(to: CChar.self)
    var left = input.count, room = output.count
    let failed = iconv(handle, &from, &left, &to, &room) == Int(bitPattern: UInt.max)
    let reason = errno
    input = UnsafeMutableBufferPointer(rebasing: input[(input.count - left)...])
    output = UnsafeMutableBufferPointer(rebasing: output[(output.count - room)...])
    guard failed else { return .inputUsed }
    return reason == E2BIG ? .outputFull : reason == EINVAL ? .inputCut : .wrong
  }

  static func isUTF8(_ encoding: String) -> Bool {
    ["UTF-8", "UTF8"].contains(name(encoding).uppercased())
  }

  private static func name(_ encoding: String) -> String {
    let name = encoding.lowercased().replacingOccurrences(of: "_", with: "-")
    switch name {
    case "latin-1": return "ISO-8859-1"
    case "utf-8-sig", "u8": return "UTF-8"
    case "utf-16-le", "utf16le": return "UTF-16LE"
    case "utf-16-be", "utf16be": return "UTF-16BE"
    default: return name
    }
  }
}

/// The encoding that text which is no UTF-8 most likely has, told by its bytes from 0x80 on: they
/// stand alone in Western Europe's words; elsewhere in runs, which in China are pairs.
func likelyEncoding(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
  var alone = 0, inRuns = 0, run = 0, belowLetters = 0
  for byte in bytes {
    if byte >= 0x80 {
      run += 1
      // Windows-1251 has its letters from 0xC0 on, but for ё and Ё.
      if byte < 0xC0, byte != 0xB8, byte != 0xA8 { belowLetters += 1 }
    } else {
      if run == 1 { alone += 1 } else { inRuns += run }
      run = 0
    }
  }
  if run == 1 { alone += 1 } else { inRuns += run }
  guard alone + inRuns > 0 else { return nil }
  if alone >= inRuns { return decodes(bytes, "WINDOWS-1252") ? "windows-1252" : "latin-1" }
  if 10 * belowLetters > inRuns {
    if decodes(bytes, "GBK") { return "gbk" }
    if decodes(bytes, "GB18030") { return "gb18030" }
  }
  return decodes(bytes, "WINDOWS-1251") ? "windows-1251" : nil
}

/// Whether bytes are text of an encoding; the last character may be cut.
private func decodes(_ bytes: UnsafeBufferPointer<UInt8>, _ encoding: String) -> Bool {
  guard let transcoder = Transcoder(from: encoding, to: "UTF-8") else { return false }
  var output = [UInt8](repeating: 0, count: 1 << 12)
  var input = UnsafeMutableBufferPointer(mutating: bytes)
  while true {
    let end = output.withUnsafeMutableBufferPointer { room in
      var room = room
      return transcoder.convert(&input, into: &room)
    }
    if end != .outputFull { return end != .wrong }
  }
}

/// UTF-16 without a mark, told by the zeros that most of its characters have at the same side.
func unmarkedUTF16(_ bytes: [UInt8]) -> String? {
  var zeros = [0, 0]
  let count = min(bytes.count, 512)
  for place in 0..<count where bytes[place] == 0 { zeros[place % 2] += 1 }
  guard zeros.max()! >= max(4, count / 5), zeros.min()! == 0 else { return nil }
  return zeros[1] > 0 ? "utf-16le" : "utf-16be"
}

/// The first place from which on bytes are no UTF-8, or else how far they are. A character cut off
/// by the bytes' end is left for when more are there, unless there are none.
func checkUTF8(
  _ bytes: UnsafePointer<UInt8>, from start: Int, to count: Int, isEnd: Bool
) -> (checked: Int, isWrong: Bool) {
  var i = start
  while i < count {
    if i + 32 <= count {
      let word = UnsafeRawPointer(bytes + i).loadUnaligned(as: SIMD4<UInt64>.self)
      if word & 0x8080_8080_8080_8080 == .zero {
        i += 32
        continue
      }
    }
    let first = bytes[i]
    if first < 0x80 {
      i += 1
      continue
    }
    let length: Int, low: UInt8, high: UInt8
    switch first {
    case 0xC2...0xDF: (length, low, high) = (2, 0x80, 0xBF)
    case 0xE0: (length, low, high) = (3, 0xA0, 0xBF)
    case 0xED: (length, low, high) = (3, 0x80, 0x9F)
    case 0xE1...0xEF: (length, low, high) = (3, 0x80, 0xBF)
    case 0xF0: (length, low, high) = (4, 0x90, 0xBF)
    case 0xF1...0xF3: (length, low, high) = (4, 0x80, 0xBF)
    case 0xF4: (length, low, high) = (4, 0x80, 0x8F)
    default: return (i, true)
    }
    let end = min(i + length, count)
    if end > i + 1, bytes[i + 1] < low || bytes[i + 1] > high { return (i, true) }
    for k in i + 1..<max(end, i + 2) where k >= i + 2 && bytes[k] & 0xC0 != 0x80 {
      return (i, true)
    }
    if end < i + length { return (i, isEnd) }
    i += length
  }
  return (min(i, count), false)
}
