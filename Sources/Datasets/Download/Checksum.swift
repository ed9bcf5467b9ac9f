import PlainText

/// A digest by which one can tell that a file is whole. MD5 and SHA-1 are what some of the data
/// sets' publishers give; against malice only SHA-256 helps.
public enum Checksum: Hashable, Sendable, CustomStringConvertible {
  /// RFC 1321, as 32 hexadecimal digits.
  case md5(String)
  /// RFC 3174, as 40 hexadecimal digits.
  case sha1(String)
  /// FIPS 180-4, as 64 hexadecimal digits.
  case sha256(String)

  public var description: String {
    switch self {
    case .md5(let digits): "MD5 \(digits)"
    case .sha1(let digits): "SHA-1 \(digits)"
    case .sha256(let digits): "SHA-256 \(digits)"
    }
  }

  /// The same kind of digest of some bytes.
  public func of(_ bytes: some Sequence<UInt8>) -> Checksum {
    var digest = RunningDigest(self)
    digest.update(bytes)
    return digest.checksum
  }
}

extension RunningDigest {
  /// A digest of the same kind as `checksum`.
  init(_ checksum: Checksum) {
    switch checksum {
    case .md5: self.init(.md5)
    case .sha1: self.init(.sha1)
    case .sha256: self.init(.sha256)
    }
  }

  /// The digest of all that has come.
  var checksum: Checksum {
    let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    return switch kind {
    case .md5: .md5(digits)
    case .sha1: .sha1(digits)
    case .sha256: .sha256(digits)
    }
  }
}
